/* why: why something waits, and why it is as it is. */
#include "cmd.h"

#include <string.h>

#include "base/text.h"
#include "cluster/why.h"

static int
tell(void *argument, const struct why_line *line, struct err *e)
{
	struct ctx *ctx = argument;
	struct buf json = {.arena = ctx->turn};

	(void)e;
	if (!ctx_json(ctx)) {
		struct buf text = {.arena = ctx->turn};

		if (ctx->style.form.escape)
			text_escape(&text, line->text, strlen(line->text));
		else
			buf_text(&text, line->text);
		out_printf(ctx->out, "%s\n", buf_string(&text));
		return 0;
	}
	buf_printf(&json, "{\"code\":\"%s\",\"about\":", line->code);
	text_json(&json, line->about, strlen(line->about));
	buf_printf(&json, ",\"seq\":%llu,\"text\":", (unsigned long long)line->seq);
	text_json(&json, line->text, strlen(line->text));
	buf_text(&json, "}\n");
	out_add(ctx->out, json.p, json.n);
	return 0;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct found found;

	(void)params;
	for (; *operands; operands++)
		if (record_find(ctx->cluster, NULL, *operands, ctx_self(), &found, e) < 0 ||
		    why(ctx->cluster, &found, tell, ctx, e))
			return -1;
	return 0;
}

static const struct operand operands[] = {
    {"REC", OPERAND_MANY, "record"}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_why = {"why", "say why a record waits, or is as it is", MODE_READ, 0,
    operands, NULL, 0, run, NULL, 0, NULL};
