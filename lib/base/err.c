#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/array.h"

static const struct err_meaning rows[] = {
    {ERR_NONE, "ok", "success, or nothing to do"},
    {ERR_NO, "no", "not found, false, empty or different"},
    {ERR_USAGE, "usage", "the command line is wrong"},
    {ERR_REFUSED, "refused", "a state, a precondition or a name already in use forbids it"},
    {ERR_UNSATISFIABLE, "unsatisfiable", "it does not fit now, or never will"},
    {ERR_IMPOSSIBLE, "impossible", "the awaited state can no longer happen"},
    {ERR_HORIZON, "horizon", "the requested history has been forgotten"},
    {ERR_STORE, "store",
	"the cluster's directory is missing, unreadable, damaged, full, remote or newer"},
    {ERR_BUSY, "busy", "a lock was not available in time"},
    {ERR_DENIED, "denied", "the token is missing, invalid, expired, revoked or lacks permission"},
    {ERR_TIMEOUT, "timeout", "a wait took longer than allowed"},
    {125, "failed", "gcs itself failed, in a command whose exit code is its child's"},
    {126, "not-executable", "the child command cannot be run"},
    {127, "not-found", "there is no such child command"},
};
const struct err_meanings err_meanings = {rows, ARRAY_LENGTH(rows)};

const char *
err_name(enum err_code code)
{
	size_t i = 0;

	while (i < ARRAY_LENGTH(rows) && rows[i].code != (int)code)
		i++;
	return i < ARRAY_LENGTH(rows) ? rows[i].name : "";
}

/* A text that does not fit is truncated, between characters. */
static void
cut(char *text, size_t n)
{
	while (n && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	text[n] = '\0';
}

static void
copy(char *to, size_t size, const char *from)
{
	size_t n = strnlen(from, size);

	if (n < size) {
		memcpy(to, from, n + 1);
		return;
	}
	memcpy(to, from, size);
	cut(to, size - 1);
}

/* Messages may contain any value, and a message is one line. */
static void
one_line(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
}

__attribute__((format(printf, 4, 0))) static void
set(struct err *e, enum err_code code, const char *value, const char *format, va_list args)
{
	char text[sizeof e->text + 1], kept[sizeof e->value];

	/* The arguments may be parts of *e. */
	if (vsnprintf(text, sizeof text, format, args) < 0)
		text[0] = '\0';
	copy(kept, sizeof kept, value ? value : "");
	one_line(text);
	e->code = code;
	e->advice = ADVICE_NONE;
	copy(e->text, sizeof e->text, text);
	copy(e->value, sizeof e->value, kept);
}

int
err_set(struct err *e, enum err_code code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(e, code, NULL, format, args);
	va_end(args);
	return -1;
}

int
err_value(struct err *e, enum err_code code, const char *value, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(e, code, value, format, args);
	va_end(args);
	return -1;
}

int
err_advise(struct err *e, enum err_advice advice)
{
	e->advice = advice;
	return -1;
}

int
err_wrap(struct err *e, const char *format, ...)
{
	char text[2 * sizeof e->text];
	size_t n;
	va_list args;

	if (!e->text[0])
		return -1;
	va_start(args, format);
	if (vsnprintf(text, sizeof e->text, format, args) < 0)
		text[0] = '\0';
	va_end(args);
	one_line(text);
	n = strlen(text);
	snprintf(text + n, sizeof text - n, ": %s", e->text);
	copy(e->text, sizeof e->text, text);
	return -1;
}
