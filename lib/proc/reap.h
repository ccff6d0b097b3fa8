/*
 * reap: collects ended children. Wait with ppoll until the descriptor of reap_open is readable;
 * then, before the pid can be reused, handle its descendants (descendants.h), and take it.
 */
#ifndef PROC_REAP_H
#define PROC_REAP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct err;

struct outcome {
	int code;   /* as in a shell: the exit code, or 128+signal */
	int signal; /* that ended it, or 0 */
	bool dumped;
	uint64_t user_us, system_us; /* processor time, including children it waited for */
	/* bytes: largest resident set of it or of a child it waited for */
	uint64_t rss_max;
};

/* A pidfd, close-on-exec: readable once the process has ended. ERR_NO. */
int reap_open(pid_t pid, struct err *e);

/* Whether our child has ended; it stays a zombie, so its pid and group are not reused. */
bool reap_ended(pid_t pid);

/*
 * The signal that has stopped our child since the last call, or 0. (SIGCHLD reports a stop, a pidfd
 * does not.)
 */
int reap_stopped(pid_t pid);

/* Waits for our child and reaps it. ERR_NO: it is not our child, or SIGCHLD is ignored. */
int reap_take(pid_t pid, struct outcome *outcome, struct err *e);

#endif
