/*
 * output: where a child's stdout and stderr go.
 *
 * Without a limit give the child the descriptor of output_direct: it costs nothing, and goes on
 * when the supervisor dies. With one give it a pipe and copy: NAME grows to limit bytes, then
 * becomes NAME.1, and so on up to NAME.keep; files are cut after a line where one ends within the
 * limit. Who copies ignores SIGXFSZ, so that a limit on files is a full disk. What the child says
 * once the supervisor is dead is lost, and it gets SIGPIPE.
 */
#ifndef PROC_OUTPUT_H
#define PROC_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define OUTPUT_KEEP_MAX 99
#define OUTPUT_NAME_MAX 240
#define OUTPUT_LIMIT_MIN 256

struct err;

struct output {
	/* fd -1: the file could not be opened, and is tried again with the next bytes */
	int dir, fd;
	char name[OUTPUT_NAME_MAX + 1];
	uint64_t limit, size;
	unsigned keep;
	mode_t mode;
	uint64_t lost; /* bytes that are not in a file, and of which no file tells yet */
};

/* Opens the file to append; -1: ERR_STORE. A symbolic link is not followed. */
int output_direct(int dir, const char *name, mode_t mode, struct err *e);

/*
 * dir stays the caller's, and open as long as the output. limit: bytes, at least OUTPUT_LIMIT_MIN;
 * keep: at most OUTPUT_KEEP_MAX; name: at most OUTPUT_NAME_MAX bytes (else ERR_USAGE). An existing
 * file is gone on with. ERR_STORE.
 */
int output_open(struct output *o, int dir, const char *name, mode_t mode, struct err *e);
void output_limit(struct output *o, uint64_t limit, unsigned keep);

/*
 * Never fails: what a full disk does not take is counted, and once it takes something again a line
 * says how many bytes are missing.
 */
void output_put(struct output *o, const char *p, size_t n);

/*
 * Copies what is in the pipe (O_NONBLOCK), at most 1 MiB. True: it may have more later; false:
 * nobody can write to it any more.
 */
bool output_copy(struct output *o, int from);

/* Tells of what is lost if it can; returns the bytes of which no file tells. */
uint64_t output_close(struct output *o);

#endif
