/* size: bytes. Conventions of base/number.h. */
#ifndef BASE_SIZE_H
#define BASE_SIZE_H

#include <stdint.h>
#include "base/number.h"

/*
 * "512M" (10^6), "8Gi" (2^30), "1024": bytes; K M G T P and Ki Mi Gi Ti Pi, an optional final B.
 * "1.5Gi" too, to the nearest byte.
 */
int size_parse(const char *text, uint64_t *bytes, struct err *e);
/* "64Gi", "1.5Gi", "1000": in the largest unit, exact or to one decimal ("1.0Gi" is not exact) */
char *size_format(char *to, uint64_t bytes);

#endif
