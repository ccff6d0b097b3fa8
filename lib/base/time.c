#include "base/time.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/duration.h"
#include "base/err.h"

#define DAY_MS 86400000ULL
#define SECONDS_MAX 253402300799ULL /* the end of the year 9999 */

struct moment {
	uint64_t year, month, day, hour, minute, second, ms;
};

/*
 * The calendar is computed here, because even gmtime and timegm make libc read the time zone file.
 * Years begin in March, so that the leap day is the last day; 719468 is the number of days from
 * March 1 of year 0 to the epoch.
 */
static uint64_t
days_before(const struct moment *m)
{
	uint64_t year = m->year - (m->month <= 2);
	uint64_t month = (m->month + 9) % 12;

	return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + m->day - 1;
}

static void
moment_set_day(struct moment *m, uint64_t days)
{
	uint64_t era = days / 146097, left = days % 146097;
	uint64_t year = (left - left / 1460 + left / 36524 - left / 146096) / 365;
	uint64_t day = left - (365 * year + year / 4 - year / 100);
	uint64_t month = (5 * day + 2) / 153;

	m->day = day - (153 * month + 2) / 5 + 1;
	m->month = month < 10 ? month + 3 : month - 9;
	m->year = 400 * era + year + (m->month <= 2);
}

#define DAYS_TO_EPOCH 719468

static bool
is_leap(uint64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* The second may be 60: a leap second is the first second of the next minute. */
static bool
moment_is_real(const struct moment *m)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (m->year < 1969 || m->month < 1 || m->month > 12 || m->day < 1)
		return false;
	if (m->day > days[m->month - 1] + (uint64_t)(m->month == 2 && is_leap(m->year)))
		return false;
	return m->hour < 24 && m->minute < 60 && m->second <= 60;
}

/* Takes exactly n digits. */
static bool
take_digits(const char **text, size_t n, uint64_t *value)
{
	const char *at = *text;
	uint64_t sum = 0;

	for (; n; n--, at++) {
		if (*at < '0' || *at > '9')
			return false;
		sum = 10 * sum + (uint64_t)(*at - '0');
	}
	*text = at;
	*value = sum;
	return true;
}

static bool
take_byte(const char **text, char byte)
{
	if (**text != byte)
		return false;
	(*text)++;
	return true;
}

static bool
take_date(const char **text, struct moment *m)
{
	return take_digits(text, 4, &m->year) && take_byte(text, '-') &&
	       take_digits(text, 2, &m->month) && take_byte(text, '-') &&
	       take_digits(text, 2, &m->day);
}

static bool
take_hour(const char **text, struct moment *m)
{
	return take_digits(text, 2, &m->hour) && take_byte(text, ':') &&
	       take_digits(text, 2, &m->minute);
}

/* ".25" as milliseconds, truncated. No fraction is 0. */
static bool
take_fraction(const char **text, uint64_t *ms)
{
	uint64_t scale = 100, digit;

	*ms = 0;
	if (!take_byte(text, '.'))
		return true;
	if (!take_digits(text, 1, &digit))
		return false;
	do {
		*ms += digit * scale;
		scale /= 10;
	} while (take_digits(text, 1, &digit));
	return true;
}

/* "Z" or "+02:00", as seconds east of Greenwich. */
static bool
take_zone(const char **text, int64_t *east)
{
	struct moment m;
	char sign = **text;

	*east = 0;
	if (take_byte(text, 'Z') || take_byte(text, 'z'))
		return true;
	if (!take_byte(text, '+') && !take_byte(text, '-'))
		return false;
	if (!take_hour(text, &m) || m.hour > 23 || m.minute > 59)
		return false;
	*east = (int64_t)(m.hour * 3600 + m.minute * 60);
	if (sign == '-')
		*east = -*east;
	return true;
}

static bool
read_rfc3339(const char *text, uint64_t *ms)
{
	struct moment m;
	int64_t east, seconds;

	if (!take_date(&text, &m))
		return false;
	if (!take_byte(&text, 'T') && !take_byte(&text, 't') && !take_byte(&text, ' '))
		return false;
	if (!take_hour(&text, &m) || !take_byte(&text, ':') || !take_digits(&text, 2, &m.second))
		return false;
	if (!take_fraction(&text, &m.ms) || !take_zone(&text, &east) || *text)
		return false;
	if (!moment_is_real(&m))
		return false;
	seconds = ((int64_t)days_before(&m) - DAYS_TO_EPOCH) * 86400 +
		  (int64_t)(m.hour * 3600 + m.minute * 60 + m.second) - east;
	if (seconds < 0)
		return false;
	*ms = (uint64_t)seconds * 1000 + m.ms;
	return true;
}

static bool
read_unix(const char *text, uint64_t *ms)
{
	uint64_t seconds, digit, fraction;

	if (!take_byte(&text, '@') || !take_digits(&text, 1, &seconds))
		return false;
	while (take_digits(&text, 1, &digit))
		if ((seconds = 10 * seconds + digit) > SECONDS_MAX)
			return false;
	if (!take_fraction(&text, &fraction) || *text)
		return false;
	*ms = seconds * 1000 + fraction;
	return true;
}

static bool
read_absolute(const char *text, uint64_t *ms)
{
	return *text == '@' ? read_unix(text, ms) : read_rfc3339(text, ms);
}

int
time_parse(const char *text, uint64_t *ms, struct err *e)
{
	if (!read_absolute(text, ms))
		return err_value(e, ERR_USAGE, text, "invalid time '%s'", text);
	return 0;
}

static bool
from_local(struct tm *local, uint64_t *ms)
{
	time_t seconds;

	local->tm_isdst = -1;
	seconds = mktime(local);
	if (seconds < 0)
		return false;
	*ms = (uint64_t)seconds * 1000;
	return true;
}

/* "YYYY-MM-DD [HH:MM[:SS]]" */
static bool
read_local_date(const char *text, uint64_t *ms)
{
	struct moment m = {0};
	struct tm local = {0};

	if (!take_date(&text, &m))
		return false;
	if (*text && (!take_byte(&text, ' ') || !take_hour(&text, &m)))
		return false;
	if (*text && (!take_byte(&text, ':') || !take_digits(&text, 2, &m.second)))
		return false;
	if (*text || !moment_is_real(&m))
		return false;
	local.tm_year = (int)m.year - 1900;
	local.tm_mon = (int)m.month - 1;
	local.tm_mday = (int)m.day;
	local.tm_hour = (int)m.hour;
	local.tm_min = (int)m.minute;
	local.tm_sec = (int)m.second;
	return from_local(&local, ms);
}

static bool
local_day(uint64_t now_ms, struct tm *local)
{
	time_t now = (time_t)(now_ms / 1000);

	if (!localtime_r(&now, local))
		return false;
	local->tm_hour = local->tm_min = local->tm_sec = 0;
	return true;
}

/* "HH:MM", its last occurrence. */
static bool
read_local_hour(const char *text, uint64_t now_ms, uint64_t *ms)
{
	struct moment m;
	struct tm day, local;

	if (!take_hour(&text, &m) || *text || m.hour > 23 || m.minute > 59)
		return false;
	if (!local_day(now_ms, &day))
		return false;
	day.tm_hour = (int)m.hour;
	day.tm_min = (int)m.minute;
	local = day;
	if (!from_local(&local, ms))
		return false;
	if (*ms <= now_ms)
		return true;
	day.tm_mday--;
	return from_local(&day, ms);
}

static bool
read_yesterday(const char *text, uint64_t now_ms, uint64_t *ms)
{
	struct tm day;

	if (strcmp(text, "yesterday") != 0 || !local_day(now_ms, &day))
		return false;
	day.tm_mday--;
	return from_local(&day, ms);
}

static bool
read_ago(const char *text, uint64_t now_ms, uint64_t *ms)
{
	struct err ignored;
	uint64_t ago;

	if (duration_parse(text, &ago, &ignored) || ago > now_ms)
		return false;
	*ms = now_ms - ago;
	return true;
}

int
time_parse_past(const char *text, uint64_t now_ms, uint64_t *ms, struct err *e)
{
	if (read_absolute(text, ms) || read_ago(text, now_ms, ms) || read_local_date(text, ms) ||
	    read_local_hour(text, now_ms, ms) || read_yesterday(text, now_ms, ms))
		return 0;
	return err_value(e, ERR_USAGE, text, "invalid time '%s'", text);
}

static char *
put_digits(char *to, uint64_t value, size_t n, char behind)
{
	size_t i;

	for (i = n; i; i--) {
		to[i - 1] = (char)('0' + value % 10);
		value /= 10;
	}
	to[n] = behind;
	return to + n + 1;
}

static size_t
year_digits(uint64_t year)
{
	size_t n = 4;

	for (year /= 10000; year; year /= 10)
		n++;
	return n;
}

char *
time_format(char *to, uint64_t ms)
{
	uint64_t left = ms % DAY_MS;
	struct moment m;
	char *at;

	moment_set_day(&m, ms / DAY_MS + DAYS_TO_EPOCH);
	at = put_digits(to, m.year, year_digits(m.year), '-');
	at = put_digits(at, m.month, 2, '-');
	at = put_digits(at, m.day, 2, 'T');
	at = put_digits(at, left / 3600000, 2, ':');
	at = put_digits(at, left / 60000 % 60, 2, ':');
	at = put_digits(at, left / 1000 % 60, 2, '.');
	at = put_digits(at, left % 1000, 3, 'Z');
	*at = '\0';
	return to;
}

char *
time_format_local(char *to, uint64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm local;

	if (!localtime_r(&seconds, &local) || !strftime(to, TIME_SIZE, "%Y-%m-%d %H:%M:%S", &local))
		return time_format(to, ms);
	return to;
}
