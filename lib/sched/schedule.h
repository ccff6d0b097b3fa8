/* schedule: who gets which node, and in which order what waits is placed. */
#ifndef SCHED_SCHEDULE_H
#define SCHED_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "rec/records.h"

struct cluster;
struct err;
struct image;
struct kind;

/* In one transaction; what is left is marked and goes on with the next. */
#define PLACED_MOST 1000

/*
 * The node on which a demand is best placed now: 1 and its id, 0 if it fits nowhere. Equal scores
 * fall to the fuller node, then to the lower id. of: ref of what is being placed, or 0. nodes: only
 * these (n of them), or NULL for all.
 */
int schedule_pick(struct cluster *c, struct image *image, const struct demand *demand, uint64_t of,
    const uint64_t *nodes, size_t n, uint64_t *node, struct err *e);

/*
 * Grants what the demand (NULL: nothing but a node) asks for to the owner (ref), on the best node
 * or in its group: 1 and the lease, 0 if it fits nowhere now, -1.
 */
int schedule_lease(struct cluster *c, const struct demand *demand, uint64_t owner,
    const uint64_t *nodes, size_t n, uint64_t cause, struct lease *lease, struct err *e);

/* Whether a record of the queue would be placed, were it tried now: 1, 0 or -1. Changes nothing. */
int schedule_fits(struct cluster *c, const struct kind *kind, uint64_t id, struct err *e);

/* How many of those that have waited for longer than starvation_age stand before one of this
 * priority and age. */
int starvation_count(struct cluster *c, int64_t priority, uint64_t born, size_t *n, struct err *e);

/* Who among them is left a node that would do for this demand of this record; *whom: its ref, 0
 * nobody. */
struct image_node;
int starvation_kept(struct cluster *c, struct image *image, const struct demand *demand,
    uint64_t of, const struct image_node *node, uint64_t *whom, struct err *e);

/*
 * A record began to wait in this transaction. seq: the event. It is tried when the command is done.
 */
void schedule_waits(struct cluster *c, const struct kind *kind, uint64_t id, uint64_t seq);

/* Takes notice of a change of a node, an actor, a lease or a setting. For record.c (kind.h). */
void starvation_follow(
    struct cluster *c, const struct kind *kind, const void *old, const void *new);

/*
 * Places what waits and fits now on nodes that came to have more in this transaction, in the order
 * of the queue, until nothing more follows. To be called when a command is done, so that the state
 * is at rest.
 */
int schedule_rest(struct cluster *c, struct err *e);

/* Goes on where a transaction left something over. *more: something is left still. */
int schedule_continue(struct cluster *c, bool *more, struct err *e);
bool schedule_left_over(struct cluster *c);

#endif
