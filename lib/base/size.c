#include "base/size.h"

#include <stddef.h>
#include <string.h>

#include "base/array.h"
#include "base/err.h"
#include "base/number_internal.h"

/* Units used for output, largest first, then others accepted on input. */
static const struct unit units[] = {{"Pi", 1ULL << 50}, {"Ti", 1ULL << 40}, {"Gi", 1ULL << 30},
    {"Mi", 1ULL << 20}, {"Ki", 1ULL << 10}, {"", 1}, {"P", 1000000000000000}, {"T", 1000000000000},
    {"G", 1000000000}, {"M", 1000000}, {"K", 1000}};

/* The unit named by the text, with an optional final B; NULL if unknown. */
static const struct unit *
size_unit(const char *text)
{
	for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
		size_t n = strlen(units[i].name);

		if (!strncmp(text, units[i].name, n) && (!text[n] || !strcmp(text + n, "B")))
			return &units[i];
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

	if (number_take_decimal(&at, &number))
		unit = size_unit(at);
	if (!unit || !number_scale(&number, unit->value, &got, &left) || (left && unit->value == 1))
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
	const struct unit *unit = units;
	uint64_t whole, rest, tenths;
	char *at;

	while (bytes < unit->value && unit->value > 1)
		unit++;
	whole = bytes / unit->value;
	rest = bytes % unit->value;
	tenths = (10 * rest + unit->value / 2) / unit->value;
	if (tenths == 10 && whole == 1023 && unit > units) {
		unit--;
		whole = 0;
	}
	at = number_put(to, whole + tenths / 10);
	if (rest) {
		*at++ = '.';
		*at++ = (char)('0' + tenths % 10);
	}
	number_put_text(at, unit->name);
	return to;
}
