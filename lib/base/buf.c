#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

#define FIRST_SIZE 64

static void
grow(struct buf *b, size_t n)
{
	size_t room = n < SIZE_MAX - b->n - 1 ? b->n + n + 1 : SIZE_MAX;
	size_t size = b->size ? b->size : FIRST_SIZE / 2;

	size = size < SIZE_MAX / 2 ? 2 * size : SIZE_MAX;
	if (size < room)
		size = room;
	b->p = arena_grow(b->arena, b->p, b->size, size);
	b->size = size;
}

char *
buf_reserve(struct buf *b, size_t n)
{
	if (b->size - b->n <= n)
		grow(b, n);
	b->p[b->n] = '\0';
	return b->p + b->n;
}

void
buf_add(struct buf *b, const void *p, size_t n)
{
	char *to = buf_reserve(b, n);

	if (n)
		memcpy(to, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void
buf_byte(struct buf *b, int c)
{
	*buf_reserve(b, 1) = (char)c;
	b->p[++b->n] = '\0';
}

void
buf_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void
buf_u64(struct buf *b, uint64_t value)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324"
				    "25262728293031323334353637383940414243444546474849"
				    "50515253545556575859606162636465666768697071727374"
				    "75767778798081828384858687888990919293949596979899";
	char digits[20];
	size_t at = sizeof digits;

	/* Two digits at a time: listings are mostly numbers. */
	for (; value >= 10; value /= 100) {
		at -= 2;
		memcpy(digits + at, pairs + 2 * (value % 100), 2);
	}
	if (value || at == sizeof digits)
		digits[--at] = (char)('0' + value);
	memcpy(buf_reserve(b, sizeof digits), digits + at, sizeof digits - at);
	b->n += sizeof digits - at;
	b->p[b->n] = '\0';
}

void
buf_i64(struct buf *b, int64_t value)
{
	if (value < 0)
		buf_byte(b, '-');
	buf_u64(b, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	size_t room = 120;
	char *to = buf_reserve(b, room);
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(to, room + 1, format, args);
	va_end(args);
	if (n < 0) {
		*to = '\0';
		return;
	}
	if ((size_t)n > room) {
		to = buf_reserve(b, (size_t)n);
		va_start(args, format);
		vsnprintf(to, (size_t)n + 1, format, args);
		va_end(args);
	}
	b->n += (size_t)n;
}

struct slice
buf_slice(const struct buf *b)
{
	return (struct slice){(const unsigned char *)b->p, b->n};
}

const char *
buf_string(const struct buf *b)
{
	if (!b->p)
		return "";
	/* writes into reserved bytes set no NUL */
	b->p[b->n] = '\0';
	return b->p;
}
