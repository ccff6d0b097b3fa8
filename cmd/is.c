/* is: does an expression hold for a record now? And `require`, the same as a guard in a batch. */
#include "follow/expr.h"

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	bool alone = ctx->parsed.n == 1; /* fits: takes no record */
	int yes = expr_is(ctx, alone ? NULL : operands[0], operands[!alone], e);

	(void)params;
	if (yes > 0)
		return 0;
	return yes < 0 ? -1 : err_set(e, ERR_NO, "%s", "");
}

const struct command cmd_is = {
    .name = "is",
    .help = "succeed if EXPR holds for a record: a state, exists, gone, ended, FIELD OP VALUE",
    .mode = MODE_READ,
    .operands = OPERANDS({.name = "REC", .count = OPERAND_OPTIONAL, .completes = "record"},
	{.name = "EXPR", .completes = "state"}),
    .run = run,
};
