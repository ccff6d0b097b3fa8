#include "base/number_internal.h"

#include <string.h>

#include "base/err.h"

bool
number_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
number_take(const char **text, uint64_t *value)
{
	const char *at = *text;
	uint64_t sum = 0;

	if (!number_is_digit(*at))
		return false;
	for (; number_is_digit(*at); at++) {
		if (__builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(sum, (uint64_t)(*at - '0'), &sum))
			return false;
	}
	*text = at;
	*value = sum;
	return true;
}

bool
number_take_decimal(const char **text, struct decimal *number)
{
	uint64_t scale = AMOUNT_ONE;
	const char *at;

	number->part = 0;
	if (!number_take(text, &number->whole))
		return false;
	if (**text != '.')
		return true;
	for (at = *text + 1; number_is_digit(*at); at++) {
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

bool
number_scale(const struct decimal *number, uint64_t unit, uint64_t *value, uint64_t *left)
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

	if (!number_take(&at, &got) || *at)
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

	if (!number_take(&at, &got) || *at || got > (uint64_t)INT64_MAX + negative)
		return err_value(e, ERR_USAGE, text, "invalid number '%s'", text);
	*value = negative ? (int64_t)(0 - got) : (int64_t)got;
	return 0;
}

char *
number_put_text(char *to, const char *text)
{
	size_t n = strlen(text);

	memcpy(to, text, n + 1);
	return to + n;
}

char *
number_put(char *to, uint64_t value)
{
	char digits[21], *at = digits + sizeof digits - 1;

	*at = '\0';
	do {
		*--at = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	return number_put_text(to, at);
}

char *
number_put_part(char *to, uint64_t part, uint64_t one)
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
