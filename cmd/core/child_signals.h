/*
 * tend: the signals of a command that stands for a child. What we get goes on to the child; at a
 * terminal it is in the foreground as it would be under a shell; and it is told to stop. For job
 * run and supervisors (attend.c) and for locks (lock.c), which wait each in its own way.
 */
#ifndef CMD_CORE_CHILD_SIGNALS_H
#define CMD_CORE_CHILD_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct ctx;
struct err;

struct child_signals {
	pid_t child;
	bool foreground;  /* of our terminal */
	uint64_t kill_ms; /* CLOCK_MONOTONIC: when to kill it; 0: it was not told to stop */
};

/* Blocks what is to be passed on, and SIGCHLD: from here on such a signal waits until there is a
 * child. *before: the mask of those who want to be ended by it until then. */
void child_signals_hold(sigset_t *before);

/*
 * From now on signals are held but while we sleep, and passed on; not what we were started to
 * ignore. While nothing runs yet a terminal's stop is for us alone: that is for
 * child_signals_begin.
 */
void child_signals_set(void);
void child_signals_begin(const struct child_signals *t);

/* A signal that came and was not passed on, 0: none. It is forgotten. */
int child_signals_signal(void);

/* Passes on what came; a child that was stopped at the terminal stops us. */
void child_signals_pass(const struct child_signals *t);

/* Tells it to stop; whoever tends it kills it at kill_ms. */
void child_signals_stop(struct child_signals *t, uint64_t grace_ms);

/* Advances time: nobody else may be there to do it when a limit of one's own is over. 0 or -1. */
int child_signals_tick(struct ctx *ctx, struct err *e);

#endif
