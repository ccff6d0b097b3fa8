/* agent_children: the supervisors of an agent: what each was started for, and what they leave to the
 * agent when they are killed. */
#ifndef CMD_DAEMON_AGENT_CHILDREN_H
#define CMD_DAEMON_AGENT_CHILDREN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"

struct ctx;
struct err;

#define AGENT_STARTS 64 /* supervisors started in one step */

/* What is to be started: the record as it was, since the same may be started again later. */
struct agent_start {
	uint64_t ref, rev;
};

/* A supervisor, and what it was started for. */
struct agent_child {
	struct agent_start start; /* ref 0: the place is free */
	pid_t pid;		  /* 0: it has ended */
	unsigned tries;		  /* how many have ended */
	uint64_t again; /* CLOCK_MONOTONIC: if it is to be started all the same, not before */
	bool wanted;	/* at the last look it was to be started */
	bool told;
};

struct agent_children {
	struct ctx *ctx;
	struct arena arena;
	struct agent_child *v;
	size_t n;
	struct agent_start starts[AGENT_STARTS]; /* found to be started */
	size_t starts_n;
};

void agent_children_init(struct agent_children *c, struct ctx *ctx);
void agent_children_done(struct agent_children *c);

/* A look: begins; then what is to be started, of which what may be now is added to `starts`, as long
 * as they are not full. */
void agent_children_look(struct agent_children *c);
void agent_children_want(struct agent_children *c, const struct agent_start *start);
bool agent_children_full(const struct agent_children *c);

/* Starts a supervisor for each that the look found. */
void agent_children_start(struct agent_children *c);

/* Whether a supervisor runs. */
bool agent_children_run(const struct agent_children *c);

/* Takes away children that ended. How the child of a supervisor that died has ended is reported as
 * the kernel gives it. */
void agent_children_reap(struct agent_children *c);

/* Kills what was to stop and has nobody left to stop it. */
int agent_children_overdue(struct agent_children *c, struct err *e);

#endif
