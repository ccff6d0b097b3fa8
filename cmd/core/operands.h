/* operands: the records that a command's operands name, as their rows say. */
#ifndef CMD_CORE_OPERANDS_H
#define CMD_CORE_OPERANDS_H

struct ctx;
struct err;

/* Inside a transaction: fills ctx->records, by the operands' places. ERR_NO, ERR_USAGE. */
int operands_resolve(struct ctx *ctx, struct err *e);

/*
 * Runs the command's `each` for one record after the other. Each is resolved when its turn comes,
 * as what the ones before it did may have changed it.
 */
int operands_each(struct ctx *ctx, struct err *e);

#endif
