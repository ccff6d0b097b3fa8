/*
 * runlock: a file lock that lives as long as any process with its descriptor: the taker, a child
 * that inherited it, and any descendant that left it open. The kernel releases it, so a dead
 * process never holds one.
 *
 * It is an open file description lock (F_OFD_SETLK), not flock(2), because only that can be tested
 * without taking it. Fork shares it, and closing one copy does not release it.
 */
#ifndef PROC_RUNLOCK_H
#define PROC_RUNLOCK_H

#include <sys/types.h>

struct err;

enum runlock_state {
	RUNLOCK_NONE, /* there is no such file */
	RUNLOCK_FREE, /* the file is not locked: its holder is dead */
	RUNLOCK_HELD,
};

/*
 * Creates the file NAME in the directory if missing (mode subject to the umask) and locks it.
 * Returns its descriptor, close-on-exec; closing all copies releases the lock. -1: ERR_BUSY if it
 * is held, ERR_STORE. A symbolic link is not followed.
 */
int runlock_take(int dir, const char *name, mode_t mode, struct err *e);

/* Never takes the lock, not even briefly. -1: ERR_STORE. */
int runlock_look(int dir, const char *name, enum runlock_state *state, struct err *e);

/*
 * Removes the file unless its lock is held (ERR_BUSY). A missing file is no error. A concurrent
 * taker gets a new file, or is in time and keeps this one. ERR_STORE.
 */
int runlock_remove(int dir, const char *name, struct err *e);

#endif
