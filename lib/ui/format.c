#include "ui/list.h"

#include <string.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "ui/internal.h"

static const struct format_row {
	const char *name;
	enum format_kind kind;
} format_rows[] = {
    {"table", FORMAT_TABLE},
    {"wide", FORMAT_WIDE},
    {"json", FORMAT_JSON},
    {"jsonl", FORMAT_JSONL},
    {"tsv", FORMAT_TSV},
    {"id", FORMAT_ID},
    {"name", FORMAT_NAME},
    {"env", FORMAT_ENV},
    {"fmt", FORMAT_FMT},
    {NULL, FORMAT_DEFAULT},
};

const char *
format_name(enum format_kind kind)
{
	const struct format_row *row = format_rows;

	while (row->name && row->kind != kind)
		row++;
	return row->name ? row->name : "table";
}

static const struct escape {
	char letter, byte;
} escapes[] = {{'n', '\n'}, {'t', '\t'}, {'\\', '\\'}, {0, 0}};

static int
escapes_resolve(const char *text, struct buf *out, struct err *e)
{
	for (; *text; text++) {
		const struct escape *row = escapes;

		if (*text != '\\') {
			buf_byte(out, *text);
			continue;
		}
		text++;
		while (row->letter && row->letter != *text)
			row++;
		if (!row->letter)
			return err_value(e, ERR_USAGE, text - 1,
			    "fmt: '%s': after a backslash stands n, t or \\", text - 1);
		buf_byte(out, row->byte);
	}
	return 0;
}

/* Takes the next piece off the front of *text. */
static int
piece_next(const char **text, struct piece *piece, struct arena *a, struct err *e)
{
	const char *p = *text;
	size_t n = strcspn(p, "%"), close;

	*piece = (struct piece){.text = p, .n = n};
	p += n;
	*text = p;
	if (!*p)
		return 0;
	if (p[1] == '%') {
		piece->n = n + 1;
		*text = p + 2;
		return 0;
	}
	close = strcspn(p, "}");
	if (p[1] != '{' || !p[close] || close == 2)
		return err_value(
		    e, ERR_USAGE, p, "fmt: '%s': a percent sign begins %%{FIELD} or %%%%", p);
	piece->path = arena_strndup(a, p + 2, close - 2);
	*text = p + close + 1;
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
		for (const struct format_row *row = format_rows; row->name; row++)
			if (strcmp(row->name, text) == 0)
				format->kind = row->kind;
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

int
pieces_make(
    struct pieces *pieces, const char *fmt, const struct rec *rec, struct arena *a, struct err *e)
{
	struct path_value value;
	size_t most = 1;

	for (const char *p = fmt; *p; p++)
		most += *p == '%';
	*pieces = (struct pieces){.v = arena_alloc(a, most * sizeof *pieces->v)};
	while (*fmt) {
		struct piece *piece = &pieces->v[pieces->n++];

		if (piece_next(&fmt, piece, a, e))
			return -1;
		if (piece->path && rec_path(rec, NULL, piece->path, &value, e) < 0)
			return err_wrap(e, "fmt");
	}
	return 0;
}
