/*
 * signals: held back while a command works and taken while it sleeps, so that none comes unnoticed
 * between a look and the sleep that follows.
 */
#ifndef CMD_CORE_SIGNALS_H
#define CMD_CORE_SIGNALS_H

#include <signal.h>
#include <stddef.h>

/*
 * From here on these signals are blocked, and noted when they are let in. open_mask (may be NULL):
 * the mask to sleep with, which lets them in.
 */
void signals_hold(const int *numbers, size_t n, sigset_t *open_mask);

/* A signal that was noted, 0: none. It is forgotten. What stops a process comes before what ends or
 * continues it, SIGCHLD and SIGWINCH last. */
int signals_next(void);

#endif
