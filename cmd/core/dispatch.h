/* dispatch: finds the command of a command line and runs it in the mode it declares. */
#ifndef CMD_CORE_DISPATCH_H
#define CMD_CORE_DISPATCH_H

#include "core/cmd.h"

/* Any error of the command, and ERR_USAGE. The output is in ctx->out and ctx->notes. */
int dispatch(struct ctx *ctx, char **words, struct err *e);

#endif
