/* schedule: which node each record gets, and in which order what waits is placed. */
#ifndef SCHED_SCHEDULE_H
#define SCHED_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "rec/records.h"

struct cluster;
struct err;
struct kind;

/* In one transaction; what is left is marked and goes on with the next. */
#define PLACED_MOST 1000

/* Nodes to choose from: n of them; v NULL: all. */
struct among {
	const uint64_t *v;
	size_t n;
};

/* What is to be placed. */
struct seeking {
	const struct demand *demand; /* NULL: nothing but a node */
	uint64_t of;		     /* ref of its record; 0: none */
	struct among among;
};

/*
 * The node on which it is best placed now: 1 and its id, 0 if it fits nowhere. Equal scores fall to
 * the fuller node, then to the lower id. Placement groups are not looked at.
 */
int schedule_pick(struct cluster *c, const struct seeking *seeking, uint64_t *node, struct err *e);

/* Grants what the demand asks for to seeking->of, on the best node or in its group: 1 and the
 * lease, 0 if it fits nowhere now, -1. */
int schedule_lease(struct cluster *c, const struct seeking *seeking, uint64_t cause,
    struct lease *lease, struct err *e);

/* Whether schedule_lease would: 1, 0 or -1. */
int schedule_fits(struct cluster *c, const struct seeking *seeking, struct err *e);

/*
 * Places what waits and fits now on what this transaction has freed, in the order of the queue,
 * until nothing more follows. To be called when a command is done, so that the state is at rest.
 */
int schedule_rest(struct cluster *c, struct err *e);

/* Goes on where a transaction left something over. *more: something is still left. */
int schedule_continue(struct cluster *c, bool *more, struct err *e);
int schedule_left_over(struct cluster *c, bool *left, struct err *e);

#endif
