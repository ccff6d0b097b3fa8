/* note: remarks for the user, on stderr. */
#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "core/cmd.h"
#include "base/time.h"

void
note(struct ctx *ctx, const char *format, ...)
{
	char line[512];
	va_list ap;

	if (ctx->globals.quiet)
		return;
	va_start(ap, format);
	vsnprintf(line, sizeof line, format, ap);
	va_end(ap);
	buf_printf(&ctx->notes, "gcs: %s\n", line);
}

void
notes_print(struct ctx *ctx)
{
	fputs(buf_string(&ctx->notes), stderr);
	ctx->notes = (struct buf){.arena = ctx->arena};
}

void
say(const struct ctx *ctx, const char *format, ...)
{
	char time[TIME_SIZE], line[512];
	va_list ap;

	if (ctx->globals.quiet)
		return;
	va_start(ap, format);
	vsnprintf(line, sizeof line, format, ap);
	va_end(ap);
	fprintf(stderr, "%s gcs %s: %s\n", time_format(time, clock_real_ms()), ctx->command->name,
	    line);
}
