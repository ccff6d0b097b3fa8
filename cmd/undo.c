/* undo: takes back what a transaction did, as a new one. */
#include "cmd.h"

#include "base/number.h"
#include "cluster/undo.h"

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	uint64_t seq;

	(void)params;
	if (number_u64(operands[0], &seq, e) || ctx_pulse(ctx, e))
		return -1;
	return undo(ctx->cluster, seq, e);
}

static const struct operand operands[] = {{"SEQ", OPERAND_ONE, NULL}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_undo = {"undo", "revert the whole change that event SEQ belongs to",
    MODE_WRITE, CMD_MUTATES, operands, NULL, 0, run, NULL, 0, NULL};
