/*
 * cascade: ends what depends on a record that ended. One loop over the kinds, in the order of
 * struct kind, `with`, over two indexes: records on a node and records owned by a record.
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
	uint64_t of;		  /* ref of the record that ended */
	uint64_t seq;		  /* the event that ended it */
	bool drained;		  /* a node: it was draining */
	bool cancelled;		  /* a job: stopped on request */
	uint64_t grace_ms;	  /* a job: from SIGTERM to SIGKILL; 0: as its parts say */
	uint64_t *bereft;	  /* for the loop: nbereft records that lost leases with a node */
	size_t nbereft;
};

int cascade(struct cluster *c, struct cascade *cascade, struct err *e);

#endif
