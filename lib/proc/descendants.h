/*
 * descendants: all processes forked by one child, for a supervisor without other children.
 *
 * After descendants_adopt, a descendant that loses its parent becomes our child, whatever its
 * session and group; so nothing it forks escapes, not even a daemon. Out of reach are: processes
 * started by others on its behalf (at, cron, systemd-run, a container daemon), processes of users
 * whom we may not signal, and all of them once we are dead: orphans then go to init, and only the
 * lock (runlock.h) shows that they live.
 */
#ifndef PROC_DESCENDANTS_H
#define PROC_DESCENDANTS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;

/* Makes this process the parent of orphaned descendants. ERR_NO. */
int descendants_adopt(struct err *e);

/*
 * Sends a signal to the child's process group and to the others of its session. For a child not yet
 * reaped.
 */
void descendants_signal(pid_t child, int signal);

/*
 * Kills (SIGKILL) every descendant of this process, also those forked meanwhile, and reaps all but
 * the child itself, which is left to reap_take for its outcome. child 0: it was already taken, and
 * if nothing is left one system call finds that out; else all of /proc is read. Waits until they
 * are gone, at most wait_ms; returns how many still exist then (asleep in the kernel, or not ours
 * to kill).
 */
size_t descendants_kill(pid_t child, uint64_t wait_ms);

/*
 * For a child that ended and is not yet reaped, in a process with other children: kills (SIGKILL)
 * the rest of its session, and those of our descendants that have the file NAME in the directory
 * open as SPAWN_KEPT, and waits as above.
 */
void descendants_kill_left(pid_t child, int dir, const char *name, uint64_t wait_ms);

/*
 * Reaps orphans that exited by themselves, for a supervisor with a long-running child (e.g. on
 * SIGCHLD).
 */
void descendants_reap(pid_t child);

#endif
