/*
 * bell: one byte, rewritten after each commit; sleepers are woken by inotify. A wake-up is only a
 * hint: it carries nothing, may come too often, and when inotify has no instance left the wait
 * becomes a poll of 250 ms. Whoever waits looks at least once a second by himself.
 */
#ifndef WAKEUP_BELL_H
#define WAKEUP_BELL_H

#include <stdbool.h>
#include <stdint.h>

struct bell {
	int inotify; /* -1: polling */
};

/* Rewrites the byte of the file `bell` in dir. Never fails: a lost ring costs latency only. */
void bell_ring(int dir);

/*
 * Starts listening; what is rung from now on wakes the next bell_wait. dir is the store's
 * directory: only needed during the call, and it may be renamed afterwards.
 */
void bell_open(struct bell *bell, int dir);
void bell_close(struct bell *bell); /* twice is once */

/*
 * Forgets the rings so far; bell_wait does not. True if there were any. If the file `bell` itself is
 * gone, polls from now on.
 */
bool bell_drain(struct bell *bell);

/*
 * Sleeps until the bell rings, timeout_ms pass (of CLOCK_MONOTONIC; UINT64_MAX: for ever), fd (or
 * -1) is readable or hung up, or a signal comes. wake_signals is the sigset_t that ppoll puts in
 * force while it sleeps: a handler that ran then gives BELL_SIGNAL, also while the bell rings all
 * the time. NULL: the mask stays, and signals do not end the sleep. While polling, BELL_RUNG comes
 * each 250 ms. Where several things happened at once the answer is the signal, then fd, then the
 * ring. bell may be NULL: nothing rings.
 */
enum bell_woke { BELL_TIMEOUT, BELL_RUNG, BELL_FD, BELL_SIGNAL };
enum bell_woke bell_wait(struct bell *bell, uint64_t timeout_ms, int fd, const void *wake_signals);

#endif
