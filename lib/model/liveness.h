/*
 * liveness: finds nodes that have been silent for too long. Each observation is checked again
 * inside the transaction that acts on it.
 */
#ifndef MODEL_LIVENESS_H
#define MODEL_LIVENESS_H

#include <stddef.h>
#include <stdint.h>
#include "store/pulse.h"

struct cluster;
struct err;

#define LIVENESS_MOST 1000 /* nodes in one transaction */

/* A silent node, and its rev. */
struct silent_node {
	uint64_t id, rev, silent_ms;
};

/* The result of an observation. */
struct silence {
	struct look look;      /* of the monitor; set by the caller */
	struct silent_node *v; /* at most LIVENESS_MOST, in the arena */
	size_t n;
	uint64_t next_ms; /* time until the next node could time out; UINT64_MAX: never */
};

/* Finds nodes silent for longer than their timeout, by c->pulse. Skips nodes that never time out
 * and nodes drained with `keep`. */
int liveness_find(struct cluster *c, struct silence *silence, struct err *e);

/* Ends the nodes whose rev is still as observed. */
int liveness_end(struct cluster *c, const struct silence *silence, struct err *e);

#endif
