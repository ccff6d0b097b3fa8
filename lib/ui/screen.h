/*
 * screen: one frame of text, line by line, cut to the size of a terminal. Live, it is a picture to
 * be written over the one before; else it is plain lines without escapes. Texts are shown with
 * their control bytes escaped, so that nobody's name moves the terminal.
 */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"

struct arena;

enum tint { TINT_NONE, TINT_TITLE, TINT_DIM, TINT_GOOD, TINT_WARN, TINT_BAD, TINT_BAR };

struct screen {
	struct buf out;	   /* what is to be written, after screen_end */
	size_t rows, cols; /* of the terminal */
	size_t row, col;   /* where the next text goes, from 0 */
	bool live, color;
};

/* live: with cursor movements; color: tints are shown (only where live). */
void screen_begin(
    struct screen *s, struct arena *a, size_t rows, size_t cols, bool live, bool color);

/* Adds to the line; what goes beyond the last column or row is not shown. */
void screen_text(struct screen *s, enum tint tint, const char *text);
void screen_printf(struct screen *s, enum tint tint, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void screen_next(struct screen *s);	    /* ends the line */
size_t screen_left(const struct screen *s); /* lines that are free, this one among them */
void screen_bottom(struct screen *s);	    /* goes down to the last line; only where live */

/* Ends the frame: what was on the screen below it is gone. */
void screen_end(struct screen *s);

/*
 * A table: cells of a column stand below each other; a column that no row has something in is left
 * out. Columns too wide for the screen lose the end of their cells.
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

/* The line with the titles, and the rows, as many as have room. */
void screen_grid(struct screen *s, const struct grid *grid);

/* What puts a terminal in order for pictures, and back: escape sequences. */
#define SCREEN_ENTER "\033[?1049h\033[?25l"
#define SCREEN_LEAVE "\033[0m\033[?25h\033[?1049l"

#endif
