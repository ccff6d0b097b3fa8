/* agent: what agent.c and agent_children.c share. */
#ifndef CMD_DAEMON_AGENT_H
#define CMD_DAEMON_AGENT_H

#include <signal.h>
#include <sys/types.h>

#include "core/cmd.h"
#include "daemon/cleanup.h"

#define AGENT_STARTS 64 /* supervisors started in one step */

struct monitor;

/* What is to be started: the record as it was, since the same may be started again later. */
struct agent_start {
	uint64_t ref, rev;
};

/* A supervisor, and what it was started for. */
struct agent_child {
	pid_t pid; /* 0: it has ended */
	struct agent_start start;
	unsigned tries; /* how many have ended */
	uint64_t again; /* CLOCK_MONOTONIC: if it is to be started all the same, not before */
	bool wanted;	/* at the last look it was to be started */
	bool told;
};

struct agent {
	struct ctx *ctx;
	struct node wanted;	 /* as it registers */
	struct monitor *monitor; /* NULL: somebody else's work */
	int lock;
	sigset_t open_mask;
	uint64_t node, own_period_ms, period_ms, drain_ms;
	uint64_t beaten, observed; /* CLOCK_MONOTONIC */
	struct cleanup swept;
	bool leaving, drains;			 /* drains: when it registered */
	unsigned state, death;			 /* of the node, at the last look */
	uint64_t due_ms;			 /* store's clock */
	struct agent_start starts[AGENT_STARTS]; /* what was found to be started */
	size_t starts_n;
	struct agent_child *children; /* malloc'ed */
	size_t children_n, children_size;
};

/*
 * At a look: before what is to be started is named, and for each: whether it is to be started now.
 */
void agent_starts_begin(struct agent *agent);
bool agent_may_start(struct agent *agent, const struct agent_start *start);

/* Starts a supervisor for each. */
void agent_start(struct agent *agent);

/* Whether a supervisor runs. */
bool agent_has_children(const struct agent *agent);

/* Takes away children that ended. What a supervisor that died left to us is told of truly. */
void agent_reap(struct agent *agent);

/* Kills what was to stop and has nobody left to stop it. */
int agent_overdue(struct agent *agent, struct err *e);

#endif
