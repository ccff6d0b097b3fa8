/*
 * number: numbers as people write them. Parsers take the whole text or fail with ERR_USAGE and a
 * text like "invalid duration '5x'" (value set). Formatters write at most NUMBER_SIZE bytes, NUL
 * included, and return `to`.
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdint.h>

struct err;

#define NUMBER_SIZE 40
#define AMOUNT_ONE 10000	/* amounts are fixed point: 1/10000 */
#define AMOUNT_MAX (1ULL << 50) /* of one amount, scaled, or bytes; more is refused */
/* of a duration in ms, so that adding it to a time cannot overflow; more is refused */
#define DURATION_MAX (1ULL << 53)

int number_u64(const char *text, uint64_t *value, struct err *e);
int number_i64(const char *text, int64_t *value, struct err *e);

/* "2", "0.5", "0.0001": scaled by AMOUNT_ONE, at most four decimals. */
int amount_parse(const char *text, uint64_t *scaled, struct err *e);
char *amount_format(char *to, uint64_t scaled); /* "0.5", "2" */

/*
 * "512M" (10^6), "8Gi" (2^30), "1024": bytes; K M G T P and Ki Mi Gi Ti Pi, an optional final B.
 * "1.5Gi" too, to the nearest byte.
 */
int size_parse(const char *text, uint64_t *bytes, struct err *e);
/* "64Gi", "1.5Gi", "1000": in the largest unit, exact or to one decimal ("1.0Gi" is not exact) */
char *size_format(char *to, uint64_t bytes);

/*
 * "90s", "1.5s", "250ms", "5m", "2h", "7d", "1h30m", "0": milliseconds, units descending, each
 * once. A bare number other than 0 is refused.
 */
int duration_parse(const char *text, uint64_t *ms, struct err *e);
/* "31s", "1.5s", "5m", "2h10m", "7d": exact, and what duration_parse reads */
char *duration_format(char *to, uint64_t ms);
/* for people, cut off after the two largest units: "3m12s", "5d3h", "12s", "250ms" */
char *duration_short(char *to, uint64_t ms);

#endif
