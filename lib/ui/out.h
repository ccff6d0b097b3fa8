/*
 * out: where results go. Bytes are gathered and written in large pieces. While holding, nothing is
 * written (a change is printed only after its commit). When not holding and the reader is slow (100
 * ms), what follows is kept in memory, so that a read transaction is never held open by somebody's
 * pager; out_flush writes it out. A closed pipe sets `closed` and is no failure. SIGPIPE is ignored
 * by main.
 */
#ifndef UI_OUT_H
#define UI_OUT_H

#include <stdbool.h>
#include <stddef.h>

struct err;

struct out {
	int fd;
	bool holding, slow, closed, regular;
	bool plain; /* certainly no terminal */
	int failed; /* errno of the first failed write */
	char *p;    /* malloc'ed */
	size_t n, size;
	size_t written; /* bytes that have left, in all */
};

void out_init(struct out *o, int fd);
void out_done(struct out *o);
void out_add(struct out *o, const void *p, size_t n);
void out_text(struct out *o, const char *text);
void out_printf(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Forgets what was gathered and not written: a transaction's second run starts afresh. */
void out_reset(struct out *o);

/*
 * Ends holding and writes everything, waiting for slow readers. ERR_STORE, "write error: …", if a
 * write failed.
 */
int out_flush(struct out *o, struct err *e);

#endif
