/*
 * liveness: which nodes have been silent for too long. What was observed is judged again inside the
 * transaction that acts on it.
 */
#ifndef MODEL_LIVENESS_H
#define MODEL_LIVENESS_H

#include <stddef.h>
#include <stdint.h>
#include "store/pulse.h"

struct cluster;
struct err;

#define LIVENESS_MOST 1000 /* nodes in one transaction */

/* A node that was silent, and at which rev. */
struct silent_node {
	uint64_t id, rev, silent_ms;
};

/* What was observed. */
struct silence {
	struct look look;      /* the monitor's: given */
	struct silent_node *v; /* at most LIVENESS_MOST, in the arena */
	size_t n;
	uint64_t next_ms; /* how long until the next node could be silent; UINT64_MAX: never */
};

/* Nodes that have been silent for longer than their timeout, by c->pulse. Nodes that are drained to
 * be kept, or never time out, are not judged. */
int liveness_find(struct cluster *c, struct silence *silence, struct err *e);

/* Ends those that are still as they were observed. */
int liveness_end(struct cluster *c, const struct silence *silence, struct err *e);

#endif
