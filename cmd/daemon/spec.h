/* spec: all that is needed to run a task or an actor, gathered from its records. */
#ifndef CMD_DAEMON_SPEC_H
#define CMD_DAEMON_SPEC_H

#include "core/cmd.h"

struct spec {
	uint64_t ref;	  /* of the task or the actor */
	uint64_t node;	  /* that it is placed on */
	uint64_t rev;	  /* of the record, when this was gathered */
	uint64_t uid;	  /* whom it runs as */
	const char *name; /* of its files: "T5.1", the first attempt */
	const char *cwd;  /* NULL: nothing was said */
	const char *script;
	char **argv; /* of a script: its arguments, argv[0] being its name */
	char **envp;
	uint64_t grace_ms, time_limit_ms;
	bool attached;	     /* the submitter runs it */
	bool ready_on_start; /* an actor */
};

/* Whether records of this kind are run. */
bool spec_runs(const struct kind *kind);

/*
 * Gathers it, in the arena. base: the environment to begin with (NULL: only the job's own). ERR_NO:
 * there is no such record; ERR_REFUSED: it is not to be started (now).
 */
int spec_fill(
    struct ctx *ctx, uint64_t ref, char **base, struct arena *a, struct spec *spec, struct err *e);

/*
 * The next thing to start on a node, of this user (UINT64_MAX: of any), after ref (0: the first):
 * 1 and its ref, 0, -1. What its submitter runs, and what has no command, is passed over.
 */
int spec_next(struct ctx *ctx, uint64_t node, uint64_t uid, uint64_t *ref, struct err *e);

#endif
