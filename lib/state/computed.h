/* computed: what the computed fields of records are filled from, by the verb of their kind. */
#ifndef STATE_COMPUTED_H
#define STATE_COMPUTED_H

#include <stdbool.h>
#include <stdint.h>
#include "store/pulse.h"

struct computed {
	struct look look;   /* the monitor's last; all 0: none yet */
	struct beat *beats; /* by number, from 1; NULL: read one by one */
	uint64_t count;	    /* of beats */
	uint64_t period_ms; /* in which a node beats */
	bool past;	    /* of an earlier state, of which no beats are kept */
	bool values;	    /* kv: with the values */
};

#endif
