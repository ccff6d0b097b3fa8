/* clock: shows the cluster's time; moves a test clock. */
#include "core/cmd.h"
#include "base/amount.h"
#include "base/duration.h"
#include "base/time.h"

#include "state/config.h"
#include "store/txn.h"

static int
clock_show(struct ctx *ctx)
{
	char text[TIME_SIZE];

	time_format(text, ctx->cluster->now_ms);
	if (ctx_json(ctx))
		out_printf(ctx->out, "{\"v\":1,\"seq\":%llu,\"now_ms\":%llu,\"given\":%s}\n",
		    (unsigned long long)ctx->style.seq, (unsigned long long)ctx->cluster->now_ms,
		    store_meta(ctx->store)->given_clock ? "true" : "false");
	else
		out_printf(ctx->out, "%s\n", text);
	return 0;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	uint64_t ms, now;

	(void)params;
	if (!operands[0])
		return clock_show(ctx);
	now = txn_given_clock(ctx->cluster->txn);
	if (operands[0][0] == '+') {
		if (duration_parse(operands[0] + 1, &ms, e))
			return -1;
		if (__builtin_add_overflow(now, ms, &ms) || ms > AMOUNT_MAX)
			return err_value(e, ERR_USAGE, operands[0], "'%s' is too far", operands[0]);
	} else if (time_parse(operands[0], &ms, e)) {
		return -1;
	}
	return config_clock_move(ctx->cluster, ms, e);
}

const struct command cmd_clock = {
    .name = "clock",
    .help = "show the cluster's time, or move a test clock",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES,
    .operands = OPERANDS({.name = "+D|TIME", .count = OPERAND_OPTIONAL}),
    .run = run,
    .reads_below = 1,
};
