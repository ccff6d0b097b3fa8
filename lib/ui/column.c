#include "ui/internal.h"

#include <ctype.h>
#include <string.h>
#include "base/amount.h"
#include "base/arena.h"
#include "base/array.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"

size_t
column_shown(const struct field *f)
{
	size_t n = strlen(f->name);

	if (f->kind != FK_TIME && f->kind != FK_DURATION)
		return n;
	return n > 3 && strcmp(f->name + n - 3, "_ms") == 0 ? n - 3 : n;
}

/* A label's key may be any typed text. */
static const char *
title_make(const char *path, size_t n, struct arena *a)
{
	char *capitals = arena_strndup(a, path, n);
	struct buf title = {.arena = a};

	for (char *c = capitals; *c; c++)
		*c = *c == '_' ? '-' : (char)toupper((unsigned char)*c);
	cell_escape(&title, capitals, n, true, true);
	return buf_string(&title);
}

static bool
is_number(const struct path_value *value)
{
	if (value->key)
		return value->field->kind == FK_AMOUNTS;
	return value->field->kind == FK_U64 || value->field->kind == FK_SIZE ||
	       value->field->kind == FK_REAL || value->field->kind == FK_AMOUNT;
}

static void
column_set(struct column *column, const char *path, const struct path_value *value, struct arena *a)
{
	size_t n = strlen(path);

	column->path = path;
	column->field = strchr(path, '.') ? NULL : value->field;
	column->right = is_number(value);
	if (!value->key)
		n -= strlen(value->field->name) - column_shown(value->field);
	column->title = title_make(path, n, a);
}

static void
columns_own(struct columns *columns, const struct rec *rec, uint32_t flags, struct arena *a)
{
	for (const struct field *f = rec->fields; f < rec->fields + rec->n; f++)
		if (!flags || f->flags & flags)
			column_set(&columns->v[columns->n++], f->name,
			    &(struct path_value){.field = f}, a);
}

static bool
column_is_named(const struct columns *columns, const char *path)
{
	for (size_t i = 0; i < columns->n; i++)
		if (strcmp(columns->v[i].path, path) == 0)
			return true;
	return false;
}

static int
columns_named(struct columns *columns, const struct rec *rec, const char *named, struct arena *a,
    struct err *e)
{
	struct path_value value;
	size_t n = 1;

	for (const char *p = named; *p; p++)
		n += *p == ',';
	columns->v = arena_alloc(a, n * sizeof *columns->v);
	for (;; named += n + 1) {
		const char *path = arena_strndup(a, named, n = strcspn(named, ","));

		if (path_find(rec, NULL, path, &value, e) < 0)
			return err_wrap(e, "--columns");
		if (!column_is_named(columns, path))
			column_set(&columns->v[columns->n++], path, &value, a);
		if (!named[n])
			return 0;
	}
}

int
columns_make(struct columns *columns, const struct rec *rec, const char *named, bool wide,
    struct arena *a, struct err *e)
{
	*columns = (struct columns){0};
	if (named)
		return columns_named(columns, rec, named, a, e);
	columns->v = arena_alloc(a, rec->n * sizeof *columns->v);
	columns_own(columns, rec, FF_COLUMN | (wide ? FF_WIDE : 0), a);
	if (!columns->n)
		columns_own(columns, rec, 0, a);
	return 0;
}

void
column_text(const struct column *column, const struct rec *rec, const void *record,
    const struct form *form, struct buf *out)
{
	struct path_value value;
	struct err e;

	if (column->field)
		field_text(column->field, record, form, out);
	else if (path_find(rec, record, column->path, &value, &e) > 0)
		path_text(&value, form, out);
}

static void
amount_json(const char *name, uint64_t value, struct buf *out)
{
	char text[NUMBER_SIZE];

	if (resource_is_bytes(name))
		buf_u64(out, value);
	else
		buf_text(out, amount_format(text, value));
}

static void
path_json(const struct path_value *value, const struct form *form, struct buf *out)
{
	const struct field *f = value->field;
	const char *text;

	if (!value->key) {
		field_json(f, value->record, form, out);
		return;
	}
	if (f->kind == FK_AMOUNTS) {
		const struct amount *amount = amounts_get(field_at(f, value->record), value->key);

		amount_json(value->key, amount ? amount->value : 0, out);
		return;
	}
	text = labels_get(field_at(f, value->record), value->key);
	text_json(out, text ? text : "", text ? strlen(text) : 0);
}

/* Bytes that are not text are marked in their name, as in whole records. */
static void
key_json(const struct column *column, const void *record, struct buf *out)
{
	const struct field *f = column->field;
	const struct slice *bytes = f && f->kind == FK_BYTES ? field_at(f, record) : NULL;

	text_json(out, column->path, strlen(column->path));
	if (!bytes || text_is_utf8(bytes->p, bytes->n))
		return;
	out->n--;
	buf_text(out, "_base64\"");
}

void
column_json(const struct column *column, const struct rec *rec, const void *record,
    const struct form *form, struct buf *out)
{
	struct path_value value;
	struct err e;

	key_json(column, record, out);
	buf_byte(out, ':');
	if (column->field)
		field_json(column->field, record, form, out);
	else if (path_find(rec, record, column->path, &value, &e) > 0)
		path_json(&value, form, out);
	else
		buf_text(out, "null");
}
