#include "base/number.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/err.h"

#define SECOND 1000ULL
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define DECIMALS 4

/* A suffix and what it stands for, largest first; the last row stands for 0. */
struct unit {
	char name[3];
	uint64_t value;
};

static const struct unit duration_units[] = {
    {"d", DAY}, {"h", HOUR}, {"m", MINUTE}, {"s", SECOND}, {"ms", 1}, {"", 0}};

static const struct unit binary_units[] = {{"Pi", 1ULL << 50}, {"Ti", 1ULL << 40},
    {"Gi", 1ULL << 30}, {"Mi", 1ULL << 20}, {"Ki", 1ULL << 10}, {"", 1}, {"", 0}};

static const struct unit decimal_units[] = {{"P", 1000000000000000}, {"T", 1000000000000},
    {"G", 1000000000}, {"M", 1000000}, {"K", 1000}, {"", 0}};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Takes the digits in front, at least one. */
static bool
take_u64(const char **text, uint64_t *value)
{
	const char *at = *text;
	uint64_t sum = 0;

	if (!is_digit(*at))
		return false;
	for (; is_digit(*at); at++) {
		if (__builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(sum, (uint64_t)(*at - '0'), &sum))
			return false;
	}
	*text = at;
	*value = sum;
	return true;
}

/* A number with up to four decimals: `part` counts ten-thousandths. */
struct decimal {
	uint64_t whole, part;
};

static bool
take_decimal(const char **text, struct decimal *number)
{
	uint64_t scale = AMOUNT_ONE;
	const char *at;

	number->part = 0;
	if (!take_u64(text, &number->whole))
		return false;
	if (**text != '.')
		return true;
	for (at = *text + 1; is_digit(*at); at++) {
		if (scale == 1)
			return false;
		scale /= 10;
		number->part += scale * (uint64_t)(*at - '0');
	}
	if (scale == AMOUNT_ONE)
		return false;
	*text = at;
	return true;
}

/* number * unit, and what is left over in ten-thousandths. unit is at most 2^50. */
static bool
scale_up(const struct decimal *number, uint64_t unit, uint64_t *value, uint64_t *left)
{
	uint64_t part = number->part * unit;

	*left = part % AMOUNT_ONE;
	return !__builtin_mul_overflow(number->whole, unit, value) &&
	       !__builtin_add_overflow(*value, part / AMOUNT_ONE, value);
}

int
number_u64(const char *text, uint64_t *value, struct err *e)
{
	const char *at = text;
	uint64_t got;

	if (!take_u64(&at, &got) || *at)
		return err_value(e, ERR_USAGE, text, "invalid number '%s'", text);
	*value = got;
	return 0;
}

int
number_i64(const char *text, int64_t *value, struct err *e)
{
	bool negative = *text == '-';
	const char *at = negative ? text + 1 : text;
	uint64_t got;

	if (!take_u64(&at, &got) || *at || got > (uint64_t)INT64_MAX + negative)
		return err_value(e, ERR_USAGE, text, "invalid number '%s'", text);
	*value = negative ? (int64_t)(0 - got) : (int64_t)got;
	return 0;
}

int
amount_parse(const char *text, uint64_t *scaled, struct err *e)
{
	const char *at = text;
	struct decimal number;
	uint64_t got, left;

	if (!take_decimal(&at, &number) || *at || !scale_up(&number, AMOUNT_ONE, &got, &left) ||
	    got > AMOUNT_MAX)
		return err_value(e, ERR_USAGE, text, "invalid amount '%s'", text);
	*scaled = got;
	return 0;
}

static char *
put_text(char *to, const char *text)
{
	size_t n = strlen(text);

	memcpy(to, text, n + 1);
	return to + n;
}

static char *
put_u64(char *to, uint64_t value)
{
	char digits[21], *at = digits + sizeof digits - 1;

	*at = '\0';
	do {
		*--at = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	return put_text(to, at);
}

/* ".5" for 5000 of 10000, nothing for 0. */
static char *
put_part(char *to, uint64_t part, uint64_t one)
{
	if (part)
		*to++ = '.';
	while (part) {
		one /= 10;
		*to++ = (char)('0' + part / one);
		part %= one;
	}
	*to = '\0';
	return to;
}

char *
amount_format(char *to, uint64_t scaled)
{
	put_part(put_u64(to, scaled / AMOUNT_ONE), scaled % AMOUNT_ONE, AMOUNT_ONE);
	return to;
}

/* The unit that the text names, with an optional B behind; NULL if it names none. */
static const struct unit *
size_unit(const char *text, const struct unit *units)
{
	size_t n;

	for (; units->value; units++) {
		n = strlen(units->name);
		if (!strncmp(text, units->name, n) && (!text[n] || !strcmp(text + n, "B")))
			return units;
	}
	return NULL;
}

int
size_parse(const char *text, uint64_t *bytes, struct err *e)
{
	const struct unit *unit = NULL;
	const char *at = text;
	struct decimal number;
	uint64_t got, left;

	if (take_decimal(&at, &number) && !(unit = size_unit(at, binary_units)))
		unit = size_unit(at, decimal_units);
	if (!unit || !scale_up(&number, unit->value, &got, &left) || (left && unit->value == 1))
		return err_value(e, ERR_USAGE, text, "invalid size '%s'", text);
	got += left >= AMOUNT_ONE / 2;
	if (got > AMOUNT_MAX)
		return err_value(e, ERR_USAGE, text, "size '%s' is beyond 1Pi", text);
	*bytes = got;
	return 0;
}

char *
size_format(char *to, uint64_t bytes)
{
	const struct unit *unit = binary_units;
	uint64_t whole, rest, tenths;
	char *at;

	while (bytes < unit->value && unit->value > 1)
		unit++;
	whole = bytes / unit->value;
	rest = bytes % unit->value;
	tenths = (10 * rest + unit->value / 2) / unit->value;
	if (tenths == 10 && whole == 1023 && unit > binary_units) {
		unit--;
		whole = 0;
	}
	at = put_u64(to, whole + tenths / 10);
	if (rest) {
		*at++ = '.';
		*at++ = (char)('0' + tenths % 10);
	}
	put_text(at, unit->name);
	return to;
}

/* "ms" begins with "m": a unit goes to the end of the text or to the next number. */
static size_t
unit_length(const char *text, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(text, name, n) && (!text[n] || is_digit(text[n])) ? n : 0;
}

/* Takes "30m" off the front; *unit is the largest unit that may still come. */
static bool
duration_take(const char **text, const struct unit **unit, uint64_t *ms)
{
	struct decimal number;
	uint64_t got, left;
	size_t n = 0;

	if (!take_decimal(text, &number))
		return false;
	while ((*unit)->value && !(n = unit_length(*text, (*unit)->name)))
		(*unit)++;
	if (!n || !scale_up(&number, (*unit)->value, &got, &left) || left)
		return false;
	*text += n;
	(*unit)++;
	return !__builtin_add_overflow(*ms, got, ms) && *ms <= DURATION_MAX;
}

int
duration_parse(const char *text, uint64_t *ms, struct err *e)
{
	const struct unit *unit = duration_units;
	const char *at = text;
	uint64_t got = 0;

	if (!strcmp(text, "0")) {
		*ms = 0;
		return 0;
	}
	do {
		if (!duration_take(&at, &unit, &got))
			return err_value(e, ERR_USAGE, text, "invalid duration '%s'", text);
	} while (*at);
	*ms = got;
	return 0;
}

char *
duration_format(char *to, uint64_t ms)
{
	const struct unit *unit;
	char *at = to;

	if (!ms)
		put_text(to, "0s");
	if (ms && ms < SECOND)
		put_text(put_u64(to, ms), "ms");
	if (ms < SECOND)
		return to;
	for (unit = duration_units; unit->value > SECOND; unit++) {
		if (ms >= unit->value)
			at = put_text(put_u64(at, ms / unit->value), unit->name);
		ms %= unit->value;
	}
	if (ms)
		put_text(put_part(put_u64(at, ms / SECOND), ms % SECOND, SECOND), "s");
	return to;
}

char *
duration_short(char *to, uint64_t ms)
{
	const struct unit *unit = duration_units;
	char *at;

	if (ms < SECOND)
		return duration_format(to, ms);
	while (ms < unit->value)
		unit++;
	at = put_text(put_u64(to, ms / unit->value), unit->name);
	ms %= unit->value;
	unit++;
	if (unit->value >= SECOND && ms >= unit->value)
		put_text(put_u64(at, ms / unit->value), unit->name);
	return to;
}
