/*
 * starvation: records that have waited longer than starvation_age, and the nodes reserved for them.
 * Within a transaction no record begins to starve; a starving one may be placed, or end.
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

/* The starving records, in queue order. */
struct starving_list {
	const struct starving *v;
	size_t n;
};

/* Finds the starving records, unless already known. */
int starvation_find(struct cluster *c, struct err *e);

/* The starving records ahead of a record of this priority and age. */
int starvation_ahead(
    struct cluster *c, int64_t priority, uint64_t born, struct starving_list *ahead, struct err *e);

/* Those ahead of this record (ref); all, for 0 and for a record that never waits. */
int starvation_before(struct cluster *c, uint64_t of, struct starving_list *before, struct err *e);

/* The starving record for which a node that fits this record's demand is reserved; *whom: its ref,
 * 0 for none. */
int starvation_kept(struct cluster *c, const struct demand *demand, uint64_t of,
    const struct image_node *node, uint64_t *whom, struct err *e);

/* Whether a queued record starves. */
int starvation_starved(
    struct cluster *c, const struct waiter *waiter, bool *starved, struct err *e);

/* Forgets the starving records: they may have been placed, or have ended. */
void starvation_forget(struct cluster *c, bool all);

#endif
