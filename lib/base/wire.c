#include "base/wire.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"

#define NUMBER_MAX ((1U << 29) - 1)
#define NUMBER_END UINT32_MAX

enum wire_type { VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5 };

/* These take an item off the front of n bytes and return its size, 0 if it is malformed. */
static size_t
take_long_varint(const unsigned char *p, size_t n, uint64_t *value)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < n && i < 10; i++) {
		if (i == 9 && p[i] > 1)
			return 0;
		sum |= (uint64_t)(p[i] & 0x7f) << (7 * i);
		if (p[i] < 0x80) {
			*value = sum;
			return i + 1;
		}
	}
	return 0;
}

static inline size_t
take_varint(const unsigned char *p, size_t n, uint64_t *value)
{
	if (!n || p[0] >= 0x80)
		return take_long_varint(p, n, value);
	*value = p[0];
	return 1;
}

static size_t
take_fixed(const unsigned char *p, size_t n, size_t size, uint64_t *value)
{
	uint64_t sum = 0;
	size_t i;

	if (n < size)
		return 0;
	for (i = 0; i < size; i++)
		sum |= (uint64_t)p[i] << (8 * i);
	*value = sum;
	return size;
}

static size_t
take_bytes(const unsigned char *p, size_t n, struct slice *bytes)
{
	uint64_t size;
	size_t at = take_varint(p, n, &size);

	if (!at || size > n - at)
		return 0;
	*bytes = (struct slice){p + at, (size_t)size};
	return at + (size_t)size;
}

static size_t
take_content(const unsigned char *p, size_t n, struct wire_field *field)
{
	switch (field->type) {
	case VARINT:
		return take_varint(p, n, &field->value);
	case FIXED64:
		return take_fixed(p, n, 8, &field->value);
	case BYTES:
		return take_bytes(p, n, &field->bytes);
	case FIXED32:
		return take_fixed(p, n, 4, &field->value);
	}
	return 0;
}

int
wire_next(struct slice *message, struct wire_field *field)
{
	const unsigned char *p = message->p;
	size_t n = message->n, at, size;
	uint64_t tag;

	if (!n)
		return 0;
	at = take_varint(p, n, &tag);
	if (!at || !(tag >> 3) || tag >> 3 > NUMBER_MAX)
		return -1;
	field->number = (uint32_t)(tag >> 3);
	field->type = tag & 7;
	field->value = 0;
	field->bytes = (struct slice){NULL, 0};
	size = take_content(p + at, n - at, field);
	if (!size)
		return -1;
	field->raw = (struct slice){p, at + size};
	*message = (struct slice){p + at + size, n - at - size};
	return 1;
}

void
wire_varint(struct buf *out, uint64_t value)
{
	unsigned char bytes[10];
	size_t n = 0;

	for (; value >= 0x80; value >>= 7)
		bytes[n++] = (unsigned char)(value | 0x80);
	bytes[n++] = (unsigned char)value;
	buf_add(out, bytes, n);
}

void
wire_put_u64(struct buf *out, uint32_t number, uint64_t value)
{
	wire_varint(out, (uint64_t)number << 3 | VARINT);
	wire_varint(out, value);
}

void
wire_put_bytes(struct buf *out, uint32_t number, const void *p, size_t n)
{
	wire_varint(out, (uint64_t)number << 3 | BYTES);
	wire_varint(out, n);
	buf_add(out, p, n);
}

uint64_t
wire_zigzag(int64_t value)
{
	uint64_t bits = (uint64_t)value;

	return bits << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

int64_t
wire_unzigzag(uint64_t value)
{
	return (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
}

int
wire_find(struct slice message, uint32_t number, struct wire_field *field)
{
	int got;

	while ((got = wire_next(&message, field)) > 0)
		if (field->number == number)
			return 1;
	return got;
}

/*
 * Differences are made and applied group by group: all fields of one number, which are adjacent in
 * a sorted message. Other messages are sorted first, keeping the order of fields with the same
 * number.
 */
struct group {
	uint32_t number; /* NUMBER_END after the last */
	struct slice raw;
	struct slice rest;
};

struct piece {
	uint32_t number;
	struct slice raw;
};

static int
piece_compare(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return (x->raw.p > y->raw.p) - (x->raw.p < y->raw.p);
}

static struct slice
sorted(struct slice message, size_t n, struct arena *a)
{
	struct piece *pieces = arena_alloc(a, n * sizeof *pieces);
	struct buf out = {.arena = a};
	struct wire_field field;
	size_t i;

	for (i = 0; i < n && wire_next(&message, &field) > 0; i++)
		pieces[i] = (struct piece){field.number, field.raw};
	qsort(pieces, n, sizeof *pieces, piece_compare);
	for (i = 0; i < n; i++)
		buf_add(&out, pieces[i].raw.p, pieces[i].raw.n);
	return buf_slice(&out);
}

/* Checks the whole message, so that later code cannot meet malformed bytes. */
static int
put_in_order(struct slice *message, struct arena *a)
{
	struct slice rest = *message;
	struct wire_field field;
	uint32_t last = 0;
	bool in_order = true;
	size_t n = 0;
	int got;

	for (; (got = wire_next(&rest, &field)) > 0; n++) {
		in_order = in_order && field.number >= last;
		last = field.number;
	}
	if (got < 0)
		return -1;
	if (!in_order)
		*message = sorted(*message, n, a);
	return 0;
}

/* The number of the first field of a message known to be well formed. */
static uint32_t
number_ahead(struct slice message)
{
	uint64_t tag;

	return take_varint(message.p, message.n, &tag) ? (uint32_t)(tag >> 3) : NUMBER_END;
}

static void
group_next(struct group *group)
{
	struct slice rest = group->rest;
	struct wire_field field;

	group->number = number_ahead(rest);
	do {
		if (wire_next(&rest, &field) <= 0)
			break;
	} while (number_ahead(rest) == group->number);
	group->raw = (struct slice){group->rest.p, group->rest.n - rest.n};
	group->rest = rest;
}

static struct group
group_first(struct slice message)
{
	struct group group = {.rest = message};

	group_next(&group);
	return group;
}

/* The group's bytes if it has this number, advancing to the next group. */
static struct slice
group_take(struct group *group, uint32_t number)
{
	struct slice raw = group->raw;

	if (group->number != number)
		return (struct slice){NULL, 0};
	group_next(group);
	return raw;
}

static uint32_t
lower(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static bool
is_skipped(uint32_t number, const uint32_t *list)
{
	for (; list && *list; list++)
		if (*list == number)
			return true;
	return false;
}

int
wire_diff(struct slice from, struct slice to, const uint32_t *skip_numbers, struct buf *changed,
    struct buf *before, struct buf *after)
{
	struct group a, b;
	struct slice old, new;
	uint32_t number;
	int n = 0;

	if (put_in_order(&from, changed->arena) || put_in_order(&to, changed->arena))
		return -1;
	a = group_first(from);
	b = group_first(to);
	while ((number = lower(a.number, b.number)) != NUMBER_END) {
		old = group_take(&a, number);
		new = group_take(&b, number);
		if (is_skipped(number, skip_numbers) || !slice_compare(old, new))
			continue;
		wire_varint(changed, number);
		buf_add(before, old.p, old.n);
		buf_add(after, new.p, new.n);
		n++;
	}
	return n;
}

static bool
is_list(struct slice list)
{
	uint64_t number;
	size_t at, size;

	for (at = 0; at < list.n; at += size)
		if (!(size = take_varint(list.p + at, list.n - at, &number)))
			return false;
	return true;
}

static bool
is_listed(uint32_t number, struct slice list)
{
	uint64_t value;
	size_t at, size;

	for (at = 0; at < list.n; at += size) {
		size = take_varint(list.p + at, list.n - at, &value);
		if (!size || value == number)
			return size > 0;
	}
	return false;
}

static bool
all_listed(struct slice fields, struct slice changed)
{
	struct group group;

	for (group = group_first(fields); group.number != NUMBER_END; group_next(&group))
		if (!is_listed(group.number, changed))
			return false;
	return true;
}

int
wire_patch(struct slice message, struct slice changed, struct slice fields, struct buf *out)
{
	struct group a, b;
	struct slice old, new;
	uint32_t number;

	if (put_in_order(&message, out->arena) || put_in_order(&fields, out->arena))
		return -1;
	if (!is_list(changed) || !all_listed(fields, changed))
		return -1;
	a = group_first(message);
	b = group_first(fields);
	while ((number = lower(a.number, b.number)) != NUMBER_END) {
		old = group_take(&a, number);
		new = group_take(&b, number);
		if (is_listed(number, changed))
			old = new;
		buf_add(out, old.p, old.n);
	}
	return 0;
}
