/* lock_take: takes a lock, at once or after waiting for it. */
#ifndef CMD_DAEMON_LOCK_TAKE_H
#define CMD_DAEMON_LOCK_TAKE_H

#include <signal.h>

#include "core/cmd.h"
#include "proc/process_id.h"
#include "wakeup/fair_queue.h"

struct lock_params {
	bool list, shared, exclusive, nonblock, keep_to_self, dry_run;
	struct opt_number slots, ttl, code;
	const char *wait, *message;
};

struct asking {
	struct ctx *ctx;
	const struct lock_params *p;
	const char *name;
	uint64_t end_ms; /* CLOCK_MONOTONIC; 0: no limit */
	int run;	 /* the directory run/ */
	struct process_id self;
	struct fair_queue turn;
	bool fits;
	uint64_t free_ms; /* since when it was seen free; 0: it is held */
	uint64_t looked_ms, observed_ms;
	uint64_t ttl_ms; /* CLOCK_MONOTONIC: when --ttl expires; 0: never */
	bool granted, held;
	struct lock lock; /* valid with `granted` */
	uint64_t worker;
	sigset_t before; /* the signal mask while it waits */
	int fd;		 /* the holder's locked file; -1: none yet */
};

/* The holder's file below run/: locked by its process, and by all that inherited it. */
#define LOCK_FILE_SIZE 40
void lock_take_file(char to[LOCK_FILE_SIZE], uint64_t worker);

/* Tries once: 1 granted, 0 held, -1. */
int lock_take_now(struct asking *a, struct err *e);

/* Waits for it: the same, 0 at the time limit. A signal open in `before` ends the process while it
 * sleeps: it has no record yet. */
int lock_take_wait(struct asking *a, struct err *e);

/* The same as lock_take_now, for a transaction of the caller (ctx_change). */
ctx_body lock_take_body;

#endif
