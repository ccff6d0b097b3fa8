#include "core/operands.h"

#include "core/cmd.h"

/* The row of an operand: the last row takes all further operands. */
static const struct operand *
row_of(const struct command *command, size_t i)
{
	size_t last = command->operands.n - 1;

	return &command->operands.v[i < last ? i : last];
}

static int
resolve(struct ctx *ctx, const struct operand *row, const char *text, struct found *found,
    struct err *e)
{
	const struct kind *only =
	    row->kind == ANY_KIND ? NULL : kind_of(ctx->kinds, (unsigned)row->kind);

	return resolve_any(ctx->cluster, only, text, ctx_self(), found, e) < 0 ? -1 : 0;
}

int
operands_resolve(struct ctx *ctx, struct err *e)
{
	const struct parsed *p = &ctx->parsed;
	struct found *v;
	size_t i;

	ctx->records = NULL;
	if (!p->n || !ctx->command->operands.n || !ctx->command->operands.v[0].kind)
		return 0;
	v = arena_alloc(ctx->turn, p->n * sizeof *v);
	for (i = 0; i < p->n; i++) {
		const struct operand *row = row_of(ctx->command, i);

		if (row->kind && resolve(ctx, row, p->operands[i], &v[i], e))
			return -1;
	}
	ctx->records = v;
	return 0;
}

int
operands_each(struct ctx *ctx, struct err *e)
{
	const struct command *command = ctx->command;
	size_t i, n = ctx->parsed.n ? ctx->parsed.n : 1;
	struct found found;

	for (i = 0; i < n; i++) {
		const char *text = ctx->parsed.n ? ctx->parsed.operands[i] : "@self";

		if (resolve(ctx, row_of(command, i), text, &found, e) ||
		    command->each(ctx, ctx->params, found.record, e))
			return -1;
	}
	return 0;
}
