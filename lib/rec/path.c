/* path: values inside a record by path. */
#include "rec/form.h"

#include <stdio.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/number.h"
#include "base/text.h"

/* The field names, as many as fit. */
static const char *
field_names(const struct rec *r, char *to, size_t size)
{
	size_t n = 0;

	to[0] = '\0';
	for (size_t i = 0; i < r->n && n < size; i++)
		n += (size_t)snprintf(to + n, size - n, "%s%s", i ? ", " : "", r->fields[i].name);
	return to;
}

static int
path_unknown(const struct rec *r, const char *path, struct err *e)
{
	char names[768];

	return err_value(e, ERR_USAGE, path, "%s has no field '%s' (it has %s)", r->name, path,
	    field_names(r, names, sizeof names));
}

static int
path_within(const struct field *f, const void *record, const char *rest, struct path_value *value,
    struct err *e)
{
	const void *p = record ? field_at(f, record) : NULL;

	switch (f->kind) {
	case FK_LABELS:
		value->key = rest;
		return p && labels_get(p, rest);
	case FK_AMOUNTS:
		value->key = rest;
		return p && amounts_get(p, rest);
	case FK_MESSAGE:
		return path_find(f->sub, p ? *(const void *const *)p : NULL, rest, value, e);
	case FK_U64:
	case FK_I64:
	case FK_BOOL:
	case FK_TEXT:
	case FK_BYTES:
	case FK_TIME:
	case FK_DURATION:
	case FK_SIZE:
	case FK_REAL:
	case FK_ID:
	case FK_REF:
	case FK_ENUM:
	case FK_TEXTS:
	case FK_NUMBERS:
	case FK_AMOUNT:
	case FK_LIST:
	case FK_JSON:
		break;
	}
	return err_value(e, ERR_USAGE, rest, "field '%s' has no part '%s'", f->name, rest);
}

int
path_find(const struct rec *r, const void *record, const char *path, struct path_value *value,
    struct err *e)
{
	size_t n = strcspn(path, ".");
	const struct field *f = r->fields, *end = f + r->n;

	while (f < end && (strncmp(f->name, path, n) || f->name[n]))
		f++;
	if (f == end || (path[n] && !path[n + 1]))
		return path_unknown(r, path, e);
	*value = (struct path_value){f, NULL, record};
	if (path[n])
		return path_within(f, record, path + n + 1, value, e);
	return record != NULL;
}

static void
label_text(const char *text, const struct form *form, struct buf *out)
{
	if (text && form->escape)
		text_escape(out, text, strlen(text));
	else if (text)
		buf_text(out, text);
}

void
path_text(const struct path_value *value, const struct form *form, struct buf *out)
{
	const struct amount *amount;
	char text[NUMBER_SIZE];

	if (!value->record)
		return;
	if (!value->key) {
		field_text(value->field, value->record, form, out);
		return;
	}
	if (value->field->kind == FK_LABELS) {
		label_text(
		    labels_get(field_at(value->field, value->record), value->key), form, out);
		return;
	}
	amount = amounts_get(field_at(value->field, value->record), value->key);
	if (amount)
		buf_text(out, resource_format(text, amount->name, amount->value));
}
