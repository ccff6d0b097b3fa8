/*
 * out: the output of results. Bytes are buffered and written in large pieces. While holding,
 * nothing is written (a change is printed only after its commit). If not holding and the reader is
 * slow (100 ms), further output stays in memory, so that a pager never holds a read transaction
 * open; out_flush writes it out. A closed pipe sets `closed` and is not an error. SIGPIPE is
 * ignored by main.
 */
#ifndef UI_OUT_H
#define UI_OUT_H

#include <stdbool.h>
#include <stddef.h>

struct err;

struct out {
	int fd;
	bool holding, slow, closed, regular;
	bool plain; /* certainly not a terminal */
	int failed; /* errno of the first failed write */
	char *p;    /* malloc'ed */
	size_t n, size;
	size_t written; /* bytes written, in all */
};

void out_init(struct out *o, int fd);
void out_done(struct out *o);
void out_add(struct out *o, const void *p, size_t n);
void out_text(struct out *o, const char *text);
void out_printf(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Discards buffered output: a rerun of a transaction starts afresh. */
void out_reset(struct out *o);

/*
 * Ends holding and writes everything, waiting for slow readers. ERR_STORE, "write error: …", if a
 * write failed.
 */
int out_flush(struct out *o, struct err *e);

#endif
