/* amount: quantities of a resource, in fixed point. Conventions of base/number.h. */
#ifndef BASE_AMOUNT_H
#define BASE_AMOUNT_H

#include <stdint.h>
#include "base/number.h"

#define AMOUNT_ONE 10000	/* 1/10000 */
#define AMOUNT_MAX (1ULL << 50) /* scaled, or bytes; larger values are refused */

/* "2", "0.5", "0.0001": scaled by AMOUNT_ONE, at most four decimals. */
int amount_parse(const char *text, uint64_t *scaled, struct err *e);
char *amount_format(char *to, uint64_t scaled); /* "0.5", "2" */

#endif
