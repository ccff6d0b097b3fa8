#include "ui/internal.h"

#include <string.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "ui/out.h"

#define GATHERED_ROWS 1000
#define GAP 2

struct table {
	struct out *out;
	const struct rec *rec;
	const struct columns *columns;
	const struct field *stale; /* overdue shows as "ALIVE!" */
	struct form form;
	bool escape, color, headers, streams;
	size_t width; /* lines are cut here, 0: never */
	size_t *widths;
	size_t rows;		/* collected */
	struct buf cells, line; /* cells, each NUL-terminated */
};

static void
table_widen(struct table *t, size_t column, const char *p, size_t n)
{
	size_t width = text_width(p, n);

	if (width > t->widths[column])
		t->widths[column] = width;
}

struct table *
table_begin(struct out *out, const struct rec *rec, const struct columns *columns,
    const struct list_style *style, bool headers, struct arena *a)
{
	struct table *t = arena_alloc(a, sizeof *t);

	*t = (struct table){
	    out, rec, columns, rec_field(rec, "stale"), style->form, .color = style->color};
	t->escape = style->form.escape;
	t->form.escape = false;
	t->headers = headers;
	t->width = style->format.kind != FORMAT_WIDE && style->width > 0 ? (size_t)style->width : 0;
	t->widths = arena_alloc(a, columns->n * sizeof *t->widths);
	t->cells.arena = t->line.arena = a;
	for (size_t i = 0; headers && i < columns->n; i++)
		table_widen(t, i, columns->v[i].title, strlen(columns->v[i].title));
	return t;
}

static void
cell_color(struct table *t, const struct column *column, const char *cell, size_t n)
{
	const char *color = t->color ? color_of_state(column->field, cell, n) : NULL;

	if (color)
		buf_text(&t->line, color);
	buf_add(&t->line, cell, n);
	if (color)
		buf_text(&t->line, COLOR_END);
}

/* The last cell of a line, `at` columns from its start. */
static void
last_cell(struct table *t, const struct column *column, const char *cell, size_t at)
{
	size_t n = strlen(cell), title = text_width(column->title, strlen(column->title));

	if (!t->width || column->right || at + text_width(cell, n) <= t->width ||
	    at + title > t->width) {
		cell_color(t, column, cell, n);
		return;
	}
	n = text_fitting(cell, n, t->width - at - 1);
	cell_color(t, column, cell, n);
	buf_text(&t->line, "…");
}

static void
pad(struct buf *line, size_t n)
{
	memset(buf_reserve(line, n), ' ', n);
	line->n += n;
}

static const char *
line_cells(struct table *t, const char *cell)
{
	size_t at = 0, last = t->columns->n - 1;

	for (size_t i = 0; i < last; i++, cell += strlen(cell) + 1) {
		size_t n = strlen(cell), width = text_width(cell, n);
		size_t blank = width < t->widths[i] ? t->widths[i] - width : 0;
		const struct column *column = &t->columns->v[i];

		pad(&t->line, column->right ? blank : 0);
		cell_color(t, column, cell, n);
		pad(&t->line, (column->right ? 0 : blank) + GAP);
		at += width + blank + GAP;
	}
	if (t->columns->v[last].right) {
		size_t width = text_width(cell, strlen(cell));

		pad(&t->line, width < t->widths[last] ? t->widths[last] - width : 0);
	}
	last_cell(t, &t->columns->v[last], cell, at);
	return cell + strlen(cell) + 1;
}

/* Prints one row of cells; returns the start of the next. */
static const char *
line_print(struct table *t, const char *cell, const char *color)
{
	t->line.n = 0;
	buf_text(&t->line, color ? color : "");
	cell = line_cells(t, cell);
	while (t->line.n && t->line.p[t->line.n - 1] == ' ')
		t->line.n--;
	buf_text(&t->line, color ? COLOR_END "\n" : "\n");
	out_add(t->out, t->line.p, t->line.n);
	return cell;
}

static void
header_print(struct table *t)
{
	struct buf titles = {.arena = t->line.arena};

	for (size_t i = 0; i < t->columns->n; i++)
		buf_add(&titles, t->columns->v[i].title, strlen(t->columns->v[i].title) + 1);
	line_print(t, titles.p, t->color ? COLOR_BOLD : NULL);
}

static void
gathered_print(struct table *t)
{
	const char *cell = t->cells.p;

	if (t->headers)
		header_print(t);
	for (size_t i = 0; i < t->rows; i++)
		cell = line_print(t, cell, NULL);
	t->cells.n = 0;
	t->streams = true;
}

static void
cell_add(struct table *t, const struct column *column, const void *record, struct buf *text)
{
	text->n = 0;
	column_text(column, t->rec, record, &t->form, text);
	if (t->stale && column->field && strcmp(column->path, "state") == 0 && !t->form.past &&
	    *(const bool *)field_at(t->stale, record))
		buf_byte(text, '!');
	if (!text->n)
		buf_byte(text, '-');
	cell_escape(&t->cells, text->p, text->n, t->escape, t->escape);
}

void
table_row(struct table *t, const void *record, struct buf *scratch)
{
	size_t from;

	for (size_t i = 0; i < t->columns->n; i++) {
		from = t->cells.n;
		cell_add(t, &t->columns->v[i], record, scratch);
		if (!t->streams)
			table_widen(t, i, t->cells.p + from, t->cells.n - from);
		buf_byte(&t->cells, '\0');
	}
	if (t->streams) {
		line_print(t, t->cells.p, NULL);
		t->cells.n = 0;
	} else if (++t->rows == GATHERED_ROWS) {
		gathered_print(t);
	}
}

void
table_end(struct table *t)
{
	if (!t->streams)
		gathered_print(t);
}
