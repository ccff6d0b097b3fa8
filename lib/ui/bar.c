#include "ui/bar.h"

#include "base/buf.h"

void
bar_add(struct buf *out, unsigned width, uint64_t part, uint64_t whole)
{
	double filled = whole ? (double)part * width / (double)whole + 0.5 : 0;
	unsigned i;

	buf_byte(out, '[');
	for (i = 0; i < width; i++)
		buf_byte(out, (double)i + 1 <= filled ? '#' : '.');
	buf_byte(out, ']');
}
