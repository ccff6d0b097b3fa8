/* number_internal: parts of numbers, shared by amounts, sizes and durations. */
#ifndef BASE_NUMBER_INTERNAL_H
#define BASE_NUMBER_INTERNAL_H

#include <stdbool.h>
#include "base/amount.h"
#include "base/number.h"

/* A suffix and its value. */
struct unit {
	char name[3];
	uint64_t value;
};

/* A number with up to four decimals: `part` counts ten-thousandths. */
struct decimal {
	uint64_t whole, part;
};

bool number_is_digit(char c);
/* They take a number off the front of the text, at least one digit. */
bool number_take(const char **text, uint64_t *value);
bool number_take_decimal(const char **text, struct decimal *number);
/* number * unit, and the remainder in ten-thousandths. unit is at most 2^50. */
bool number_scale(const struct decimal *number, uint64_t unit, uint64_t *value, uint64_t *left);

/* They return the end of the text. */
char *number_put_text(char *to, const char *text);
char *number_put(char *to, uint64_t value);
/* ".5" for 5000 of 10000, nothing for 0. */
char *number_put_part(char *to, uint64_t part, uint64_t one);

#endif
