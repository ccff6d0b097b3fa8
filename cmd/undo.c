/* undo: takes back what a transaction did, as a new one. */
#include "core/cmd.h"

#include "base/number.h"
#include "model/undo.h"

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	uint64_t seq;

	(void)params;
	if (number_u64(operands[0], &seq, e) || ctx_pulse(ctx, e))
		return -1;
	return undo(ctx->cluster, seq, e);
}

const struct command cmd_undo = {
    .name = "undo",
    .help = "take back the whole change that event SEQ belongs to",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES,
    .operands = OPERANDS({.name = "SEQ"}),
    .run = run,
};
