/* computed: the input from which the verb of a kind fills the computed fields of its records. */
#ifndef STATE_COMPUTED_H
#define STATE_COMPUTED_H

#include <stdbool.h>
#include <stdint.h>
#include "store/pulse.h"

struct computed {
	struct look look;   /* the monitor's last; all 0: none yet */
	struct beat *beats; /* by number, from 1; NULL: read one by one */
	uint64_t count;	    /* of beats */
	uint64_t period_ms; /* interval between beats of a node */
	bool past;	    /* an earlier state, for which no beats are stored */
	bool values;	    /* kv: with the values */
};

#endif
