/*
 * supervision: runs a task or an actor: starts its process, reports it, watches it, stops it when
 * its record says so, and reports how it ended. All work is run through here: by job run in the
 * foreground, by the agent in a process of its own (gcs supervise).
 */
#ifndef CMD_DAEMON_SUPERVISION_H
#define CMD_DAEMON_SUPERVISION_H

#include <signal.h>
#include <sys/types.h>

#include "proc/output.h"
#include "proc/reap.h"
#include "proc/spawn.h"
#include "daemon/spec.h"

struct supervision {
	struct ctx *ctx;
	bool foreground;  /* the child has our terminal, stdin, stdout, stderr and environment */
	bool goes_on;	  /* takes the next task of the node when one has ended */
	uint64_t uid;	  /* whose it may take; UINT64_MAX: anybody's */
	struct spec spec; /* lies in keep[which] */
	struct arena keep[2]; /* of this one and the next */
	int which;
	struct spawned child,
	    spare;	 /* spare: waits to be told what to run; line -1: there is none */
	uint64_t worker; /* number of its record */
	int lock;	 /* of run/NAME.lock; -1: none */
	uint64_t log_limit, log_keep;
	int pipes[2]; /* its stdout and stderr, where we copy them; -1: we do not */
	struct output files[2];
	int logs;		/* the directory of those files, while they are open */
	sigset_t open_mask;	/* of child_signals_hold */
	struct outcome outcome; /* of the last child */
	const char *trouble;	/* why it could not be run, in failure; NULL: it was */
	struct err failure;
};

void supervision_init(struct supervision *s, struct ctx *ctx);

/* A child that waits: made before the transaction in which it is needed. Once is enough. */
int supervision_spare(struct supervision *s, struct err *e);

/*
 * Inside a write transaction: the spare child is to run `ref`. Gathers what it needs, takes the
 * lock of its files and makes the worker's record. ERR_REFUSED: it is not to be started (any more).
 */
int supervision_claim(struct supervision *s, uint64_t ref, struct err *e);

/* After that transaction: runs it to its end, says so, and goes on if it is to. */
int supervision_run(struct supervision *s, struct err *e);

void supervision_done(struct supervision *s);

/* Waits for the child, s->outcome: passes signals on, copies its output, obeys. For supervision.c. */
int attend(struct supervision *s, struct err *e);

/* Opens the files of its output; the child's ends, which are ours to close. For supervision.c. */
int outputs_open(struct supervision *s, int child[2], struct err *e);
/* Copies what has come. True: there may be more. */
bool outputs_copy(struct supervision *s);
void outputs_close(struct supervision *s);

#endif
