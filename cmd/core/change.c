/* change: what all changes share: repeated requests, plans, dry runs and the answer. */
#include "core/change.h"

#include "core/plan.h"
#include "sched/schedule.h"
#include "state/request.h"
#include "store/txn.h"

struct change_body {
	ctx_body *body; /* NULL: the command's run */
	void *argument;
};

/* The answer of a change under json. */
static void
answer_json(struct ctx *ctx)
{
	if (!ctx_json(ctx) || ctx->in_batch)
		return;
	out_printf(ctx->out, "{\"v\":1,\"seq\":%llu,\"changed\":%s,\"ids\":[%s]%s}\n",
	    (unsigned long long)txn_seq(ctx->cluster->txn), ctx->cluster->count ? "true" : "false",
	    buf_string(&ctx->ids), buf_string(&ctx->result));
}

/* Blames the option for a bad value, but not for an error of the store. */
static int
request_bad(struct err *e)
{
	return e->code == ERR_STORE ? -1 : err_wrap(e, "--request-id");
}

/* A change inside its transaction: repeated requests, the command, and the use of its events. */
static int
change_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct change_body *change = argument;
	struct slice answer;
	int got = 0;

	if (ctx->change.request_id && !ctx->change.dry_run)
		got = request_find(ctx->cluster, ctx->change.request_id, ctx->call, &answer, e);
	if (got < 0)
		return request_bad(e);
	if (got > 0) {
		out_add(ctx->out, answer.p, answer.n);
		if (ctx->after.run && result_made(ctx, answer, e))
			return -1;
		txn_end_as(ctx->cluster->txn, TXN_ABORT);
		return 0;
	}
	if (change->body ? change->body(ctx, change->argument, e) : command_run(ctx, e))
		return -1;
	if (schedule_rest(ctx->cluster, e))
		return -1;
	if (ctx->change.if_plan && plan_compare(ctx, e))
		return -1;
	if (ctx->change.dry_run)
		return plan_show(ctx, e);
	answer_json(ctx);
	if (!ctx->change.request_id || !ctx->cluster->count)
		return 0;
	answer = (struct slice){(unsigned char *)ctx->out->p, ctx->out->n};
	if (!request_keep(ctx->cluster, ctx->change.request_id, ctx->call, answer, e))
		return 0;
	return request_bad(e);
}

int
change_run(struct ctx *ctx, ctx_body *body, void *argument, struct err *e)
{
	struct change_body change = {body, argument};

	return ctx_write(ctx, ctx->command->flags & CMD_FREES, change_body, &change, e);
}

int
change_and_wait(struct ctx *ctx, struct err *e)
{
	if (ctx_open(ctx, false, e) || change_run(ctx, NULL, NULL, e))
		return -1;
	if (!ctx->after.run || ctx->change.dry_run)
		return 0;
	if (result_leave(ctx, e))
		return -1;
	notes_print(ctx);
	return ctx->after.run(ctx, e);
}
