/* pg: placement groups: bundles of resources, granted all at once or not at all. */
#ifndef MODEL_PG_H
#define MODEL_PG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "rec/records.h"
#include "state/kind.h"

#define BUNDLES_MOST 1000 /* in one group */

/* Creates the group described by `wanted` and fills *wanted; it is placed at the end of the
 * command. ERR_REFUSED (name taken), ERR_USAGE. */
int pg_create(struct cluster *c, struct pg *wanted, struct err *e);

/* Ends the group and the work in it. */
int pg_remove(struct cluster *c, struct pg *pg, uint64_t cause, struct err *e);

/*
 * Places all bundles without a node at once: 1 placed, 0 they do not fit. Tries the hardest bundles
 * and the best nodes first, at most GROUP_STEPS placements in all.
 */
#define GROUP_STEPS 2000
int pg_place(
    struct cluster *c, void *record, const struct among *nodes, uint64_t cause, struct err *e);

/* Whether pg_place would succeed: 1, 0 or -1. */
int pg_fits(struct cluster *c, const void *record, struct err *e);

/* Whether the group would fit if its bundles on this node, which accepts nothing new, moved
 * elsewhere: 1, 0, -1. */
int pg_fits_without(struct cluster *c, const struct pg *pg, uint64_t node, struct err *e);

/* This many of its bundles are about to move to other nodes: RESCHEDULING. *seq: the event. */
int pg_moves(struct cluster *c, struct pg *pg, uint64_t bundles, uint64_t cause, uint64_t *seq,
    struct err *e);

/* The node of each bundle, 0 where it has none, in the arena. */
int pg_nodes(struct cluster *c, const struct pg *pg, uint64_t **nodes, struct err *e);

/* The nodes, ascending, that could serve its missing bundles if they were empty; none if all of
 * them together could not. They live as long as the transaction. */
int pg_could_have(
    struct cluster *c, const void *record, const uint64_t **nodes, size_t *n, struct err *e);

/* Its queue priority: a group that lost bundles comes before everything else. */
int64_t pg_priority(const struct pg *pg);

bool pg_waits(const struct pg *pg);

/* Other verbs of the kind (state/kind.h). */
void pg_derive(const struct kind *kind, const void *record, struct derived *to);
void pg_waiter(const void *record, struct waiter *to);
int pg_bereft(struct cluster *c, uint64_t id, uint64_t cause, struct err *e);
kind_goes pg_job_ended;
int pg_computed(struct cluster *c, void *record, const struct computed *from, struct err *e);

#endif
