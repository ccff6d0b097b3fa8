/* change: runs a command that changes the cluster, with what all changes share: repeated requests,
 * plans, dry runs and an answer. */
#ifndef CMD_CORE_CHANGE_H
#define CMD_CORE_CHANGE_H

#include "core/cmd.h"

/*
 * Runs one write transaction with all that the change options ask for; prints its answer under
 * json. body NULL: the command's run.
 */
int change_run(struct ctx *ctx, ctx_body *body, void *argument, struct err *e);

/* Opens the store and runs the command; after the commit, when the answer is written, waits for
 * what --wait asked for. */
int change_and_wait(struct ctx *ctx, struct err *e);

#endif
