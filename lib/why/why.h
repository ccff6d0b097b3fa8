/*
 * why: answers in sentences. Why something waits, from the scheduler's own feasibility functions;
 * and why a record is in its state, along the causes in the log.
 */
#ifndef WHY_WHY_H
#define WHY_WHY_H

#include <stdbool.h>
#include <stdint.h>
#include "rec/rec.h"

struct cluster;
struct err;
struct found;

/* What a line of the answer is about; scripts can rely on it. */
enum why_code {
	WHY_STATE = 1,
	WHY_INFEASIBLE,
	WHY_BUSY,
	WHY_FRAGMENTED,
	WHY_DRAINING,
	WHY_CORDONED,
	WHY_LABELS,
	WHY_AVOIDED,
	WHY_AFFINITY,
	WHY_STRATEGY,
	WHY_QUEUE_BEHIND,
	WHY_GROUP,
	WHY_NO_NODES,
	WHY_MORE,
	WHY_WAITING,
	WHY_BACKOFF,
	WHY_NOT_TICKED,
	WHY_NO_AGENT,
	WHY_DEPENDENCY,
	WHY_TASK,
	WHY_CAUSE,
	WHY_COMMAND,
	WHY_HORIZON
};
extern const struct enums why_codes;

/* One line of the answer: its code, what it is about, and the sentence. */
struct why_line {
	unsigned code;
	const char *about, *text;
	uint64_t seq; /* the event it speaks of, 0: none */
};
typedef int why_tell(void *argument, const struct why_line *line, struct err *e);

int why(
    struct cluster *c, const struct found *found, why_tell *tell, void *argument, struct err *e);

#endif
