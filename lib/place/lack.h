/*
 * lack: why a demand does not fit. Produced as data by the rule itself; lib/why has the words and
 * the machine codes.
 */
#ifndef PLACE_LACK_H
#define PLACE_LACK_H

#include <stdbool.h>
#include <stdint.h>

enum lack_code {
	LACK_NONE, /* it fits */

	/* The node accepts nothing new. */
	LACK_DRAINING,
	LACK_DEAD,
	LACK_CORDONED,

	/* This node is excluded. */
	LACK_AFFINITY, /* another one is requested */
	LACK_AVOIDED,
	LACK_LABELS,

	/* A resource, of which `want` is requested. */
	LACK_TOTAL,	 /* the node has `have` in all */
	LACK_WHOLE,	 /* which is neither whole instances nor a part of one */
	LACK_FREE,	 /* `have` is free */
	LACK_FRAGMENTED, /* `have` is free, but no instance has enough, or too few are whole */

	/* Of one instance of a resource. */
	LACK_NO_INSTANCE,
	LACK_INSTANCE_BUSY
};

struct lack {
	enum lack_code code;
	bool never;	      /* it would not fit if the node were empty and open either */
	const char *resource; /* the demand's; NULL: it is not about one */
	uint64_t want, have, instance;
};

#endif
