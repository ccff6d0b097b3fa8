/* why: why something waits, and why it is in its state. */
#include "core/cmd.h"

#include <string.h>

#include "base/text.h"
#include "why/why.h"

struct telling {
	struct ctx *ctx;
	bool many; /* a line was printed before */
};

static void
tell_json(struct telling *t, const struct why_line *line)
{
	struct ctx *ctx = t->ctx;
	struct buf json = {.arena = ctx->turn};
	bool document = ctx->style.format.kind == FORMAT_JSON;

	buf_printf(&json, "%s{\"code\":\"%s\",\"about\":", document && t->many ? "," : "",
	    enum_text(&why_codes, line->code));
	text_json(&json, line->about, strlen(line->about));
	buf_printf(&json, ",\"seq\":%llu,\"text\":", (unsigned long long)line->seq);
	text_json(&json, line->text, strlen(line->text));
	buf_text(&json, document ? "}" : "}\n");
	out_add(ctx->out, json.p, json.n);
}

static int
tell(void *argument, const struct why_line *line, struct err *e)
{
	struct telling *t = argument;
	struct buf text = {.arena = t->ctx->turn};

	(void)e;
	if (ctx_json(t->ctx)) {
		tell_json(t, line);
	} else {
		cell_escape(&text, line->text, strlen(line->text), t->ctx->style.form.escape,
		    t->ctx->style.form.escape);
		out_printf(t->ctx->out, "%s\n", buf_string(&text));
	}
	t->many = true;
	return 0;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	bool document = ctx->style.format.kind == FORMAT_JSON;
	struct telling telling = {ctx, false};
	size_t i;

	(void)params;
	if (document)
		out_printf(ctx->out, "{\"v\":1,\"seq\":%llu,\"items\":[",
		    (unsigned long long)ctx->style.seq);
	for (i = 0; operands[i]; i++)
		if (why(ctx->cluster, &ctx->records[i], tell, &telling, e))
			return -1;
	if (document)
		out_text(ctx->out, "]}\n");
	return 0;
}

const struct command cmd_why = {
    .name = "why",
    .help = "explain why a record is waiting, or in its state",
    .mode = MODE_READ,
    .operands = OPERANDS({.name = "REC", .count = OPERAND_MANY, .kind = ANY_KIND}),
    .run = run,
};
