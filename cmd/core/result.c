/* result: a command's answer on stdout. */
#include <string.h>

#include "base/array.h"
#include "core/cmd.h"

void
result_id(struct ctx *ctx, char letter, uint64_t number, bool print)
{
	if (ctx->after.run)
		buf_printf(&ctx->made, "%c%llu\n", letter, (unsigned long long)number);
	if (!ctx_json(ctx)) {
		if (print)
			out_printf(ctx->out, "%c%llu\n", letter, (unsigned long long)number);
		return;
	}
	buf_printf(
	    &ctx->ids, "%s\"%c%llu\"", ctx->ids.n ? "," : "", letter, (unsigned long long)number);
}

void
result_number(struct ctx *ctx, const char *name, int64_t number)
{
	if (ctx_json(ctx))
		buf_printf(&ctx->result, ",\"%s\":%lld", name, (long long)number);
	else
		out_printf(ctx->out, "%lld\n", (long long)number);
}

/* The answer under json of a change that --wait can wait for. */
struct answer {
	struct slice unknown;
	uint64_t v, seq;
	bool changed;
	struct texts ids;
};

#define FIELD(k, member, id) \
	{ \
		.kind = k, .name = #member, .name_n = sizeof #member - 1, .number = id, \
		.flags = FF_INPUT, .offset = offsetof(struct answer, member) \
	}

static const struct field answer_fields[] = {
    FIELD(FK_U64, v, 1),
    FIELD(FK_U64, seq, 2),
    FIELD(FK_BOOL, changed, 3),
    FIELD(FK_TEXTS, ids, 4),
};
static const struct rec rec_answer = {.name = "answer",
    .size = sizeof(struct answer),
    .fields = answer_fields,
    .n = ARRAY_LENGTH(answer_fields)};

/* As text: the ids, one a line. */
int
result_made(struct ctx *ctx, struct slice text, struct err *e)
{
	struct answer answer = {.v = 0};
	size_t i;

	if (!text.n || *text.p != '{') {
		buf_add(&ctx->made, text.p, text.n);
		return 0;
	}
	if (rec_from_json(&rec_answer, &answer, (const char *)text.p, text.n, ctx->kept, e))
		return -1;
	for (i = 0; i < answer.ids.n; i++)
		buf_printf(&ctx->made, "%s\n", answer.ids.v[i]);
	return 0;
}

int
result_leave(struct ctx *ctx, struct err *e)
{
	if (!out_flush(ctx->out, e))
		return 0;
	if (ctx->committed)
		err_set(e, ERR_STORE, "committed as seq %llu, output failed: %s",
		    (unsigned long long)ctx->seq, strerror(ctx->out->failed));
	return -1;
}
