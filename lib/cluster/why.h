/*
 * why: answers in sentences. Why something waits, from the scheduler's own feasibility functions;
 * and why a record is in its state, along the causes in the log.
 */
#ifndef CLUSTER_WHY_H
#define CLUSTER_WHY_H

#include <stdbool.h>
#include <stdint.h>

struct cluster;
struct err;
struct found;

/* One line of the answer: a code that scripts can rely on ("fragmented", "infeasible", "cause" …),
 * what it is about, and the sentence. */
struct why_line {
	const char *code, *about, *text;
	uint64_t seq; /* the event it speaks of, 0: none */
};
typedef int why_tell(void *argument, const struct why_line *line, struct err *e);

int why(
    struct cluster *c, const struct found *found, why_tell *tell, void *argument, struct err *e);

#endif
