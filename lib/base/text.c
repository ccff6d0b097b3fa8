#include "base/array.h"
#include "base/text.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"

#define NAME_MAX_BYTES 128
#define NAMESPACE_MAX_BYTES 127

/* Takes one character; returns its length in bytes, 0 if it is not strict UTF-8. n is at
 * least 1. */
static size_t
utf8_take(const unsigned char *p, size_t n, uint32_t *code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t size, i;

	*code = p[0];
	if (p[0] < 0x80)
		return 1;
	size = p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
	if (!size || size > n)
		return 0;
	*code = p[0] & (0x7fU >> size);
	for (i = 1; i < size; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (p[i] & 0x3f);
	}
	if (*code < least[size] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return size;
}

bool
text_is_utf8(const void *p, size_t n)
{
	const unsigned char *at = p;
	uint32_t code;
	size_t size;

	for (; n; at += size, n -= size)
		if (!(size = utf8_take(at, n, &code)))
			return false;
	return true;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_name_byte(char c, bool first)
{
	if (is_digit(c) || is_capital(c) || (c >= 'a' && c <= 'z') || c == '_')
		return true;
	return !first && (c == '.' || c == '-');
}

static bool
is_word(const char *text, size_t most)
{
	size_t n;

	for (n = 0; text[n]; n++)
		if (n == most || !is_name_byte(text[n], !n))
			return false;
	return n > 0;
}

static bool
has_form_of_id(const char *text)
{
	if (!is_capital(text[0]) || !text[1])
		return false;
	for (text++; is_digit(*text); text++)
		;
	return !*text;
}

bool
text_is_name(const char *text)
{
	return is_word(text, NAME_MAX_BYTES) && !has_form_of_id(text);
}

bool
text_is_namespace(const char *text)
{
	return is_word(text, NAMESPACE_MAX_BYTES);
}

static const char digits[] = "0123456789abcdef";

static void
add_hex(struct buf *out, unsigned byte)
{
	buf_byte(out, digits[byte >> 4]);
	buf_byte(out, digits[byte & 15]);
}

static bool
is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/* The leading bytes that need no escape; the rest is empty or begins with one that does. */
static size_t
plain_run(const unsigned char *p, size_t n, unsigned char special)
{
	size_t size, run = 0;
	uint32_t code;

	while (run < n) {
		/* Fast path: nearly all text is ASCII, and lists print much of it. */
		while (run < n && p[run] >= 0x20 && p[run] < 0x7f && p[run] != special &&
		       p[run] != '\\')
			run++;
		if (run == n || p[run] < 0x80)
			break;
		size = utf8_take(p + run, n - run, &code);
		if (!size || is_control(code))
			break;
		run += size;
	}
	return run;
}

/* Adds one character, or one invalid byte; returns its length in bytes. */
static size_t
add_escaped(struct buf *out, const unsigned char *p, size_t n)
{
	uint32_t code;
	size_t i, size = utf8_take(p, n, &code);

	size = size ? size : 1;
	if (*p == '\\') {
		buf_text(out, "\\\\");
		return size;
	}
	for (i = 0; i < size; i++) {
		buf_text(out, "\\x");
		add_hex(out, p[i]);
	}
	return size;
}

void
text_escape(struct buf *out, const char *p, size_t n)
{
	const unsigned char *at = (const unsigned char *)p;
	size_t done = 0, run;

	while (done < n) {
		run = plain_run(at + done, n - done, '\\');
		buf_add(out, at + done, run);
		done += run;
		if (done < n)
			done += add_escaped(out, at + done, n - done);
	}
}

void
text_shell(struct buf *out, const char *p, size_t n)
{
	const char *quote;
	size_t run;

	buf_byte(out, '\'');
	while (n && (quote = memchr(p, '\'', n))) {
		run = (size_t)(quote - p);
		buf_add(out, p, run);
		buf_text(out, "'\\''");
		p += run + 1;
		n -= run + 1;
	}
	buf_add(out, p, n);
	buf_byte(out, '\'');
}

static void
json_control(struct buf *out, uint32_t code)
{
	static const char names[] = "\"\"\\\\\nn\tt\rr\bb\ff";
	size_t i;

	for (i = 0; names[i]; i += 2) {
		if ((unsigned char)names[i] != code)
			continue;
		buf_byte(out, '\\');
		buf_byte(out, names[i + 1]);
		return;
	}
	buf_text(out, "\\u00");
	add_hex(out, code);
}

static size_t
json_special(struct buf *out, const unsigned char *p, size_t n)
{
	uint32_t code;
	size_t size = utf8_take(p, n, &code);

	if (size) {
		json_control(out, code);
		return size;
	}
	buf_text(out, "\xef\xbf\xbd");
	return 1;
}

void
text_json(struct buf *out, const char *p, size_t n)
{
	const unsigned char *at = (const unsigned char *)p;
	size_t done = 0, run;

	buf_byte(out, '"');
	while (done < n) {
		run = plain_run(at + done, n - done, '"');
		buf_add(out, at + done, run);
		done += run;
		if (done < n)
			done += json_special(out, at + done, n - done);
	}
	buf_byte(out, '"');
}

void
text_hex(struct buf *out, const void *p, size_t n)
{
	const unsigned char *at = p;

	buf_reserve(out, 2 * n);
	for (; n; n--)
		add_hex(out, *at++);
}

static int
hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
text_from_hex(const char *text, void *p, size_t n)
{
	unsigned char *to = p;
	int high, low;

	for (; n; n--, text += 2) {
		if ((high = hex_value(text[0])) < 0 || (low = hex_value(text[1])) < 0)
			return false;
		*to++ = (unsigned char)(high << 4 | low);
	}
	return !*text;
}

void
text_base64(struct buf *out, const void *p, size_t n)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *at = p;
	uint32_t bits;
	size_t take, i;
	char *to = buf_reserve(out, n / 3 * 4 + 4);

	for (; n; n -= take, at += take) {
		take = n < 3 ? n : 3;
		bits = (uint32_t)at[0] << 16;
		if (take > 1)
			bits |= (uint32_t)at[1] << 8;
		if (take > 2)
			bits |= at[2];
		for (i = 0; i < 4; i++)
			*to++ = i <= take ? letters[bits >> (18 - 6 * i) & 63] : '=';
	}
	*to = '\0';
	out->n = (size_t)(to - out->p);
}

struct range {
	uint32_t first, last;
};

static bool
is_in(uint32_t code, const struct range *ranges, size_t n)
{
	size_t i;

	for (i = 0; i < n && ranges[i].first <= code; i++)
		if (code <= ranges[i].last)
			return true;
	return false;
}

static size_t
columns(uint32_t code)
{
	static const struct range none[] = {{0x300, 0x36f}, {0x483, 0x489}, {0x591, 0x5bd},
	    {0x64b, 0x65f}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f}, {0x202a, 0x202e},
	    {0x2060, 0x2064}, {0x20d0, 0x20ff}, {0x302a, 0x302d}, {0x3099, 0x309a},
	    {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0x1f3fb, 0x1f3ff},
	    {0xe0001, 0xe01ef}};
	static const struct range two[] = {{0x1100, 0x115f}, {0x231a, 0x231b}, {0x2329, 0x232a},
	    {0x23e9, 0x23ec}, {0x23f0, 0x23f0}, {0x23f3, 0x23f3}, {0x25fd, 0x25fe},
	    {0x2614, 0x2615}, {0x2648, 0x2653}, {0x267f, 0x267f}, {0x2693, 0x2693},
	    {0x26a1, 0x26a1}, {0x26aa, 0x26ab}, {0x26bd, 0x26be}, {0x26c4, 0x26c5},
	    {0x26ce, 0x26ce}, {0x26d4, 0x26d4}, {0x26ea, 0x26ea}, {0x26f2, 0x26f3},
	    {0x26f5, 0x26f5}, {0x26fa, 0x26fa}, {0x26fd, 0x26fd}, {0x2705, 0x2705},
	    {0x270a, 0x270b}, {0x2728, 0x2728}, {0x274c, 0x274c}, {0x274e, 0x274e},
	    {0x2753, 0x2755}, {0x2757, 0x2757}, {0x2795, 0x2797}, {0x27b0, 0x27b0},
	    {0x27bf, 0x27bf}, {0x2b1b, 0x2b1c}, {0x2b50, 0x2b50}, {0x2b55, 0x2b55},
	    {0x2e80, 0x303e}, {0x3041, 0x33ff}, {0x3400, 0x4dbf}, {0x4e00, 0xa4cf},
	    {0xa960, 0xa97c}, {0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0xfe30, 0xfe6f},
	    {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x16fe0, 0x18aff}, {0x1b000, 0x1b2ff},
	    {0x1f004, 0x1f004}, {0x1f0cf, 0x1f0cf}, {0x1f18e, 0x1f18e}, {0x1f191, 0x1f19a},
	    {0x1f200, 0x1f320}, {0x1f32d, 0x1f335}, {0x1f337, 0x1f37c}, {0x1f37e, 0x1f393},
	    {0x1f3a0, 0x1f3ca}, {0x1f3cf, 0x1f3d3}, {0x1f3e0, 0x1f3f0}, {0x1f3f4, 0x1f3f4},
	    {0x1f3f8, 0x1f43e}, {0x1f440, 0x1f440}, {0x1f442, 0x1f4fc}, {0x1f4ff, 0x1f53d},
	    {0x1f54b, 0x1f54e}, {0x1f550, 0x1f567}, {0x1f57a, 0x1f57a}, {0x1f595, 0x1f596},
	    {0x1f5a4, 0x1f5a4}, {0x1f5fb, 0x1f64f}, {0x1f680, 0x1f6c5}, {0x1f6cc, 0x1f6cc},
	    {0x1f6d0, 0x1f6d2}, {0x1f6d5, 0x1f6d7}, {0x1f6dc, 0x1f6df}, {0x1f6eb, 0x1f6ec},
	    {0x1f6f4, 0x1f6fc}, {0x1f7e0, 0x1f7eb}, {0x1f90c, 0x1f93a}, {0x1f93c, 0x1f945},
	    {0x1f947, 0x1f9ff}, {0x1fa70, 0x1faff}, {0x20000, 0x3fffd}};

	if (code < 0x300)
		return 1;
	if (is_in(code, none, ARRAY_LENGTH(none)))
		return 0;
	return is_in(code, two, ARRAY_LENGTH(two)) ? 2 : 1;
}

size_t
text_width(const char *p, size_t n)
{
	const unsigned char *at = (const unsigned char *)p;
	size_t size, width = 0;
	uint32_t code;

	for (; n; at += size, n -= size) {
		size = utf8_take(at, n, &code);
		width += size ? columns(code) : 1;
		size = size ? size : 1;
	}
	return width;
}

size_t
text_fitting(const char *p, size_t n, size_t columns)
{
	size_t at = 0, width = 0, next;

	for (; at < n; at = next) {
		for (next = at + 1; next < n && ((unsigned char)p[next] & 0xc0) == 0x80; next++)
			;
		width += text_width(p + at, next - at);
		if (width > columns)
			break;
	}
	return at;
}
