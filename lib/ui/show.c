#include "ui/list.h"

#include <string.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/number.h"
#include "base/text.h"
#include "ui/internal.h"
#include "ui/out.h"

#define INDENT 2
#define GAP 2

/* Lines are collected first, because the longest label sets the column of the values. */
struct line {
	const struct field *field; /* NULL: a key of a map */
	const char *label, *value; /* value NULL: a heading */
	size_t label_n, value_n, depth;
};

struct show {
	const struct list_style *style;
	struct arena *arena;
	struct buf lines;
	size_t depth, width;
};

static void
line_add(struct show *s, const struct field *f, const char *label, size_t label_n,
    const struct buf *value)
{
	struct line line = {
	    f, label, value ? value->p : NULL, label_n, value ? value->n : 0, s->depth};
	size_t width = s->depth * INDENT + text_width(label, label_n);

	if (width > s->width)
		s->width = width;
	buf_add(&s->lines, &line, sizeof line);
}

static void
key_add(struct show *s, const char *key, const char *text)
{
	struct buf value = {.arena = s->arena}, label = {.arena = s->arena};

	buf_text(&value, text);
	cell_escape(&label, key, strlen(key), s->style->form.escape, s->style->form.escape);
	line_add(s, NULL, label.p, label.n, &value);
}

static void
labels_add(struct show *s, const struct labels *labels)
{
	for (size_t i = 0; i < labels->n; i++)
		key_add(s, labels->v[i].key, labels->v[i].value);
}

static void
amounts_add(struct show *s, const struct amounts *amounts)
{
	char text[NUMBER_SIZE];

	for (size_t i = 0; i < amounts->n; i++)
		key_add(s, amounts->v[i].name,
		    resource_format(text, amounts->v[i].name, amounts->v[i].value));
}

static bool
is_shown(const struct show *s, const struct field *f, const void *record)
{
	if (f->flags & FF_CELL)
		return false;
	return field_is_set(f, record) || f->flags & FF_ALWAYS ||
	       (s->style->form.past && f->flags & FF_LIVE);
}

static void record_add(struct show *s, const struct rec *rec, const void *record);

static void
field_add(struct show *s, const struct field *f, const void *record)
{
	struct buf value = {.arena = s->arena};
	struct form form = s->style->form;
	bool nested = f->kind == FK_LABELS || f->kind == FK_AMOUNTS || f->kind == FK_MESSAGE;

	if (!nested || !field_is_set(f, record)) {
		form.escape = false;
		field_text(f, record, &form, &value);
		line_add(s, f, f->name, column_shown(f), &value);
		return;
	}
	line_add(s, f, f->name, column_shown(f), NULL);
	s->depth++;
	if (f->kind == FK_LABELS)
		labels_add(s, field_at(f, record));
	else if (f->kind == FK_AMOUNTS)
		amounts_add(s, field_at(f, record));
	else
		record_add(s, f->sub, *(const void *const *)field_at(f, record));
	s->depth--;
}

static void
record_add(struct show *s, const struct rec *rec, const void *record)
{
	for (const struct field *f = rec->fields; f < rec->fields + rec->n; f++)
		if (is_shown(s, f, record))
			field_add(s, f, record);
}

static void
line_print(const struct show *s, const struct line *line, struct buf *out)
{
	bool escape = s->style->form.escape;
	const char *color = s->style->color && line->value
				? color_of_state(line->field, line->value, line->value_n)
				: NULL;
	size_t at = line->depth * INDENT + text_width(line->label, line->label_n);
	size_t blank = s->width + GAP - at;

	buf_printf(out, "%*s", (int)(line->depth * INDENT), "");
	buf_add(out, line->label, line->label_n);
	if (line->value_n) {
		buf_printf(out, "%*s%s", (int)blank, "", color ? color : "");
		cell_escape(out, line->value, line->value_n, escape, escape);
		buf_text(out, color ? COLOR_END : "");
	}
	buf_byte(out, '\n');
}

static void
show_fields(struct out *out, const struct rec *rec, const void *record,
    const struct list_style *style, struct arena *a)
{
	struct show s = {.style = style, .arena = a, .lines = {.arena = a}};
	struct buf text = {.arena = a};
	const struct line *line;

	record_add(&s, rec, record);
	line = (const struct line *)(const void *)s.lines.p;
	for (size_t i = 0; i < s.lines.n / sizeof *line; i++)
		line_print(&s, &line[i], &text);
	out_add(out, text.p, text.n);
}

static int
show_row(struct out *out, const struct rec *rec, const void *record, const struct list_style *style,
    struct arena *a, struct err *e)
{
	struct list *list;
	struct list_count count;
	int rc;

	if (!(list = list_begin(out, rec, NULL, style, a, e)))
		return -1;
	rc = list_row(list, record, e) < 0 || list_end(list, &count, e) ? -1 : 0;
	list_done(list);
	return rc;
}

int
show_record(struct out *out, const struct rec *rec, const void *record,
    const struct list_style *style, struct arena *a, struct err *e)
{
	enum format_kind kind = style->format.kind;

	if (kind != FORMAT_DEFAULT && kind != FORMAT_TABLE && kind != FORMAT_WIDE)
		return show_row(out, rec, record, style, a, e);
	show_fields(out, rec, record, style, a);
	return 0;
}
