#include "core/read.h"

#include "core/cmd.h"
#include "core/die.h"
#include "state/event.h"
#include "store/txn.h"

static int
read_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct arena *kept = argument; /* the memory to rewind */
	struct transaction t;
	uint64_t seq;

	if (!ctx->globals.at)
		return command_run(ctx, e);
	if (when_parse(ctx, ctx->globals.at, &seq, e) || history_rewind(ctx->cluster, seq, kept, e))
		return err_wrap(e, "--at");
	if (seq >= txn_horizon(ctx->cluster->txn) &&
	    event_transaction(ctx->cluster, seq, &t, e) > 0)
		ctx->cluster->now_ms = t.time_ms;
	ctx->style.form.past = true;
	ctx->style.form.now_ms = ctx->cluster->now_ms;
	ctx->style.seq = seq;
	return command_run(ctx, e);
}

int
read_run(struct ctx *ctx, struct err *e)
{
	struct arena kept;
	int bad;

	arena_init(&kept, die_exhausted);
	bad = ctx_open(ctx, true, e) || ctx_read(ctx, read_body, &kept, e);
	arena_done(&kept);
	return bad ? -1 : 0;
}
