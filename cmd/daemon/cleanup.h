/* cleanup: removes files of records that are forgotten. */
#ifndef CMD_DAEMON_CLEANUP_H
#define CMD_DAEMON_CLEANUP_H

#include "core/cmd.h"

struct cleanup {
	uint64_t done_ms; /* CLOCK_MONOTONIC; 0: never */
	uint64_t seq;	  /* the log's end then */
};

/*
 * Removes what tasks and actors wrote that are forgotten, and lock files that nobody holds and
 * nobody will. At most once a minute, and only if something has happened since. What cannot be done
 * is said, and can wait.
 */
void cleanup(struct ctx *ctx, struct cleanup *last);

#endif
