/*
 * queue: queued records by shape (the canonical bytes of all that decides where a record fits), so
 * that freeing a resource costs O(shapes), not O(waiting); within a shape by priority, then age.
 */
#ifndef PLACE_QUEUE_H
#define PLACE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/slice.h"
#include "state/key.h"

struct cluster;
struct derived;
struct err;
struct kind;

/* What those that wait have alike, as the verb `waiter` of their kind says (state/kind.h). */
struct demand;
struct pg;
struct waiter {
	const struct demand *demand; /* NULL: none, or a group's */
	const struct pg *group;	     /* NULL: it is no group */
	int64_t priority;
	uint64_t born, since_ms;
	bool waits;
};

/* The row of the queue for a record that waits. */
void queue_derive(struct derived *to, const struct kind *kind, struct slice shape, int64_t priority,
    uint64_t born, uint64_t id);

/* The first of a shape that still stands in the queue. */
struct head {
	struct key key; /* for queue.c */
	unsigned kind;	/* number of the kind of the record that waits */
	uint64_t id;	/* of the record */
	bool blocked;
};
struct heads {
	struct head *v; /* in the cluster's arena */
	size_t n;
};

/* One row of each shape, by leaping from shape to shape. */
int queue_heads(struct cluster *c, struct heads *heads, struct err *e);

/* Takes a head to the next of its shape; blocked if there is none. */
int queue_advance(struct cluster *c, struct head *head, struct err *e);

/* The one to be placed first, by priority, then age, of those that are not blocked; NULL: none. */
struct head *queue_first(const struct heads *heads);

/* The length of the queue. Reads all of it. */
int queue_length(struct cluster *c, uint64_t *count, struct err *e);

/* The number of records ahead of this priority and birth. Reads the whole queue. */
int queue_ahead(struct cluster *c, int64_t priority, uint64_t born, uint64_t *count, struct err *e);

/* Calls visit for each shape in the queue, with its first record and their number. */
int queue_shapes(struct cluster *c,
    int (*visit)(struct cluster *c, const struct kind *kind, uint64_t first, uint64_t count,
	void *argument, struct err *e),
    void *argument, struct err *e);

#endif
