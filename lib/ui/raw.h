/*
 * raw: a terminal from which keys come at once and unseen. Signals of the keyboard stay what they
 * are; Ctrl-S and Ctrl-Q are keys, so that nobody is left waiting for a terminal that somebody
 * stopped.
 */
#ifndef UI_RAW_H
#define UI_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

struct raw {
	int fd;
	bool on;
	struct termios before;
};

/*
 * Takes a terminal's modes as they are, and changes them; what is no terminal is left alone.
 * raw_end first, before doing so again.
 */
void raw_begin(struct raw *raw, int fd);

/* Gives them back. Twice is once; safe in a signal handler. */
void raw_end(struct raw *raw);

/* Columns and rows of a terminal; false: it does not say. */
bool raw_size(int fd, size_t *cols, size_t *rows);

#endif
