/* agent_children: the supervisors of an agent: what each was started for, and the orphans they
 * leave to the agent when they are killed. */
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

/* A record to start, at its revision: the same record may be started again later. */
struct agent_start {
	uint64_t ref, rev;
};

/* A supervisor, and its record. */
struct agent_child {
	struct agent_start start; /* ref 0: the entry is free */
	pid_t pid;		  /* 0: it has exited */
	unsigned tries;		  /* number of supervisors that exited */
	uint64_t again;		  /* CLOCK_MONOTONIC: the earliest time of a further try */
	bool wanted;		  /* the last look found it to start */
	bool told;
};

struct agent_children {
	struct ctx *ctx;
	struct arena arena;
	struct agent_child *v;
	size_t n;
	struct agent_start starts[AGENT_STARTS]; /* found by the look */
	size_t starts_n;
};

void agent_children_init(struct agent_children *c, struct ctx *ctx);
void agent_children_done(struct agent_children *c);

/* One look: begin it, then report each record to start; those that may start now are added to
 * `starts` until it is full. */
void agent_children_look(struct agent_children *c);
void agent_children_want(struct agent_children *c, const struct agent_start *start);
bool agent_children_full(const struct agent_children *c);

/* Starts a supervisor for each record that the look found. */
void agent_children_start(struct agent_children *c);

/* Whether a supervisor runs. */
bool agent_children_run(const struct agent_children *c);

/* Reaps children that exited. If a supervisor was killed, the exit status of its child is reported
 * as the kernel gives it. */
void agent_children_reap(struct agent_children *c);

/* Kills processes that were told to stop and have no supervisor left to stop them. */
int agent_children_overdue(struct agent_children *c, struct err *e);

#endif
