/* sched_internal: what the scheduler remembers of one transaction. Its owners are dirt.c and
 * starvation.c; nobody else looks in. */
#ifndef SCHED_SCHED_INTERNAL_H
#define SCHED_SCHED_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cluster;
struct starving;

/* What changes of this transaction may let placing go on (dirt.h); seq: the first such event. */
struct dirt {
	uint64_t *freed, freed_seq; /* nodes */
	size_t freed_n;
	uint64_t *dead; /* nodes that ended in this transaction: what they free is nobody's */
	size_t dead_n;
	bool unblocked;
	uint64_t unblocked_seq;
	uint64_t lessened_seq;	   /* 0: no node offers less */
	uint64_t waits, waits_seq; /* ref of the record that began to wait, if it is the only one */
	size_t waits_n;		   /* how many began to wait */
};

/* What has waited too long, first in line first. */
struct starvation {
	struct starving *v;
	size_t n;
	bool known;
};

struct sched {
	struct dirt dirt;
	struct starvation starvation;
};

/* That of this transaction, made when it is first asked for. */
struct sched *sched_of(struct cluster *c);

#endif
