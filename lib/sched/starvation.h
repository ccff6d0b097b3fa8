/*
 * starvation: what has waited for longer than starvation_age, and the nodes that are kept for it.
 * Within a transaction nothing begins to starve; what does may be placed, or end.
 */
#ifndef SCHED_STARVATION_H
#define SCHED_STARVATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cluster;
struct demand;
struct err;
struct image_node;
struct starving;
struct waiter;

/* What starves, the first in line first. */
struct starving_list {
	const struct starving *v;
	size_t n;
};

/* Finds what starves, unless that is known. */
int starvation_find(struct cluster *c, struct err *e);

/* That of it which stands before one of this priority and age. */
int starvation_ahead(
    struct cluster *c, int64_t priority, uint64_t born, struct starving_list *ahead, struct err *e);

/* That which stands before this record (ref); of 0, and of what never waits: all. */
int starvation_before(struct cluster *c, uint64_t of, struct starving_list *before, struct err *e);

/* For which of it a node is kept that would do for this demand of this record; *whom: its ref, 0
 * for none. */
int starvation_kept(struct cluster *c, const struct demand *demand, uint64_t of,
    const struct image_node *node, uint64_t *whom, struct err *e);

/* Whether something that waits does so for too long. */
int starvation_starved(
    struct cluster *c, const struct waiter *waiter, bool *starved, struct err *e);

/* What starved may have been placed, or have ended: it is looked for anew. */
void starvation_forget(struct cluster *c, bool all);

#endif
