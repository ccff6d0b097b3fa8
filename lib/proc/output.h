/*
 * output: files for a child's stdout and stderr.
 *
 * Without a limit, give the child the descriptor of output_direct: it is free, and survives the
 * supervisor. With a limit, give it a pipe and copy: NAME grows to limit bytes, then becomes
 * NAME.1, and so on up to NAME.keep; files are split after a line if one ends within the limit. The
 * copier ignores SIGXFSZ, so that a file size limit acts like a full disk. If the supervisor dies,
 * later output of the child is lost, and it gets SIGPIPE.
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
	/* fd -1: the file could not be opened; retried with the next bytes */
	int dir, fd;
	char name[OUTPUT_NAME_MAX + 1];
	uint64_t limit, size;
	unsigned keep;
	mode_t mode;
	uint64_t lost; /* bytes lost and not yet reported in a file */
};

/* Opens the file to append; -1: ERR_STORE. A symbolic link is not followed. */
int output_direct(int dir, const char *name, mode_t mode, struct err *e);

/*
 * The caller keeps dir, open for as long as the output. limit: bytes, at least OUTPUT_LIMIT_MIN;
 * keep: at most OUTPUT_KEEP_MAX; name: at most OUTPUT_NAME_MAX bytes (else ERR_USAGE). An existing
 * file is appended to. ERR_STORE.
 */
int output_open(struct output *o, int dir, const char *name, mode_t mode, struct err *e);
void output_limit(struct output *o, uint64_t limit, unsigned keep);

/*
 * Never fails: bytes lost to a full disk are counted, and once writes succeed again a line reports
 * how many are missing.
 */
void output_put(struct output *o, const char *p, size_t n);

/*
 * Copies the contents of the pipe (O_NONBLOCK), at most 1 MiB. True: more may follow; false: the
 * pipe has no writer left.
 */
bool output_copy(struct output *o, int from);

/* Reports lost bytes if possible; returns the number not reported in a file. */
uint64_t output_close(struct output *o);

#endif
