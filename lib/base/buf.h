/*
 * buf: a growing byte buffer, in an arena. Start from {.arena = a}. p is NUL-terminated after every
 * call.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>
#include <stdint.h>
#include "base/slice.h"

struct arena;

struct buf {
	struct arena *arena;
	char *p; /* NULL until the first addition */
	size_t n, size;
};

void buf_add(struct buf *b, const void *p, size_t n);
void buf_byte(struct buf *b, int c);
void buf_text(struct buf *b, const char *text);
void buf_u64(struct buf *b, uint64_t value); /* decimal */
void buf_i64(struct buf *b, int64_t value);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * At least n writable bytes at b->p + b->n; the caller adds the number written to b->n (buf_string
 * adds the NUL).
 */
char *buf_reserve(struct buf *b, size_t n);

/* The contents of b; valid until the next addition. */
struct slice buf_slice(const struct buf *b);

/* The text so far, "" if nothing was added. */
const char *buf_string(const struct buf *b);

#endif
