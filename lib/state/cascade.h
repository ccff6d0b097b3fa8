/*
 * cascade: what goes when something ends. One loop over the kinds, each in its turn (struct kind,
 * `with`), along the two indexes of what a node has and what a record owns.
 */
#ifndef STATE_CASCADE_H
#define STATE_CASCADE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "state/kind.h"

struct cluster;
struct err;

struct cascade {
	enum cascade_cause cause; /* CASCADE_OWNER follows by itself */
	uint64_t of;		  /* ref of what ended */
	uint64_t seq;		  /* the event of its end */
	bool drained;		  /* a node: it was being drained */
	bool cancelled;		  /* a job: somebody wished it */
	uint64_t grace_ms;	  /* a job: between SIGTERM and SIGKILL; 0: as its parts say */
	uint64_t *bereft; /* for the loop: those that lost leases with a node, nbereft of them */
	size_t nbereft;
};

int cascade(struct cluster *c, struct cascade *cascade, struct err *e);

#endif
