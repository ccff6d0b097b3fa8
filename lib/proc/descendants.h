/*
 * descendants: everything that one child forked, for a supervisor that has no other children.
 *
 * After descendants_adopt, a descendant of the child which loses its parent becomes ours, whatever
 * its session and group; so nothing it forks escapes, not even a daemon. Out of reach
 * are: what another process made at its request (at, cron, systemd-run, a container's daemon), what
 * runs as somebody else whom we may not signal, and anything once we are dead ourselves: then
 * orphans are init's, and only the lock (runlock.h) tells that they live.
 */
#ifndef PROC_DESCENDANTS_H
#define PROC_DESCENDANTS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;

/* Makes this process the parent of its descendants' orphans. ERR_NO. */
int descendants_adopt(struct err *e);

/*
 * Sends a signal to the child's process group and to the others of its session. For a child that is
 * not reaped yet.
 */
void descendants_signal(pid_t child, int signal);

/*
 * Kills every descendant of this process (SIGKILL), those that fork meanwhile too, and reaps all
 * but the child itself: that one is left to reap_take, whose outcome says how it ended. child 0: it
 * was taken already, and then finding nobody left costs one call of the kernel; else all of /proc
 * is read. Waits until they are gone, at most wait_ms; returns how many are still there then
 * (asleep in the kernel, or not ours to kill).
 */
size_t descendants_kill(pid_t child, uint64_t wait_ms);

/*
 * Of a child that ended and is not reaped yet, for a process that has other children too: kills
 * (SIGKILL) what is left of its session, and which of our descendants have the file NAME in the
 * directory open as SPAWN_KEPT, and waits as above.
 */
void descendants_kill_left(pid_t child, int dir, const char *name, uint64_t wait_ms);

/*
 * Reaps orphans that have ended by themselves, for a supervisor whose child runs long (on SIGCHLD,
 * say).
 */
void descendants_reap(pid_t child);

#endif
