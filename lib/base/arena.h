/*
 * arena: memory that lives as long as one turn of the program and is freed all at once. Callers
 * need not handle lack of memory: the arena calls `exhausted`, which does not return.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *head, *spare;
	void (*exhausted)(void);
};

struct arena_mark {
	struct arena_block *head;
	size_t used;
};

/* exhausted must not return. */
void arena_init(struct arena *a, void (*exhausted)(void));
void arena_done(struct arena *a);

/* Zeroed, aligned to 16 bytes, never NULL; n may be 0. */
void *arena_alloc(struct arena *a, size_t n);
void *arena_copy(struct arena *a, const void *p, size_t n);

/*
 * Grows p to n >= old bytes, in place if p is the newest allocation; the added bytes are not
 * zeroed. p may be NULL.
 */
void *arena_grow(struct arena *a, void *p, size_t old, size_t n);

/*
 * The growable array: room for one more element behind the n that are in v (NULL when n is 0);
 * returns where the array is from then on. Its capacity follows from n, so nothing else is kept.
 *
 *   v = arena_push(a, v, n, sizeof *v);
 *   v[n++] = …;
 */
void *arena_push(struct arena *a, void *v, size_t n, size_t size);

/* NULL in, NULL out. */
char *arena_strdup(struct arena *a, const char *text);
/* Copies n bytes and adds a NUL. */
char *arena_strndup(struct arena *a, const void *p, size_t n);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The rewind frees everything allocated after the mark. Marks nest like brackets. */
struct arena_mark arena_mark(struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark mark);

#endif
