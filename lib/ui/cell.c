#include "ui/list.h"

#include <string.h>
#include "base/buf.h"
#include "base/text.h"

static bool
needs_escape(unsigned char c, bool escape, bool backslash)
{
	if (c == '\\')
		return backslash;
	return c == '\t' || c == '\n' || c == '\r' || c == '\0' ||
	       (escape && (c < ' ' || c >= 0x7f));
}

static void
byte_escape(struct buf *out, char c)
{
	if (c == '\t')
		buf_text(out, "\\t");
	else if (c == '\n')
		buf_text(out, "\\n");
	else if (c == '\r')
		buf_text(out, "\\r");
	else if (c == '\\')
		buf_text(out, "\\\\");
	else
		buf_text(out, "\\x00");
}

void
cell_escape(struct buf *out, const char *p, size_t n, bool escape, bool backslash)
{
	size_t i = 0, from;

	while (i < n && !needs_escape((unsigned char)p[i], escape, backslash))
		i++;
	buf_add(out, p, i);
	while (i < n) {
		/* A run up to a byte that has its own escape, which is never inside a character. */
		for (from = i; i < n && !memchr("\t\n\r\\", p[i], 5); i++)
			;
		if (escape)
			text_escape(out, p + from, i - from);
		else
			buf_add(out, p + from, i - from);
		if (i == n)
			return;
		if (p[i] == '\\' && !backslash)
			buf_byte(out, '\\');
		else
			byte_escape(out, p[i]);
		i++;
	}
}
