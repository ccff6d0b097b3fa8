/*
 * screen: one frame of text, line by line, cut to the size of a terminal. A live frame overwrites
 * the previous one; else it is plain lines without escapes. Control bytes in texts are escaped, so
 * that no name can control the terminal.
 */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"

struct arena;

enum tint { TINT_NONE, TINT_TITLE, TINT_DIM, TINT_GOOD, TINT_WARN, TINT_BAD, TINT_BAR };

struct screen {
	struct buf out;	   /* the output, complete after screen_end */
	size_t rows, cols; /* of the terminal */
	size_t row, col;   /* position of the next text, from 0 */
	bool live, color;
};

/* live: with cursor movements; color: tints are shown (only where live). */
void screen_begin(
    struct screen *s, struct arena *a, size_t rows, size_t cols, bool live, bool color);

/* Adds to the line; text beyond the last column or row is not shown. */
void screen_text(struct screen *s, enum tint tint, const char *text);
void screen_printf(struct screen *s, enum tint tint, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void screen_next(struct screen *s);	    /* ends the line */
size_t screen_left(const struct screen *s); /* free lines, including this one */
void screen_bottom(struct screen *s);	    /* goes down to the last line; only where live */

/* Ends the frame, clearing the screen below it. */
void screen_end(struct screen *s);

/*
 * A table with aligned columns; a column empty in all rows is omitted. Cells of columns too wide
 * for the screen are truncated.
 */
struct cell {
	const char *text; /* NULL: nothing */
	enum tint tint;
};
struct grid {
	const char *const *titles; /* n of them */
	size_t n, rows;
	const struct cell *cells; /* rows times n, row by row */
};

/* The line of titles, and as many rows as fit. */
void screen_grid(struct screen *s, const struct grid *grid);

/* Escape sequences that prepare a terminal for live frames, and restore it. */
#define SCREEN_ENTER "\033[?1049h\033[?25l"
#define SCREEN_LEAVE "\033[0m\033[?25h\033[?1049l"

#endif
