/* sched_internal: the scheduler's state within one transaction. Only dirt.c and starvation.c use
 * it. */
#ifndef SCHED_SCHED_INTERNAL_H
#define SCHED_SCHED_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cluster;
struct starving;

/* Changes of this transaction that may allow placements (dirt.h); seq: the first such event. */
struct dirt {
	uint64_t *freed, freed_seq; /* nodes */
	size_t freed_n;
	uint64_t *dead; /* nodes that ended in this transaction: what they free is not available */
	size_t dead_n;
	bool unblocked;
	uint64_t unblocked_seq;
	uint64_t lessened_seq;	   /* 0: no node offers less */
	uint64_t waits, waits_seq; /* ref of the newly queued record, if it is the only one */
	size_t waits_n;		   /* number of newly queued records */
};

/* The starving records, in queue order. */
struct starvation {
	struct starving *v;
	size_t n;
	bool known;
};

struct sched {
	struct dirt dirt;
	struct starvation starvation;
};

/* The state of this transaction, created on first use. */
struct sched *sched_of(struct cluster *c);

#endif
