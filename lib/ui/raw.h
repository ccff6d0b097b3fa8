/*
 * raw: a terminal in unbuffered mode without echo. Keyboard signals still work; Ctrl-S and Ctrl-Q
 * are ordinary keys, so that the terminal cannot be left stopped.
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
 * Saves a terminal's modes and changes them; does nothing if it is not a terminal. Call raw_end
 * before beginning again.
 */
void raw_begin(struct raw *raw, int fd);

/* Restores the modes. Idempotent; safe in a signal handler. */
void raw_end(struct raw *raw);

/* Columns and rows of a terminal; false: unknown. */
bool raw_size(int fd, size_t *cols, size_t *rows);

#endif
