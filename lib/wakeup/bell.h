/*
 * bell: one byte, rewritten after each commit; inotify wakes the sleepers. A wake-up is only a
 * hint: it carries no data, may come too often, and if inotify has no instance left the wait
 * becomes a poll every 250 ms. Callers must check by themselves at least once a second.
 */
#ifndef WAKEUP_BELL_H
#define WAKEUP_BELL_H

#include <stdbool.h>
#include <stdint.h>

struct bell {
	int inotify; /* -1: polling */
};

/* Rewrites the byte of the file `bell` in dir. Never fails: a lost ring only costs latency. */
void bell_ring(int dir);

/*
 * Starts listening; a later ring wakes the next bell_wait. dir is the store's directory: needed
 * only during the call, and may be renamed afterwards.
 */
void bell_open(struct bell *bell, int dir);
void bell_close(struct bell *bell); /* idempotent */

/*
 * Discards the rings so far, which bell_wait does not. True if there were any. If the file `bell`
 * itself is gone, polls from now on.
 */
bool bell_drain(struct bell *bell);

/*
 * Sleeps until the bell rings, timeout_ms pass (CLOCK_MONOTONIC; UINT64_MAX: for ever), fd (or -1)
 * is readable or hung up, or a signal arrives. wake_signals is the signal mask during the sleep: a
 * handler that ran then gives BELL_SIGNAL, even if the bell rings constantly. NULL: the mask stays,
 * and signals do not end the sleep. While polling, returns BELL_RUNG every 250 ms. If several
 * things happened at once, the signal takes precedence, then fd, then the ring. bell may be NULL:
 * no rings.
 */
enum bell_woke { BELL_TIMEOUT, BELL_RUNG, BELL_FD, BELL_SIGNAL };
enum bell_woke bell_wait(struct bell *bell, uint64_t timeout_ms, int fd, const void *wake_signals);

#endif
