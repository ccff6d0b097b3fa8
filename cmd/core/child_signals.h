/*
 * child_signals: the signals of a command that stands for a child. What we get goes on to the child;
 * at a terminal the child is in the foreground, as it would be under a shell; and it can be told to
 * stop. For job run, supervisors and locks.
 */
#ifndef CMD_CORE_CHILD_SIGNALS_H
#define CMD_CORE_CHILD_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct child_signals {
	pid_t child;
	bool foreground;  /* of our terminal */
	uint64_t kill_ms; /* CLOCK_MONOTONIC: when to kill it; 0: it was not told to stop */
};

/*
 * Before there is a child: blocks SIGCHLD and what is to be passed on, which waits until
 * child_signals_hold. before: the mask with which such a signal ends us, as if nothing were held.
 */
void child_signals_block(sigset_t *before);

/*
 * From now on signals are held (signals.h) to be passed on, but for those we were started to
 * ignore. open_mask: as of signals_hold. The terminal's stop is ours alone until there is a child in
 * the foreground: child_signals_begin.
 */
void child_signals_hold(sigset_t *open_mask);
void child_signals_begin(const struct child_signals *c);

/* Passes a signal on that came. SIGCHLD: a child that was stopped at the terminal stops us. */
void child_signals_pass(const struct child_signals *c, int number);

/* Tells it to stop; whoever waits for it kills it at kill_ms. */
void child_signals_stop(struct child_signals *c, uint64_t grace_ms);

#endif
