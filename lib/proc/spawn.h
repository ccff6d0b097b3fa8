/*
 * spawn: a child process that can be recorded before it runs anything, and before its program is
 * known.
 *
 *   spawn_make   creates the process: it has a pid and a start time, and waits
 *   spawn_go     tells it what to execute, and starts that
 *   spawn_drop   or ends it without running anything; so does the death of this process
 *
 * Its program has descriptors 0 to 2, 3 if one is kept, and 4 if there is a script; default signals
 * and an empty mask; limits and nice value are ours. It is a fork: the caller must have a single
 * thread. Bytes buffered by this process are never written twice.
 */
#ifndef PROC_SPAWN_H
#define PROC_SPAWN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define SPAWN_KEPT 3
#define SPAWN_SCRIPT 4

struct err;
struct user;

struct spawn {
	/* a name without a slash is searched in the PATH of envp, as its new user, in its cwd */
	char *const *argv;
	char *const *envp;	 /* NULL: empty */
	const char *cwd;	 /* NULL: ours; entered as its new user */
	const struct user *user; /* NULL: our user */
	int in, out, err;	 /* descriptors, which the caller closes; -1: /dev/null */
	/* stays open as SPAWN_KEPT in the child and its descendants (a lock); -1: none */
	int keep;
	int script; /* the same as SPAWN_SCRIPT (script.h); -1: none */
	int umask;  /* -1: ours */
	/*
	 * False: its own session, no terminal. True: its own process group in our session, which
	 * becomes the foreground group on spawn_go if its stdin is our terminal and we are in the
	 * foreground.
	 */
	bool foreground;
};

struct spawned {
	pid_t pid;	      /* leads its process group (and session) after spawn_go */
	uint64_t start_ticks; /* process_id.h */
	int line;	      /* inner; -1: none */
};

/* ERR_NO: no process or descriptor is available. In every other case the caller must reap the
 * child. */
int spawn_make(struct spawned *child, struct err *e);

/*
 * *code: 0 if its program runs now; 126 or 127 if it could not be executed, with the reason in
 * e->text (its code is ERR_NONE): the child has exited with that code, and must still be reaped. A
 * child killed while waiting looks as if it ran. ERR_NO: the orders cannot be sent (the child is
 * gone); ERR_USAGE: argv is empty (the child keeps waiting).
 */
int spawn_go(const struct spawn *what, struct spawned *child, int *code, struct err *e);

/*
 * Whether a process, possibly ended but not yet reaped, is such a child that has executed nothing:
 * if so, its exit code is not that of the program.
 */
bool spawn_waits(pid_t pid);

/* The waiting child exits and is reaped. Does nothing after spawn_go. */
void spawn_drop(struct spawned *child);

#endif
