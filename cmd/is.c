/*
 * is: does an expression hold for a record now? And `require`, the same as a guard inside a batch.
 */
#include "follow/expr.h"

#include "state/record.h"
#include "state/resolve.h"

/* An id that was given out, and whose record is forgotten or removed. */
static void
was_there(struct ctx *ctx, const char *text, struct moment *m)
{
	struct expected expected;
	struct err ignored;

	if (resolve_expected(ctx->cluster, text, ctx_self(), &expected, &ignored) ||
	    !resolve_given_out(ctx->cluster, &expected))
		return;
	m->kind = expected.kind;
	m->final = true;
}

static int
quiet(struct ctx *ctx, const char *text, const struct expr *x, struct err *e)
{
	struct located of;
	uint64_t last;

	if (resolve_located(ctx->cluster, text, ctx_self(), &of, e) ||
	    expr_last_event(ctx, &of, txn_seq(ctx->cluster->txn), &last, e))
		return -1;
	return ctx->cluster->now_ms >= last + x->quiet_ms;
}

int
holds(struct ctx *ctx, const char *text, const char *expression, struct err *e)
{
	struct moment m = {0};
	struct found found;
	struct err missing = {0};
	struct expr x;

	if (expr_parse(expression, &x, ctx->turn, e))
		return -1;
	if (x.kind == EXPR_FITS)
		return expr_fits(ctx, &x, e);
	if (!text)
		return err_value(e, ERR_USAGE, "EXPR", "missing operand EXPR");
	if (x.kind == EXPR_QUIET)
		return quiet(ctx, text, &x, e);
	if (resolve_any(ctx->cluster, NULL, text, ctx_self(), &found, &missing) > 0)
		m = (struct moment){.kind = found.kind, .record = found.record};
	else if (missing.code != ERR_NO) {
		*e = missing;
		return -1;
	} else
		was_there(ctx, text, &m);
	if (!m.record && x.kind != EXPR_EXISTS && x.kind != EXPR_GONE && x.kind != EXPR_ENDED) {
		*e = missing;
		return -1;
	}
	if (m.kind && expr_suits(ctx, &x, m.kind, e))
		return -1;
	return expr_holds(ctx, &x, &m, e);
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	bool alone = ctx->parsed.n == 1; /* fits: is asked of no record */
	int yes = holds(ctx, alone ? NULL : operands[0], operands[!alone], e);

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
