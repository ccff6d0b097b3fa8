/* duration: lengths of time, in milliseconds. Conventions of base/number.h. */
#ifndef BASE_DURATION_H
#define BASE_DURATION_H

#include <stdint.h>
#include "base/number.h"

/* Adding it to a time cannot overflow; larger values are refused. */
#define DURATION_MAX (1ULL << 53)
#define DURATION_NEVER UINT64_MAX

/*
 * "90s", "1.5s", "250ms", "5m", "2h", "7d", "1h30m", "0": milliseconds, units descending, each
 * once. A bare number other than 0 is refused.
 */
int duration_parse(const char *text, uint64_t *ms, struct err *e);
/* The same, or "never": DURATION_NEVER. */
int duration_parse_never(const char *text, uint64_t *ms, struct err *e);
/* "31s", "1.5s", "5m", "2h10m", "7d": exact; duration_parse reads it back */
char *duration_format(char *to, uint64_t ms);
/* for display, truncated to the two largest units: "3m12s", "5d3h", "12s", "250ms" */
char *duration_short(char *to, uint64_t ms);

#endif
