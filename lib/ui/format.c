#include "ui/list.h"

#include <string.h>
#include "base/arena.h"
#include "base/array.h"
#include "base/buf.h"
#include "base/err.h"
#include "ui/internal.h"

static const char *const names[] = {
    [FORMAT_DEFAULT] = "table",
    [FORMAT_TABLE] = "table",
    [FORMAT_WIDE] = "wide",
    [FORMAT_JSON] = "json",
    [FORMAT_JSONL] = "jsonl",
    [FORMAT_TSV] = "tsv",
    [FORMAT_ID] = "id",
    [FORMAT_NAME] = "name",
    [FORMAT_ENV] = "env",
    [FORMAT_FMT] = "fmt",
};

const char *
format_name(enum format_kind kind)
{
	return names[kind];
}

/* The character meant by the letter after a backslash; 0: none. */
static char
escape_byte(char letter)
{
	switch (letter) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case '\\':
		return '\\';
	}
	return 0;
}

static int
escapes_resolve(const char *text, struct buf *out, struct err *e)
{
	for (; *text; text++) {
		if (*text != '\\') {
			buf_byte(out, *text);
			continue;
		}
		text++;
		if (!escape_byte(*text))
			return err_value(e, ERR_USAGE, text - 1,
			    "fmt: '%s': after a backslash stands n, t or \\", text - 1);
		buf_byte(out, escape_byte(*text));
	}
	return 0;
}

int
format_parse(const char *text, struct format *format, struct arena *a, struct err *e)
{
	struct buf fmt = {.arena = a};
	struct piece piece;
	const char *rest;

	*format = (struct format){0};
	if (strncmp(text, "fmt=", 4) != 0) {
		for (enum format_kind kind = FORMAT_TABLE; kind < ARRAY_LENGTH(names); kind++)
			if (strcmp(names[kind], text) == 0)
				format->kind = kind;
		if (format->kind == FORMAT_DEFAULT)
			return err_value(e, ERR_USAGE, text,
			    "unknown format '%s' (table, wide, json, jsonl, tsv, id, name, env or "
			    "fmt=TEMPLATE)",
			    text);
		if (format->kind == FORMAT_FMT)
			return err_value(
			    e, ERR_USAGE, text, "fmt needs a template: fmt='%%{id}\\n'");
		return 0;
	}
	if (escapes_resolve(text + 4, &fmt, e))
		return -1;
	*format = (struct format){FORMAT_FMT, buf_string(&fmt)};
	for (rest = format->fmt; *rest;)
		if (piece_next(&rest, &piece, a, e))
			return -1;
	return 0;
}
