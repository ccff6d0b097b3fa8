/* schedule: chooses a node for each record, and the order in which the queue is placed. */
#ifndef SCHED_SCHEDULE_H
#define SCHED_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "rec/records.h"

struct cluster;
struct err;
struct kind;

/* Per transaction; the rest is marked and continued by the next. */
#define PLACED_MOST 1000

/* Nodes to choose from: n of them; v NULL: all. */
struct among {
	const uint64_t *v;
	size_t n;
};

/* What to place. */
struct seeking {
	const struct demand *demand; /* NULL: nothing but a node */
	uint64_t of;		     /* ref of its record; 0: none */
	struct among among;
};

/*
 * The best node for it now: 1 and its id, 0 if it fits nowhere. Equal scores go to the fuller node,
 * then to the lower id. Placement groups are ignored.
 */
int schedule_pick(struct cluster *c, const struct seeking *seeking, uint64_t *node, struct err *e);

/* Grants the demand to seeking->of, on the best node or in its group: 1 and the lease, 0 if it fits
 * nowhere now, -1. */
int schedule_lease(struct cluster *c, const struct seeking *seeking, uint64_t cause,
    struct lease *lease, struct err *e);

/* Whether schedule_lease would succeed: 1, 0 or -1. */
int schedule_fits(struct cluster *c, const struct seeking *seeking, struct err *e);

/*
 * Places queued records on what this transaction has freed, in queue order, until nothing more
 * fits. Called at the end of a command, so that the state is at rest.
 */
int schedule_rest(struct cluster *c, struct err *e);

/* Continues the work a transaction left over. *more: some is still left. */
int schedule_continue(struct cluster *c, bool *more, struct err *e);
int schedule_left_over(struct cluster *c, bool *left, struct err *e);

#endif
