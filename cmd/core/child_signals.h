/*
 * child_signals: the signals of a command that acts for a child. They are passed on to the child;
 * at a terminal the child is in the foreground, as under a shell; and the child can be told to
 * stop. Used by job run, supervisors and locks.
 */
#ifndef CMD_CORE_CHILD_SIGNALS_H
#define CMD_CORE_CHILD_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct child_signals {
	pid_t child;
	bool foreground;  /* of this process's terminal */
	uint64_t kill_ms; /* CLOCK_MONOTONIC: when to kill the child; 0: it was not told to stop */
};

/*
 * Before there is a child: blocks SIGCHLD and the signals to pass on, which stay pending until
 * child_signals_hold. before: the original mask, under which such a signal ends this process.
 */
void child_signals_block(sigset_t *before);

/*
 * From now on holds signals (signals.h) to pass them on, except those ignored at the start.
 * open_mask: as in signals_hold. The terminal's stop acts on this process alone until a child is in
 * the foreground: child_signals_begin.
 */
void child_signals_hold(sigset_t *open_mask);
void child_signals_begin(const struct child_signals *c);

/* Passes on a signal that arrived. SIGCHLD: if the terminal stopped the child, stops this process
 * too. */
void child_signals_pass(const struct child_signals *c, int number);

/* Tells the child to stop; its waiting loop kills it at kill_ms. */
void child_signals_stop(struct child_signals *c, uint64_t grace_ms);

#endif
