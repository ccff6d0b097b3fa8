/* cleanup: removes files of forgotten records. */
#ifndef CMD_DAEMON_CLEANUP_H
#define CMD_DAEMON_CLEANUP_H

#include "core/cmd.h"

struct cleanup {
	uint64_t done_ms; /* CLOCK_MONOTONIC; 0: never */
	uint64_t seq;	  /* the last event then */
};

/*
 * Removes the output of forgotten tasks and actors, and lock files that no process holds or will
 * hold. At most once a minute, and only after a change. Failures are reported, and can wait.
 */
void cleanup(struct ctx *ctx, struct cleanup *last);

#endif
