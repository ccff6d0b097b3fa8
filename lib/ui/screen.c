#include "ui/screen.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/arena.h"
#include "base/text.h"

#define GAP 2
#define COLUMN_LEAST 6 /* minimum width of a column */
#define LINE_MOST 1024

static const char *const tints[] = {
    [TINT_NONE] = "",
    [TINT_TITLE] = "\033[1m",
    [TINT_DIM] = "\033[2m",
    [TINT_GOOD] = "\033[32m",
    [TINT_WARN] = "\033[33m",
    [TINT_BAD] = "\033[31m",
    [TINT_BAR] = "\033[36m",
};

void
screen_begin(struct screen *s, struct arena *a, size_t rows, size_t cols, bool live, bool color)
{
	*s = (struct screen){.out = {.arena = a}, .rows = rows, .cols = cols, .live = live};
	s->color = live && color;
	if (live)
		buf_text(&s->out, "\033[H");
}

/* Adds n bytes known to be safe and to fit. */
static void
screen_put(struct screen *s, enum tint tint, const char *p, size_t n)
{
	bool tinted = s->color && tint != TINT_NONE && n;

	if (tinted)
		buf_text(&s->out, tints[tint]);
	buf_add(&s->out, p, n);
	if (tinted)
		buf_text(&s->out, "\033[0m");
	s->col += text_width(p, n);
}

void
screen_text(struct screen *s, enum tint tint, const char *text)
{
	struct buf safe = {.arena = s->out.arena};

	if (!screen_left(s) || s->col >= s->cols)
		return;
	text_escape(&safe, text, strlen(text));
	if (safe.n)
		screen_put(s, tint, safe.p, text_fitting(safe.p, safe.n, s->cols - s->col));
}

void
screen_printf(struct screen *s, enum tint tint, const char *format, ...)
{
	char text[LINE_MOST];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	screen_text(s, tint, text);
}

size_t
screen_left(const struct screen *s)
{
	return s->row < s->rows ? s->rows - s->row : 0;
}

/* A live frame has no newline on the last line: it would scroll the screen. */
void
screen_next(struct screen *s)
{
	if (!screen_left(s))
		return;
	while (s->out.n && s->out.p[s->out.n - 1] == ' ')
		s->out.n--;
	if (s->live)
		buf_text(&s->out, s->row + 1 < s->rows ? "\033[K\r\n" : "\033[K");
	else
		buf_byte(&s->out, '\n');
	s->row++;
	s->col = 0;
}

void
screen_bottom(struct screen *s)
{
	while (s->live && screen_left(s) > 1)
		screen_next(s);
}

void
screen_end(struct screen *s)
{
	if (s->col)
		screen_next(s);
	if (s->live && screen_left(s))
		buf_text(&s->out, "\033[J");
}

/* --- tables --- */

static size_t
cell_width(const char *text)
{
	return text ? text_width(text, strlen(text)) : 0;
}

/* Widths of the columns, 0 for one that is empty. */
static void
grid_measure(const struct grid *g, size_t *widths)
{
	size_t i, width;

	for (i = 0; i < g->n * g->rows; i++) {
		width = cell_width(g->cells[i].text);
		if (width > widths[i % g->n])
			widths[i % g->n] = width;
	}
	for (i = 0; i < g->n; i++) {
		width = cell_width(g->titles[i]);
		if (widths[i] && width > widths[i])
			widths[i] = width;
	}
}

/* The first title may be that of the whole table, and is never cut. */
static size_t
narrowest(const struct grid *g, size_t column)
{
	size_t title = column ? 0 : cell_width(g->titles[0]);

	return title > COLUMN_LEAST ? title : COLUMN_LEAST;
}

/* Shrinks the widest columns until all fit; the rest is cut at the edge. */
static void
grid_narrow(const struct grid *g, size_t *widths, size_t cols)
{
	size_t i, widest, sum;

	for (;;) {
		for (i = sum = 0, widest = g->n; i < g->n; i++) {
			sum += widths[i] ? widths[i] + GAP : 0;
			if (widths[i] > narrowest(g, i) &&
			    (widest == g->n || widths[i] > widths[widest]))
				widest = i;
		}
		if (sum <= cols + GAP || widest == g->n)
			return;
		widths[widest]--;
	}
}

static void
grid_cell(struct screen *s, const struct cell *cell, size_t width)
{
	struct buf safe = {.arena = s->out.arena};
	size_t n, end = s->col + width + GAP, edge = s->col + width;

	if (!width || s->col >= s->cols)
		return;
	if (cell->text)
		text_escape(&safe, cell->text, strlen(cell->text));
	edge = edge < s->cols ? edge : s->cols;
	n = safe.n ? text_fitting(safe.p, safe.n, edge - s->col) : 0;
	if (n < safe.n) { /* the last column marks that text was cut */
		n = text_fitting(safe.p, safe.n, edge - s->col - 1);
		screen_put(s, cell->tint, safe.p, n);
		screen_put(s, cell->tint, "…", strlen("…"));
	} else if (n) {
		screen_put(s, cell->tint, safe.p, n);
	}
	while (s->col < end && s->col < s->cols)
		screen_put(s, TINT_NONE, " ", 1);
}

void
screen_grid(struct screen *s, const struct grid *g)
{
	size_t *widths = arena_alloc(s->out.arena, g->n * sizeof *widths);
	size_t i, row;

	grid_measure(g, widths);
	grid_narrow(g, widths, s->cols);
	for (i = 0; i < g->n; i++) {
		struct cell title = {g->titles[i], TINT_DIM};

		grid_cell(s, &title, widths[i]);
	}
	screen_next(s);
	for (row = 0; row < g->rows && screen_left(s); row++) {
		for (i = 0; i < g->n; i++)
			grid_cell(s, &g->cells[row * g->n + i], widths[i]);
		screen_next(s);
	}
}
