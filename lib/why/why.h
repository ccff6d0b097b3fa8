/*
 * why: explanations in sentences: why a record waits, from the scheduler's own feasibility
 * functions; and why it is in its state, along the causes in the log.
 */
#ifndef WHY_WHY_H
#define WHY_WHY_H

#include <stdbool.h>
#include <stdint.h>
#include "rec/rec.h"

struct arena;
struct cluster;
struct err;
struct found;
struct lack;

/* The code of a line of the answer; stable for scripts. */
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

/* One line of the answer: its code, its subject, and the sentence. */
struct why_line {
	unsigned code;
	const char *about, *text;
	uint64_t seq; /* the event it refers to, 0: none */
};
typedef int why_tell(void *argument, const struct why_line *line, struct err *e);

int why(
    struct cluster *c, const struct found *found, why_tell *tell, void *argument, struct err *e);

/* A lack (place/lack.h) in words (NULL: none), and its code. */
const char *why_lack_text(const struct lack *lack, struct arena *a);
enum why_code why_lack_code(const struct lack *lack);

/* Refuses for that reason: ERR_UNSATISFIABLE. Always -1. */
int why_lack_refuse(const struct lack *lack, struct arena *a, struct err *e);

/* The verbs of the kinds (state/kind.h): why a record does not run, or is not placed, yet. */
struct asking;
int why_actor(struct asking *ask, const void *record, struct err *e);
int why_task(struct asking *ask, const void *record, struct err *e);
int why_job(struct asking *ask, const void *record, struct err *e);
int why_group(struct asking *ask, const void *record, struct err *e);

#endif
