/* number_internal: the parts of numbers, for files of this room: of amounts, sizes and durations. */
#ifndef BASE_NUMBER_INTERNAL_H
#define BASE_NUMBER_INTERNAL_H

#include <stdbool.h>
#include "base/amount.h"
#include "base/number.h"

/* A suffix and what it stands for. */
struct unit {
	char name[3];
	uint64_t value;
};

/* A number with up to four decimals: `part` counts ten-thousandths. */
struct decimal {
	uint64_t whole, part;
};

bool number_is_digit(char c);
/* Take what is in front off the text, at least one digit. */
bool number_take(const char **text, uint64_t *value);
bool number_take_decimal(const char **text, struct decimal *number);
/* number * unit, and what is left over in ten-thousandths. unit is at most 2^50. */
bool number_scale(const struct decimal *number, uint64_t unit, uint64_t *value, uint64_t *left);

/* They return where the text ends. */
char *number_put_text(char *to, const char *text);
char *number_put(char *to, uint64_t value);
/* ".5" for 5000 of 10000, nothing for 0. */
char *number_put_part(char *to, uint64_t part, uint64_t one);

#endif
