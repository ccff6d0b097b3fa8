/* change: a command that changes the cluster, with what every change has: repeated requests, plans,
 * dry runs and an answer. */
#ifndef CMD_CORE_CHANGE_H
#define CMD_CORE_CHANGE_H

#include "core/cmd.h"

/*
 * One write transaction with all that the change options ask for, and its answer under json. body
 * NULL: the command's run.
 */
int change_run(struct ctx *ctx, ctx_body *body, void *argument, struct err *e);

/* Opens the store, runs the command, and waits for what it asked for when it is committed and its
 * answer has left. */
int change_and_wait(struct ctx *ctx, struct err *e);

#endif
