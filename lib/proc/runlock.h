/*
 * runlock: a file whose lock lives as long as anybody who has its descriptor: who took it, a child
 * that inherited it, and whatever that forked and left it open. The kernel lets go of it, so nobody
 * who died ever holds one.
 *
 * It is a lock of the open file description (F_OFD_SETLK), not flock(2), because only of that one
 * the kernel says whether it is held without our taking it. Fork shares it, and closing one copy
 * does not release it.
 */
#ifndef PROC_RUNLOCK_H
#define PROC_RUNLOCK_H

#include <sys/types.h>

struct err;

enum runlock_state {
	RUNLOCK_NONE, /* there is no such file */
	RUNLOCK_FREE, /* a file that nobody holds: whoever did is dead */
	RUNLOCK_HELD,
};

/*
 * Makes the file NAME in the directory if need be (mode as the umask leaves it) and locks it.
 * Returns its descriptor, close-on-exec; close() gives the lock up, but for copies. -1: ERR_BUSY if
 * somebody holds it, ERR_STORE. A symbolic link is not followed.
 */
int runlock_take(int dir, const char *name, mode_t mode, struct err *e);

/* Takes nothing, not even for a moment. -1: ERR_STORE. */
int runlock_look(int dir, const char *name, enum runlock_state *state, struct err *e);

/*
 * Removes the file unless somebody holds it (ERR_BUSY). One that is not there is fine. Whoever
 * takes the lock at the same time gets a new file, or is in time and keeps this one. ERR_STORE.
 */
int runlock_remove(int dir, const char *name, struct err *e);

#endif
