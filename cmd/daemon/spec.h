/* spec: all that is needed to run a task or an actor, collected from its records. */
#ifndef CMD_DAEMON_SPEC_H
#define CMD_DAEMON_SPEC_H

#include "core/cmd.h"

struct spec {
	uint64_t ref;	  /* of the task or the actor */
	uint64_t node;	  /* where it is placed */
	uint64_t rev;	  /* of the record, when it was read */
	uint64_t uid;	  /* the user it runs as */
	const char *name; /* of its files: "T5.1", the first attempt */
	const char *cwd;  /* NULL: not given */
	const char *script;
	char **argv; /* of a script: its arguments, with its name as argv[0] */
	char **envp;
	uint64_t grace_ms, time_limit_ms;
	bool attached;	     /* run by its submitter */
	bool ready_on_start; /* of an actor */
};

/* Whether records of this kind are run. */
bool spec_runs(const struct kind *kind);

/*
 * Fills it, in the arena. base: the initial environment (NULL: only the job's own). ERR_NO: no such
 * record; ERR_REFUSED: it is not to be started (now).
 */
int spec_fill(
    struct ctx *ctx, uint64_t ref, char **base, struct arena *a, struct spec *spec, struct err *e);

/*
 * The next record to start on a node, of this user (UINT64_MAX: any), after ref (0: the first): 1
 * and its ref, 0, -1. Skips records that their submitter runs and those without a command.
 */
int spec_next(struct ctx *ctx, uint64_t node, uint64_t uid, uint64_t *ref, struct err *e);

#endif
