/* operands: resolves the records that a command's operands name, as their rows declare. */
#ifndef CMD_CORE_OPERANDS_H
#define CMD_CORE_OPERANDS_H

struct ctx;
struct err;

/* Inside a transaction: fills ctx->records, by operand position. ERR_NO, ERR_USAGE. */
int operands_resolve(struct ctx *ctx, struct err *e);

/*
 * Runs the command's `each` for each record in order. Each is resolved in its turn, since those
 * before it may have changed it.
 */
int operands_each(struct ctx *ctx, struct err *e);

#endif
