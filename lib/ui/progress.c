#include "ui/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "base/text.h"

#define LINE_MOST 512

void
progress_begin(struct progress *p, int fd, bool wanted)
{
	*p = (struct progress){.fd = wanted && isatty(fd) ? fd : -1};
}

/* Width of the terminal, less one column for the cursor; 0: unknown. */
static size_t
progress_width(const struct progress *p)
{
	struct winsize w;

	if (ioctl(p->fd, TIOCGWINSZ, &w) || w.ws_col < 2)
		return 0;
	return w.ws_col < LINE_MOST ? w.ws_col - 1U : LINE_MOST;
}

static bool
in_foreground(const struct progress *p)
{
	pid_t group = tcgetpgrp(p->fd);

	return group < 0 ||
	       group == getpgrp(); /* -1: not the terminal of our session, which cannot stop us */
}

/* Control bytes and invalid UTF-8 become '?', one column each. */
static size_t
line_safe(char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((unsigned char)p[i] < ' ' || p[i] == 0x7f ||
		    ((unsigned char)p[i] == 0xc2 && (unsigned char)p[i + 1] < 0xa0))
			p[i] = '?';
	if (text_is_utf8(p, n))
		return n;
	for (i = 0; i < n; i++)
		if ((unsigned char)p[i] >= 0x80)
			p[i] = '?';
	return n;
}

/* Overwrites the last text, with blanks over the rest of it. */
static void
line_write(struct progress *p, const char *text, size_t n)
{
	char line[2 * LINE_MOST + 64];
	size_t width = text_width(text, n), blank = p->shown > width ? p->shown - width : 0;
	int size = snprintf(line, sizeof line, "\r%.*s%*s", (int)n, text, (int)blank, "");

	if (size > 0 && blank && !width)
		size += snprintf(line + size, sizeof line - (size_t)size, "\r");
	(void)!write(p->fd, line, (size_t)size);
	p->shown = width;
}

void
progress_show(struct progress *p, uint64_t now_ms, const char *format, ...)
{
	char text[LINE_MOST];
	va_list ap;
	int n;

	if (p->fd < 0 || now_ms < p->next_ms || !in_foreground(p))
		return;
	va_start(ap, format);
	n = vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	if (n < 0)
		return;
	n = n < (int)sizeof text ? n : (int)sizeof text - 1;
	line_write(p, text, text_fitting(text, line_safe(text, (size_t)n), progress_width(p)));
	p->next_ms = now_ms + PROGRESS_PERIOD_MS;
}

void
progress_clear(struct progress *p)
{
	if (p->fd < 0)
		return;
	if (p->shown && in_foreground(p))
		line_write(p, "", 0);
	p->shown = 0;
	p->next_ms = 0;
}
