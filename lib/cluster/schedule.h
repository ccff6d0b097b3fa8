/*
 * schedule: who gets which node. What waits stands in a queue by shape (the canonical bytes of its
 * demand), so that freeing a resource costs O(shapes), not O(waiting); within a shape by priority,
 * then age.
 */
#ifndef CLUSTER_SCHEDULE_H
#define CLUSTER_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/slice.h"
#include "rec/records.h"

struct cluster;
struct derived;
struct err;
struct image;
struct kind;

#define PLACED_MOST                                                                                \
	1000 /* in one transaction; what is left is marked and goes on with the next               \
	      */

/* The row of the queue for a record that waits. shape: the canonical bytes of all that decides
 * where it fits. */
void derive_waiting(struct derived *to, const struct kind *kind, struct slice shape,
    int64_t priority, uint64_t born, uint64_t id);

/*
 * The node on which a demand is best placed now: 1 and its id, 0 if it fits nowhere. Equal scores
 * fall to the fuller node, then to the lower id. of: ref of what is being placed, or 0. nodes: only
 * these (n of them), or NULL for all.
 */
int schedule_pick(struct cluster *c, struct image *image, const struct demand *demand, uint64_t of,
    const uint64_t *nodes, size_t n, uint64_t *node, struct err *e);

/* Calls visit for each shape in the queue, with the first that waits and how many do. */
int schedule_shapes(struct cluster *c,
    int (*visit)(struct cluster *c, const struct kind *kind, uint64_t first, uint64_t count,
	void *argument, struct err *e),
    void *argument, struct err *e);

/* A record began to wait in this transaction. seq: the event. It is tried when the command is done.
 */
void schedule_waits(struct cluster *c, const struct kind *kind, uint64_t id, uint64_t seq);

/* What has waited for longer than starvation_age: later demands leave it the nodes that could serve
 * it. */
struct starving {
	const struct demand *demand;
	int64_t priority;
	uint64_t born;
};

/*
 * Places what waits and fits now on nodes that came to have more in this transaction, in the order
 * of the queue, until nothing more follows. To be called when a command is done, so that the state
 * is at rest.
 */
int schedule_rest(struct cluster *c, struct err *e);

/* Goes on where a transaction left something over. *more: something is left still. */
int schedule_continue(struct cluster *c, bool *more, struct err *e);
bool schedule_left_over(struct cluster *c);

/* A node came to have more: by a lease that ended, or a change of its own. seq: the event. */
void schedule_freed(struct cluster *c, uint64_t node, uint64_t seq);

#endif
