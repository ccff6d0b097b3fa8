/* dispatch: from the words of a command line to the command, run in the mode that it declares. */
#ifndef CMD_CORE_DISPATCH_H
#define CMD_CORE_DISPATCH_H

#include "core/cmd.h"

/* Any error of the command, and ERR_USAGE. What it printed is in ctx->out and ctx->notes. */
int dispatch(struct ctx *ctx, char **words, struct err *e);

#endif
