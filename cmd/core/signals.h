/*
 * signals: blocked while a command works and taken while it sleeps, so that none is missed between
 * a check and the sleep that follows.
 */
#ifndef CMD_CORE_SIGNALS_H
#define CMD_CORE_SIGNALS_H

#include <signal.h>
#include <stddef.h>

/*
 * From here on these signals are blocked, and recorded when let in. open_mask (may be NULL): the
 * mask to sleep with, which lets them in.
 */
void signals_hold(const int *numbers, size_t n, sigset_t *open_mask);

/* Takes a recorded signal; 0: none. Stop signals come before those that end or continue a process,
 * SIGCHLD and SIGWINCH last. */
int signals_next(void);

#endif
