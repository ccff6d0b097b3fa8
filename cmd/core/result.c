/* result: what a command answers on stdout. */
#include <string.h>

#include "core/cmd.h"

void
result_id(struct ctx *ctx, char letter, uint64_t number, bool print)
{
	if (ctx->after.expression)
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

/* The words of the answer that are ids: each a line, or an element of `ids` under json. */
void
result_made(struct ctx *ctx, struct slice answer)
{
	const char *p = arena_strndup(ctx->kept, answer.p, answer.n),
		   *list = strstr(p, "\"ids\":[");
	size_t n;

	p = list ? list + strlen("\"ids\":[") : p;
	for (; *p && *p != ']'; p += n ? n : 1) {
		n = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
		if (n > 1)
			buf_printf(&ctx->made, "%.*s\n", (int)n, p);
	}
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
