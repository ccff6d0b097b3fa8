/*
 * spawn: a child that can be written down before it runs anything, and before it is known what.
 *
 *   spawn_make   makes the process: it has a pid and a start time, and waits
 *   spawn_go     tells it what to execute, and lets it
 *   spawn_drop   or lets it end without having run anything; so does the death of this process
 *
 * Its program finds descriptors 0 to 2, 3 if one is kept, and 4 if there is a script; default signals and an empty mask;
 * limits and nice value are ours. It is a fork: whoever calls has one thread. Not one byte of what this process has buffered
 * is written twice.
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
	/*
	 * a name without a slash is searched in the PATH of envp, as the user it becomes, in its
	 * cwd
	 */
	char *const *argv;
	char *const *envp;	 /* NULL: empty */
	const char *cwd;	 /* NULL: ours; entered as the user it becomes */
	const struct user *user; /* NULL: stays who we are */
	int in, out, err;	 /* descriptors, stay ours to close; -1: /dev/null */
	/* stays open in the child as SPAWN_KEPT, for whatever it forks too (a lock); -1: none */
	int keep;
	int script; /* the same as SPAWN_SCRIPT (script.h); -1: none */
	int umask;  /* -1: ours */
	/*
	 * False: a session of its own, no terminal. True: stays in our session, in a process group
	 * of its own, and where its stdin is our terminal and we are in the foreground, that group
	 * becomes the foreground when it goes.
	 */
	bool foreground;
};

struct spawned {
	pid_t pid;	      /* leads its process group (and session), once it was told to go */
	uint64_t start_ticks; /* who.h */
	int line;	      /* inner; -1: none */
};

/* ERR_NO: no process or descriptor is available. The child is ours to reap in any case but this. */
int spawn_make(struct spawned *child, struct err *e);

/*
 * *code: 0 if its program runs now; 126 or 127 if none could be executed, and e->text says why (its
 * code is ERR_NONE): the child has exited with that code, and is still to be reaped. A child that
 * was killed while it waited looks as if it ran. ERR_NO: it cannot be told (the child is gone);
 * ERR_USAGE: argv is empty (the child waits on).
 */
int spawn_go(const struct spawn *what, struct spawned *child, int *code, struct err *e);

/*
 * Whether a process, which may have ended already and only must not be reaped yet, is such a child
 * that has executed nothing: who finds it ended knows that its exit code is none of the program's.
 */
bool spawn_waits(pid_t pid);

/* The waiting child exits and is reaped. Nothing if it was told to go. */
void spawn_drop(struct spawned *child);

#endif
