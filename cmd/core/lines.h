/* lines: reads input line by line, within limits, and splits lines into words. */
#ifndef CMD_CORE_LINES_H
#define CMD_CORE_LINES_H

#include <stddef.h>

struct arena;
struct err;
struct hash;

/* A line without its newline, in the arena: it and one byte after it may be written to. */
typedef int line_take(void *argument, char *line, size_t n, size_t number, struct err *e);

struct lines {
	int fd;
	size_t line_most, all_most; /* MiB: of a line, of the whole input */
	struct hash *hash;	    /* of all that is read; NULL: not needed */
	struct arena *arena;	    /* keeps what is read */
	line_take *take;
	void *argument;
};

/*
 * Reads to the end, and gives each line to `take` as soon as it is complete. Errors: those of
 * `take`, prefixed with the line's number; ERR_USAGE if a line or the input is too long, ERR_STORE.
 */
int lines_read(const struct lines *lines, struct err *e);

/*
 * Splits a line into words as a shell does (quotes, backslashes, # comments). The words overwrite
 * the line and one byte after it; the array, ended by NULL, is in the arena. ERR_USAGE.
 */
int lines_words(char *line, size_t n, char ***words, struct arena *a, struct err *e);

#endif
