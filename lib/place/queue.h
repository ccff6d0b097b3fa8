/*
 * queue: what waits stands in a queue by shape (the canonical bytes of all that decides where it
 * fits), so that freeing a resource costs O(shapes), not O(waiting); within a shape by priority,
 * then age.
 */
#ifndef PLACE_QUEUE_H
#define PLACE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/slice.h"
#include "state/kind.h"
#include "state/key.h"

struct cluster;
struct err;

#define QUEUE_TAIL 25 /* bytes of a row after the shape: priority, born, kind, id */

/* The row of the queue for a record that waits. */
void queue_derive(struct derived *to, const struct kind *kind, struct slice shape, int64_t priority,
    uint64_t born, uint64_t id);

/* The first of a shape that still stands in the queue. */
struct head {
	struct key key;
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

/* Priority first, then age. */
bool queue_before(const struct head *a, const struct head *b);

/* How many stand before one of this priority and birth. Reads the whole queue. */
int queue_ahead(struct cluster *c, int64_t priority, uint64_t born, uint64_t *count, struct err *e);

/* Calls visit for each shape in the queue, with the first that waits and how many do. */
int queue_shapes(struct cluster *c,
    int (*visit)(struct cluster *c, const struct kind *kind, uint64_t first, uint64_t count,
	void *argument, struct err *e),
    void *argument, struct err *e);

#endif
