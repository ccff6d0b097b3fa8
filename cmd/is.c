/*
 * is: does an expression hold for a record now? And `require`, the same as a guard inside a batch.
 */
#include "follow/expr.h"

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	bool alone = ctx->parsed.n == 1; /* fits: is asked of no record */
	int yes = expr_is(ctx, alone ? NULL : operands[0], operands[!alone], e);

	(void)params;
	if (yes > 0)
		return 0;
	return yes < 0 ? -1 : err_set(e, ERR_NO, "%s", "");
}

static const struct operand operands[] = {
    {"REC", OPERAND_OPTIONAL, "record"}, {"EXPR", OPERAND_ONE, "state"}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_is = {"is",
    "succeed if EXPR holds for a record: a state, exists, gone, ended, FIELD OP VALUE", MODE_READ,
    0, operands, NULL, 0, run, NULL, 0, NULL};
