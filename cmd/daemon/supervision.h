/*
 * supervision: runs a task or an actor: starts its process, reports it, watches it, stops it when
 * its record says so, and reports its outcome. All work runs through here: in the foreground by job
 * run, in a process of its own by the agent (gcs supervise).
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
	bool foreground;  /* the child has this terminal, stdin, stdout, stderr and environment */
	bool goes_on;	  /* takes the node's next task when one has ended */
	uint64_t uid;	  /* whose tasks it may take; UINT64_MAX: anyone's */
	struct spec spec; /* in keep[which] */
	struct arena keep[2]; /* of the current spec and the next */
	int which;
	struct spawned child,
	    spare;	 /* spare: waits to be told what to run; line -1: there is none */
	uint64_t worker; /* id of its record */
	int lock;	 /* of run/NAME.lock; -1: none */
	uint64_t log_limit, log_keep;
	int pipes[2]; /* its stdout and stderr, if copied here; -1: not */
	struct output files[2];
	int logs;		/* the directory of those files, while they are open */
	sigset_t open_mask;	/* of child_signals_hold */
	struct outcome outcome; /* of the last child */
	const char *trouble;	/* why it could not be run, in failure; NULL: it ran */
	struct err failure;
};

void supervision_init(struct supervision *s, struct ctx *ctx);

/* Makes a waiting child, before the transaction that needs it. Once is enough. */
int supervision_spare(struct supervision *s, struct err *e);

/*
 * Inside a write transaction: assigns `ref` to the spare child. Collects what it needs, locks its
 * files and creates the worker's record. ERR_REFUSED: it is not to be started (any more).
 */
int supervision_claim(struct supervision *s, uint64_t ref, struct err *e);

/* After that transaction: runs it to its end, reports the outcome, and goes on if it should. */
int supervision_run(struct supervision *s, struct err *e);

void supervision_done(struct supervision *s);

/* Waits for the child, s->outcome: passes signals on, copies output, obeys its record. For
 * supervision.c. */
int attend(struct supervision *s, struct err *e);

/* Opens the files of its output; the caller closes the ends for the child. For supervision.c. */
int outputs_open(struct supervision *s, int child[2], struct err *e);
/* Copies available output. True: there may be more. */
bool outputs_copy(struct supervision *s);
void outputs_close(struct supervision *s);

#endif
