#include "core/plan.h"

#include <string.h>

#include "auth/hash.h"
#include "core/cmd.h"
#include "state/event.h"
#include "store/txn.h"

/* The events of this transaction as `log -p` shows them, and the hash of that plan. */
static int
plan_make(struct ctx *ctx, bool show, char hash[HASH_TEXT_SIZE], struct err *e)
{
	struct event_reader reader = {.c = ctx->cluster};
	struct buf plan = {.arena = ctx->turn};
	struct event event;
	uint64_t i;

	for (i = 0; i < ctx->cluster->count; i++) {
		if (event_read(&reader, ctx->cluster->first_seq + i, &event, e) <= 0)
			return -1;
		if (event_plan(ctx->kinds, &event, ctx->turn, &plan, e))
			return -1;
		if (show && event_line(ctx, &event, true, e))
			return -1;
	}
	return hash_text(plan.p, plan.n, hash, e);
}

int
plan_show(struct ctx *ctx, struct err *e)
{
	char hash[HASH_TEXT_SIZE];

	out_reset(ctx->out);
	if (plan_make(ctx, true, hash, e))
		return -1;
	out_printf(ctx->out, ctx_json(ctx) ? "{\"plan\":\"%s\"}\n" : "plan %s\n", hash);
	txn_end_as(ctx->cluster->txn, TXN_ABORT);
	return 0;
}

int
plan_compare(struct ctx *ctx, struct err *e)
{
	char hash[HASH_TEXT_SIZE];
	struct out *out = ctx->out, now;
	int bad;

	if (plan_make(ctx, false, hash, e))
		return -1;
	if (!strcmp(hash, ctx->change.if_plan))
		return 0;
	out_init(&now, 2);
	now.holding = true;
	ctx->out = &now;
	bad = ctx_json(ctx) ? 0 : plan_make(ctx, true, hash, e);
	ctx->out = out;
	out_add(&now, "", 1);
	if (!bad && !ctx_json(ctx))
		buf_printf(&ctx->notes, "gcs: what would follow now:\n%s", now.p);
	out_done(&now);
	return bad ? -1
		   : err_set(e, ERR_REFUSED, "--if-plan: other events would follow now (plan %s)",
			 hash);
}
