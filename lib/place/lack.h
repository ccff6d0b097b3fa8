/*
 * lack: why something does not fit where it is asked for. Made where the rule is, as data; lib/why
 * says it in words, and has the machine codes.
 */
#ifndef PLACE_LACK_H
#define PLACE_LACK_H

#include <stdbool.h>
#include <stdint.h>

enum lack_code {
	LACK_NONE, /* it fits */

	/* The node takes nothing new. */
	LACK_DRAINING,
	LACK_DEAD,
	LACK_CORDONED,

	/* It is not to be this node. */
	LACK_AFFINITY, /* another one is asked for */
	LACK_AVOIDED,
	LACK_LABELS,

	/* Of a resource: `want` of it is asked for. */
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
