/* row_codec: the stored form of records. */
#include "rec/rec.h"

#include <limits.h>
#include <string.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/wire.h"

enum { VARINT = 0, DELIMITED = 2 };
enum { LABEL_KEY = 1, LABEL_VALUE = 2 };
enum { AMOUNT_NAME = 1, AMOUNT_VALUE = 2, AMOUNT_INDEXED = 3 };

static void
put_number(struct buf *out, uint32_t number, uint64_t value)
{
	if (value)
		wire_put_u64(out, number, value);
}

static void
put_text(struct buf *out, uint32_t number, const char *text)
{
	if (text && *text)
		wire_put_bytes(out, number, text, strlen(text));
}

static void
put_texts(struct buf *out, uint32_t number, const struct texts *l)
{
	for (size_t i = 0; i < l->n; i++)
		wire_put_bytes(out, number, l->v[i], strlen(l->v[i]));
}

static void
put_labels(struct buf *out, uint32_t number, const struct labels *l)
{
	struct buf sub = {.arena = out->arena};

	for (size_t i = 0; i < l->n; i++) {
		sub.n = 0;
		put_text(&sub, LABEL_KEY, l->v[i].key);
		put_text(&sub, LABEL_VALUE, l->v[i].value);
		wire_put_bytes(out, number, sub.p, sub.n);
	}
}

static void
put_amounts(struct buf *out, uint32_t number, const struct amounts *l)
{
	struct buf sub = {.arena = out->arena};

	for (size_t i = 0; i < l->n; i++) {
		sub.n = 0;
		put_text(&sub, AMOUNT_NAME, l->v[i].name);
		put_number(&sub, AMOUNT_VALUE, l->v[i].value);
		put_number(&sub, AMOUNT_INDEXED, l->v[i].indexed);
		wire_put_bytes(out, number, sub.p, sub.n);
	}
}

static void
put_message(struct buf *out, const struct field *f, const void *message)
{
	struct buf sub = {.arena = out->arena};

	if (!message)
		return;
	rec_encode(f->sub, message, &sub);
	wire_put_bytes(out, f->number, sub.p, sub.n);
}

static void
put_list(struct buf *out, const struct field *f, const struct list_of *l)
{
	const struct rec *sub = f->sub;

	for (size_t i = 0; i < l->n; i++)
		put_message(out, f, (const char *)l->v + i * sub->size);
}

static void
put_field(struct buf *out, const struct field *f, const void *p)
{
	const struct slice *bytes = p;

	switch (f->kind) {
	case FK_ALL_U64:
		put_number(out, f->number, *(const uint64_t *)p);
		return;
	case FK_I64:
		put_number(out, f->number, wire_zigzag(*(const int64_t *)p));
		return;
	case FK_BOOL:
		put_number(out, f->number, *(const bool *)p);
		return;
	case FK_ENUM:
		put_number(out, f->number, *(const unsigned *)p);
		return;
	case FK_TEXT:
		put_text(out, f->number, *(const char *const *)p);
		return;
	case FK_BYTES:
	case FK_NUMBERS:
		if (bytes->n)
			wire_put_bytes(out, f->number, bytes->p, bytes->n);
		return;
	case FK_TEXTS:
		put_texts(out, f->number, p);
		return;
	case FK_LABELS:
		put_labels(out, f->number, p);
		return;
	case FK_AMOUNTS:
		put_amounts(out, f->number, p);
		return;
	case FK_MESSAGE:
		put_message(out, f, *(const void *const *)p);
		return;
	case FK_LIST:
		put_list(out, f, p);
		return;
	case FK_AMOUNT:
	case FK_JSON: /* never stored */
		return;
	}
}

/* Moves the fields with numbers below `number` from the front of *unknown to out. */
static void
put_unknown(struct buf *out, struct slice *unknown, uint32_t number)
{
	struct slice rest = *unknown;
	struct wire_field w;

	while (rest.n && wire_next(&rest, &w) > 0 && w.number < number) {
		buf_add(out, w.raw.p, w.raw.n);
		*unknown = rest;
	}
}

void
rec_encode(const struct rec *r, const void *record, struct buf *out)
{
	struct slice unknown = *(const struct slice *)record;

	for (const struct field *f = r->fields; f < r->fields + r->n; f++) {
		if (!f->number)
			continue;
		if (unknown.n)
			put_unknown(out, &unknown, f->number);
		put_field(out, f, field_at(f, record));
	}
	buf_add(out, unknown.p, unknown.n);
}

/* The field being read: the first of its number, and the rest of the message, from which lists take
 * more. */
struct reading {
	struct wire_field w;
	struct slice *rest;
	struct arena *arena;
};

/* A C string cannot hold a NUL, and a rewrite would truncate the text. */
static int
get_text(struct slice bytes, const char **text, struct arena *a)
{
	if (bytes.n && memchr(bytes.p, 0, bytes.n))
		return -1;
	*text = arena_strndup(a, bytes.p, bytes.n);
	return 0;
}

static void
get_bytes(struct slice bytes, struct slice *to, struct arena *a)
{
	if (!bytes.n)
		return;
	to->p = arena_copy(a, bytes.p, bytes.n);
	to->n = bytes.n;
}

/* The number of adjacent fields with the same number. */
static size_t
run_length(const struct reading *r)
{
	struct slice rest = *r->rest;
	struct wire_field w;
	size_t n = 1;

	while (wire_next(&rest, &w) > 0 && w.number == r->w.number)
		n++;
	return n;
}

/* The next element of a list; i counts from 0, and the first one is already taken. */
static int
run_next(struct reading *r, size_t i)
{
	if (i && wire_next(r->rest, &r->w) <= 0)
		return -1;
	return r->w.type == DELIMITED ? 0 : -1;
}

static int
get_texts(struct reading *r, struct texts *l)
{
	size_t n = run_length(r);

	l->v = arena_alloc(r->arena, n * sizeof *l->v);
	for (; l->n < n; l->n++)
		if (run_next(r, l->n) || get_text(r->w.bytes, &l->v[l->n], r->arena))
			return -1;
	return 0;
}

/*
 * The messages of labels and amounts are closed: there is no place to keep an unknown field, so it
 * is refused rather than lost.
 */
static int
get_label(struct slice message, struct label *l, struct arena *a)
{
	struct wire_field w;
	uint32_t last = 0;
	int got;

	l->key = l->value = "";
	while ((got = wire_next(&message, &w)) > 0) {
		if (w.type != DELIMITED || w.number <= last || w.number > LABEL_VALUE)
			return -1;
		last = w.number;
		if (get_text(w.bytes, w.number == LABEL_KEY ? &l->key : &l->value, a))
			return -1;
	}
	return got;
}

static int
get_labels(struct reading *r, struct labels *l)
{
	size_t n = run_length(r);

	l->v = arena_alloc(r->arena, n * sizeof *l->v);
	for (; l->n < n; l->n++) {
		if (run_next(r, l->n) || get_label(r->w.bytes, &l->v[l->n], r->arena))
			return -1;
		if (l->n && strcmp(l->v[l->n - 1].key, l->v[l->n].key) >= 0)
			return -1;
	}
	return 0;
}

static int
get_amount(struct slice message, struct amount *amount, struct arena *a)
{
	struct wire_field w;
	uint32_t last = 0;
	int got;

	amount->name = "";
	while ((got = wire_next(&message, &w)) > 0) {
		if (w.number <= last || w.number > AMOUNT_INDEXED)
			return -1;
		if (w.type != (w.number == AMOUNT_NAME ? DELIMITED : VARINT))
			return -1;
		last = w.number;
		if (w.number == AMOUNT_NAME && get_text(w.bytes, &amount->name, a))
			return -1;
		if (w.number == AMOUNT_VALUE)
			amount->value = w.value;
		if (w.number == AMOUNT_INDEXED)
			amount->indexed = w.value != 0;
	}
	return got;
}

static int
get_amounts(struct reading *r, struct amounts *l)
{
	size_t n = run_length(r);

	l->v = arena_alloc(r->arena, n * sizeof *l->v);
	for (; l->n < n; l->n++) {
		if (run_next(r, l->n) || get_amount(r->w.bytes, &l->v[l->n], r->arena))
			return -1;
		if (l->n && strcmp(l->v[l->n - 1].name, l->v[l->n].name) >= 0)
			return -1;
	}
	return 0;
}

static int
get_message(const struct reading *r, const struct rec *sub, void **to)
{
	struct err ignored;

	*to = arena_alloc(r->arena, sub->size);
	return rec_decode(sub, *to, r->w.bytes, r->arena, &ignored);
}

static int
get_list(struct reading *r, const struct rec *sub, struct list_of *l)
{
	size_t n = run_length(r);
	struct err ignored;
	char *at;

	at = l->v = arena_alloc(r->arena, n * sub->size);
	for (; l->n < n; l->n++, at += sub->size)
		if (run_next(r, l->n) || rec_decode(sub, at, r->w.bytes, r->arena, &ignored))
			return -1;
	return 0;
}

static unsigned
stored_type(enum field_kind kind)
{
	switch (kind) {
	case FK_U64:
	case FK_I64:
	case FK_BOOL:
	case FK_TIME:
	case FK_DURATION:
	case FK_SIZE:
	case FK_REAL:
	case FK_ID:
	case FK_REF:
	case FK_ENUM:
		return VARINT;
	case FK_TEXT:
	case FK_BYTES:
	case FK_TEXTS:
	case FK_LABELS:
	case FK_AMOUNTS:
	case FK_NUMBERS:
	case FK_AMOUNT:
	case FK_JSON:
	case FK_MESSAGE:
	case FK_LIST:
		return DELIMITED;
	}
	return DELIMITED;
}

static int
get_field(struct reading *r, const struct field *f, void *to)
{
	if (r->w.type != stored_type(f->kind))
		return -1;
	switch (f->kind) {
	case FK_ALL_U64:
		*(uint64_t *)to = r->w.value;
		return 0;
	case FK_I64:
		*(int64_t *)to = wire_unzigzag(r->w.value);
		return 0;
	case FK_BOOL:
		*(bool *)to = r->w.value != 0;
		return 0;
	case FK_ENUM:
		*(unsigned *)to = (unsigned)r->w.value;
		return r->w.value > UINT_MAX ? -1 : 0;
	case FK_TEXT:
		return get_text(r->w.bytes, to, r->arena);
	case FK_BYTES:
	case FK_NUMBERS:
		get_bytes(r->w.bytes, to, r->arena);
		return 0;
	case FK_TEXTS:
		return get_texts(r, to);
	case FK_LABELS:
		return get_labels(r, to);
	case FK_AMOUNTS:
		return get_amounts(r, to);
	case FK_MESSAGE:
		return get_message(r, f->sub, to);
	case FK_LIST:
		return get_list(r, f->sub, to);
	case FK_AMOUNT:
	case FK_JSON:
		return -1;
	}
	return -1;
}

/* Table and message both ascend, so one pass over the two is enough. */
static int
fields_get(const struct rec *r, void *record, uint32_t most, struct slice message,
    struct buf *unknown, struct err *e)
{
	struct reading now = {.rest = &message, .arena = unknown->arena};
	const struct field *f = r->fields, *end = f + r->n;
	uint32_t last = 0;
	int got;

	while ((got = wire_next(&message, &now.w)) > 0 && now.w.number <= most) {
		uint32_t number = now.w.number;

		while (f < end && f->number < number)
			f++;
		bool known = f < end && f->number == number;
		if (number < last || (known && number == last))
			return err_set(e, ERR_STORE, "malformed %s record: field %u out of order",
			    r->name, number);
		last = number;
		if (!known)
			buf_add(unknown, now.w.raw.p, now.w.raw.n);
		else if (get_field(&now, f, field_to(f, record)))
			return err_set(e, ERR_STORE, "malformed %s record: field %u (%s)", r->name,
			    number, f->name);
	}
	if (got < 0)
		return err_set(e, ERR_STORE, "malformed %s record", r->name);
	return 0;
}

int
rec_decode(const struct rec *r, void *record, struct slice message, struct arena *a, struct err *e)
{
	struct buf unknown = {.arena = a};

	if (fields_get(r, record, UINT32_MAX, message, &unknown, e))
		return -1;
	*(struct slice *)record = buf_slice(&unknown);
	return 0;
}

int
rec_decode_to(const struct rec *r, void *record, uint32_t number, struct slice message,
    struct arena *a, struct err *e)
{
	struct buf unknown = {.arena = a};

	return fields_get(r, record, number, message, &unknown, e);
}
