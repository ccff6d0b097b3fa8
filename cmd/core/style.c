/* style: how results are shown, from the options and the terminal. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "core/cmd.h"

static bool
is_terminal(int fd, int *width)
{
	struct winsize w;

	*width = 0;
	if (ioctl(fd, TIOCGWINSZ, &w))
		return false;
	*width = w.ws_col;
	return true;
}

int
style_set(struct ctx *ctx, struct err *e)
{
	struct list_style *style = &ctx->style;
	bool terminal = !ctx->out->plain && is_terminal(ctx->out->fd, &style->width);
	const char *plain = getenv("NO_COLOR");

	style->format = (struct format){0};
	style->form.escape = terminal;
	style->color =
	    ctx->globals.color == 2 || (ctx->globals.color != 3 && terminal && !(plain && *plain));
	style->form.times = ctx->globals.time ? ctx->globals.time - 1 : TIMES_RELATIVE;
	if (!ctx->globals.time && !terminal)
		style->form.times = TIMES_ISO;
	if (!ctx->globals.output)
		return 0;
	return format_parse(ctx->globals.output, &style->format, ctx->arena, e) ? err_wrap(e, "-o")
										: 0;
}

void
style_guess(struct ctx *ctx, char **words)
{
	const char *text;
	struct err ignored;

	for (; *words && strcmp(*words, "--") != 0; words++) {
		if (!strcmp(*words, "-o") || !strcmp(*words, "--output"))
			text = words[1];
		else if (!strncmp(*words, "--output=", 9))
			text = *words + 9;
		else
			text = strncmp(*words, "-o", 2) ? NULL : *words + 2;
		if (text && !format_parse(text, &ctx->style.format, ctx->arena, &ignored))
			return;
	}
}
