/* error: the only place that prints errors. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/cmd.h"

void
error_print(const struct ctx *ctx, const struct err *e)
{
	const char *name = ctx->command ? ctx->command->name : "";
	struct buf text = {.arena = ctx->arena};

	if (!*e->text)
		return;
	if (ctx_json(ctx)) {
		buf_printf(&text,
		    "{\"code\":%d,\"error\":\"%s\",\"command\":\"%s\",\"message\":", e->code,
		    err_name(e->code), name);
		text_json(&text, e->text, strlen(e->text));
		buf_text(&text, ",\"value\":");
		if (*e->value)
			text_json(&text, e->value, strlen(e->value));
		else
			buf_text(&text, "null");
		buf_text(&text, "}");
	} else {
		buf_printf(&text, "gcs: %s%s", name, *name ? ": " : "");
		text_escape(&text, e->text, strlen(e->text));
	}
	fprintf(stderr, "%s\n", buf_string(&text));
}
