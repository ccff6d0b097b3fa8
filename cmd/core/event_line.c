/* event_line: an event as one line of text, or of JSON. */
#include "core/cmd.h"

#include <string.h>

#include "base/time.h"
#include "state/event.h"

/* Escapes text from users: it stays on one line and cannot control the terminal. */
static void
add_escaped(struct ctx *ctx, struct buf *line, const char *text)
{
	cell_escape(line, text, strlen(text), ctx->style.form.escape, ctx->style.form.escape);
}

static void
add_state(struct ctx *ctx, struct buf *line, const char *type)
{
	static const struct {
		const char *end, *color;
	} colors[] = {{"_ALIVE", "\033[32m"}, {"_DRAINING", "\033[33m"}, {"_DEAD", "\033[31m"}};
	size_t i, n = strlen(type);

	for (i = 0; ctx->style.color && i < ARRAY_LENGTH(colors); i++) {
		size_t m = strlen(colors[i].end);

		if (n < m || strcmp(type + n - m, colors[i].end) != 0)
			continue;
		buf_printf(line, "%s%-14s\033[0m", colors[i].color, type);
		return;
	}
	buf_printf(line, "%-14s", type);
}

/* A time, not an age: lines are read later, and compared with each other. */
static void
add_time(struct ctx *ctx, struct buf *line, const struct event *event)
{
	char time[TIME_SIZE];

	if (ctx->style.form.times == TIMES_RELATIVE)
		buf_text(line, time_format_local(time, event->time_ms));
	else
		field_text(rec_field(&rec_event, "time_ms"), event, &ctx->style.form, line);
}

void
event_text(struct ctx *ctx, const struct event *event, struct buf *line)
{
	const char *type = enum_text(&event_types, event->type);

	buf_printf(line, "%-6llu ", (unsigned long long)event->seq);
	add_time(ctx, line, event);
	buf_text(line, "  ");
	add_state(ctx, line, type ? type : "?");
	if (event->id)
		buf_printf(line, " %c%llu", ref_letter(event->id),
		    (unsigned long long)ref_number(event->id));
	buf_byte(line, ' ');
	add_escaped(ctx, line, event->name ? event->name : "");
	if (event->cause)
		buf_printf(line, "  because of %llu", (unsigned long long)event->cause);
	buf_printf(line, "  (%s%s%s", event->user ? event->user : "", event->user ? ": " : "",
	    event->command ? event->command : "");
	if (event->message) {
		buf_text(line, ": ");
		add_escaped(ctx, line, event->message);
	}
	buf_byte(line, ')');
}

static int
line_json(struct ctx *ctx, struct event *event, struct err *e)
{
	struct buf line = {.arena = ctx->turn};

	if (!event->before && event_show(ctx->kinds, event, ctx->turn, e))
		return -1;
	rec_json(&rec_event, event, &ctx->style.form, &line);
	buf_byte(&line, '\n');
	out_add(ctx->out, line.p, line.n);
	return 0;
}

int
event_line(struct ctx *ctx, struct event *event, bool with_diff, struct err *e)
{
	struct buf line = {.arena = ctx->turn}, diff = {.arena = ctx->turn};
	struct form form = ctx->style.form;

	if (ctx_json(ctx))
		return line_json(ctx, event, e);
	event_text(ctx, event, &line);
	buf_byte(&line, '\n');
	form.escape = false;
	if (with_diff && event_diff(ctx->kinds, event, &form, ctx->turn, &diff, e))
		return -1;
	if (diff.n) {
		buf_text(&line, "       ");
		add_escaped(ctx, &line, diff.p);
		buf_byte(&line, '\n');
	}
	out_add(ctx->out, line.p, line.n);
	return 0;
}
