/*
 * reap: how children end. Wait with ppoll for the descriptor of reap_open to become readable; then,
 * before the pid is given away again, see to what it left behind (family.h), and take it.
 */
#ifndef PROC_REAP_H
#define PROC_REAP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct err;

struct outcome {
	int code;   /* as a shell gives it: the exit code, or 128+signal */
	int signal; /* that ended it, or 0 */
	bool dumped;
	uint64_t user_us, system_us; /* processor time, of what it waited for too */
	/* bytes: the largest resident set of it, or of one that it waited for */
	uint64_t rss_max;
};

/* A pidfd, close-on-exec: readable once the process has ended. ERR_NO. */
int reap_open(pid_t pid, struct err *e);

/* Whether our child has ended; it stays a zombie, and its pid and group are not given away. */
bool reap_ended(pid_t pid);

/*
 * The signal that has stopped our child since the last call, or 0. (A pidfd does not tell of it,
 * SIGCHLD does.)
 */
int reap_stopped(pid_t pid);

/* Waits for our child and takes it away. ERR_NO: it is none, or SIGCHLD is ignored. */
int reap_take(pid_t pid, struct outcome *outcome, struct err *e);

#endif
