/* lines: input that is read line by line, within bounds, and the words of a line. */
#ifndef CMD_CORE_LINES_H
#define CMD_CORE_LINES_H

#include <stddef.h>

struct arena;
struct err;
struct hash;

/* A line without its end, in the arena: it may be written to, and one byte behind it too. */
typedef int line_take(void *argument, char *line, size_t n, size_t number, struct err *e);

struct lines {
	int fd;
	size_t line_most, all_most; /* MiB: of a line, of all of the input */
	struct hash *hash;	    /* of all that is read; NULL: it is not wanted */
	struct arena *arena;	    /* what is read stays in it */
	line_take *take;
	void *argument;
};

/*
 * Reads to the end, and gives each line, as soon as it is there, to `take`. Errors are those of
 * `take`, with the line's number in front; ERR_USAGE if a line or the input is too long, ERR_STORE.
 */
int lines_read(const struct lines *lines, struct err *e);

/*
 * The words of a line as a shell would read them (quotes, backslashes, # comments): in the line,
 * which they overwrite with a byte behind it; the array, ended by NULL, is in the arena. ERR_USAGE.
 */
int lines_words(char *line, size_t n, char ***words, struct arena *a, struct err *e);

#endif
