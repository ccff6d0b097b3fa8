#include "base/duration.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/array.h"
#include "base/err.h"
#include "base/number_internal.h"

#define SECOND 1000ULL
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* Largest first. */
static const struct unit units[] = {
    {"d", DAY}, {"h", HOUR}, {"m", MINUTE}, {"s", SECOND}, {"ms", 1}};
static const struct unit *const units_end = units + ARRAY_LENGTH(units);

/* "ms" begins with "m": a unit extends to the end of the text or to the next number. */
static size_t
unit_length(const char *text, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(text, name, n) && (!text[n] || number_is_digit(text[n])) ? n : 0;
}

/* Takes "30m" off the front; *unit is the largest unit still allowed. */
static bool
duration_take(const char **text, const struct unit **unit, uint64_t *ms)
{
	struct decimal number;
	uint64_t got, left;
	size_t n = 0;

	if (!number_take_decimal(text, &number))
		return false;
	while (*unit < units_end && !(n = unit_length(*text, (*unit)->name)))
		(*unit)++;
	if (!n || !number_scale(&number, (*unit)->value, &got, &left) || left)
		return false;
	*text += n;
	(*unit)++;
	return !__builtin_add_overflow(*ms, got, ms) && *ms <= DURATION_MAX;
}

int
duration_parse(const char *text, uint64_t *ms, struct err *e)
{
	const struct unit *unit = units;
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

int
duration_parse_never(const char *text, uint64_t *ms, struct err *e)
{
	if (strcmp(text, "never"))
		return duration_parse(text, ms, e);
	*ms = DURATION_NEVER;
	return 0;
}

char *
duration_format(char *to, uint64_t ms)
{
	const struct unit *unit;
	char *at = to;

	if (!ms)
		number_put_text(to, "0s");
	if (ms && ms < SECOND)
		number_put_text(number_put(to, ms), "ms");
	if (ms < SECOND)
		return to;
	for (unit = units; unit->value > SECOND; unit++) {
		if (ms >= unit->value)
			at = number_put_text(number_put(at, ms / unit->value), unit->name);
		ms %= unit->value;
	}
	if (ms)
		number_put_text(
		    number_put_part(number_put(at, ms / SECOND), ms % SECOND, SECOND), "s");
	return to;
}

char *
duration_short(char *to, uint64_t ms)
{
	const struct unit *unit = units;
	char *at;

	if (ms < SECOND)
		return duration_format(to, ms);
	while (ms < unit->value)
		unit++;
	at = number_put_text(number_put(to, ms / unit->value), unit->name);
	ms %= unit->value;
	unit++;
	if (unit->value >= SECOND && ms >= unit->value)
		number_put_text(number_put(at, ms / unit->value), unit->name);
	return to;
}
