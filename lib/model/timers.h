/*
 * tick: what time brings. Deterministic, idempotent, bounded for each transaction, silent if
 * nothing was due. And the observation of silence, which is checked again inside the transaction
 * that acts on it.
 */
#ifndef MODEL_TIMERS_H
#define MODEL_TIMERS_H

#include <stdbool.h>
#include <stdint.h>
#include "store/pulse.h"

struct cluster;
struct err;

#define TIMERS_MOST 1000 /* records in one transaction */

/* When the next thing is due (0: nothing is). Things whose time has come count as due now. */
int timers_next(struct cluster *c, uint64_t *due_ms, struct err *e);

/* Applies what is due. *more: there is more than fits into this transaction. */
int tick(struct cluster *c, bool *more, struct err *e);

/* A node whose silence was observed, at which rev and after which beat. */
struct silent_node {
	uint64_t id, rev, silent_ms;
};

/*
 * Nodes that have been silent for longer than their timeout, at most TIMERS_MOST, in the arena; and
 * how long until the next one could be (*next_ms, UINT64_MAX: never). Nodes that are drained to be
 * kept, or never time out, are not judged.
 */
int liveness_find(struct cluster *c, struct pulse *pulse, const struct look *look,
    struct silent_node **found, size_t *n, uint64_t *next_ms, struct err *e);

/* Ends those that are still as they were observed. */
int liveness_end(struct cluster *c, struct pulse *pulse, const struct look *look,
    const struct silent_node *found, size_t n, struct err *e);

#endif
