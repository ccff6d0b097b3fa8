#include "rec/form.h"

#include <string.h>
#include "base/amount.h"
#include "base/buf.h"
#include "base/duration.h"
#include "base/text.h"
#include "base/wire.h"

static void
scaled_json(uint64_t scaled, struct buf *out)
{
	uint64_t part = scaled % AMOUNT_ONE;

	buf_u64(out, scaled / AMOUNT_ONE);
	if (part)
		buf_byte(out, '.');
	for (uint64_t one = AMOUNT_ONE / 10; part; one /= 10) {
		buf_byte(out, (int)('0' + part / one));
		part %= one;
	}
}

static void
id_json(char letter, uint64_t number, struct buf *out)
{
	if (!number) {
		buf_text(out, "null");
		return;
	}
	buf_byte(out, '"');
	buf_byte(out, letter);
	buf_u64(out, number);
	buf_byte(out, '"');
}

/* All kinds with a uint64_t member. */
static void
number_json(const struct field *f, uint64_t value, struct buf *out)
{
	if (f->kind == FK_REAL)
		scaled_json(value, out);
	else if (f->kind == FK_ID)
		id_json(*(const char *)f->sub, value, out);
	else if (f->kind == FK_REF)
		id_json(ref_letter(value), ref_number(value), out);
	else if (f->kind == FK_DURATION && value == DURATION_NEVER)
		buf_text(out, "\"never\"");
	else if (!value &&
		 (f->kind == FK_TIME || (f->kind == FK_DURATION && !(f->flags & FF_ALWAYS))))
		buf_text(out, "null");
	else
		buf_u64(out, value);
}

static void
string_json(const char *text, struct buf *out)
{
	text_json(out, text, text ? strlen(text) : 0);
}

static void
bytes_json(const struct slice *bytes, struct buf *out)
{
	if (!bytes->p) {
		buf_text(out, "null");
		return;
	}
	if (text_is_utf8(bytes->p, bytes->n)) {
		text_json(out, (const char *)bytes->p, bytes->n);
		return;
	}
	buf_byte(out, '"');
	text_base64(out, bytes->p, bytes->n);
	buf_byte(out, '"');
}

static void
enum_json(const struct enums *names, unsigned value, struct buf *out)
{
	const char *name = enum_text(names, value);

	if (name)
		string_json(name, out);
	else if (value)
		buf_u64(out, value);
	else
		buf_text(out, "null");
}

static void
texts_json(const struct texts *l, struct buf *out)
{
	buf_byte(out, '[');
	for (size_t i = 0; i < l->n; i++) {
		if (i)
			buf_byte(out, ',');
		string_json(l->v[i], out);
	}
	buf_byte(out, ']');
}

static void
labels_json(const struct labels *l, struct buf *out)
{
	buf_byte(out, '{');
	for (size_t i = 0; i < l->n; i++) {
		if (i)
			buf_byte(out, ',');
		string_json(l->v[i].key, out);
		buf_byte(out, ':');
		string_json(l->v[i].value, out);
	}
	buf_byte(out, '}');
}

static void
amount_json(const struct amount *amount, struct buf *out)
{
	if (!amount->name)
		buf_text(out, "null");
	else if (resource_is_bytes(amount->name))
		buf_u64(out, amount->value);
	else
		scaled_json(amount->value, out);
}

static void
amounts_json(const struct amounts *l, struct buf *out)
{
	buf_byte(out, '{');
	for (size_t i = 0; i < l->n; i++) {
		if (i)
			buf_byte(out, ',');
		string_json(l->v[i].name, out);
		buf_byte(out, ':');
		amount_json(&l->v[i], out);
	}
	buf_byte(out, '}');
}

static void
numbers_json(struct slice numbers, struct buf *out)
{
	uint64_t value;

	buf_byte(out, '[');
	for (bool first = true; numbers_next(&numbers, &value); first = false) {
		if (!first)
			buf_byte(out, ',');
		buf_u64(out, value);
	}
	buf_byte(out, ']');
}

static void
made_json(const char *json, struct buf *out)
{
	buf_text(out, json && *json ? json : "null");
}

static void
message_json(const struct rec *r, const void *message, const struct form *form, struct buf *out)
{
	if (message)
		rec_json(r, message, form, out);
	else
		buf_text(out, "null");
}

static void
list_json(const struct rec *r, const struct list_of *l, const struct form *form, struct buf *out)
{
	buf_byte(out, '[');
	for (size_t i = 0; i < l->n; i++) {
		if (i)
			buf_byte(out, ',');
		rec_json(r, (const char *)l->v + i * r->size, form, out);
	}
	buf_byte(out, ']');
}

static void
value_json(const struct field *f, const void *record, const struct form *form, struct buf *out)
{
	const void *p = field_at(f, record);

	switch (f->kind) {
	case FK_ALL_U64:
		number_json(f, *(const uint64_t *)p, out);
		return;
	case FK_I64:
		buf_i64(out, *(const int64_t *)p);
		return;
	case FK_BOOL:
		buf_text(out, *(const bool *)p ? "true" : "false");
		return;
	case FK_TEXT:
		string_json(*(const char *const *)p, out);
		return;
	case FK_BYTES:
		bytes_json(p, out);
		return;
	case FK_ENUM:
		enum_json(f->sub, *(const unsigned *)p, out);
		return;
	case FK_TEXTS:
		texts_json(p, out);
		return;
	case FK_LABELS:
		labels_json(p, out);
		return;
	case FK_AMOUNT:
		amount_json(p, out);
		return;
	case FK_AMOUNTS:
		amounts_json(p, out);
		return;
	case FK_NUMBERS:
		numbers_json(*(const struct slice *)p, out);
		return;
	case FK_JSON:
		made_json(*(const char *const *)p, out);
		return;
	case FK_MESSAGE:
		message_json(f->sub, *(const void *const *)p, form, out);
		return;
	case FK_LIST:
		list_json(f->sub, p, form, out);
		return;
	}
}

void
field_json(const struct field *f, const void *record, const struct form *form, struct buf *out)
{
	if (form->past && f->flags & FF_LIVE)
		buf_text(out, "null");
	else
		value_json(f, record, form, out);
}

static bool
is_shown(const struct field *f, const void *record, const struct form *form)
{
	if (f->flags & FF_CELL || (form->past && f->flags & FF_LIVE))
		return false;
	return f->flags & FF_ALWAYS || field_is_set(f, record);
}

static bool
is_base64(const struct field *f, const void *record)
{
	const struct slice *bytes;

	if (f->kind != FK_BYTES)
		return false;
	bytes = field_at(f, record);
	return !text_is_utf8(bytes->p, bytes->n);
}

/* Names are C identifiers: nothing in them needs escaping. */
static void
name_json(const struct field *f, const char *ending, char separator, struct buf *out)
{
	size_t n = f->name_n, more = strlen(ending);
	char *p = buf_reserve(out, n + more + 4);

	*p++ = separator;
	*p++ = '"';
	memcpy(p, f->name, n);
	memcpy(p + n, ending, more);
	p += n + more;
	*p++ = '"';
	*p = ':';
	out->n += n + more + 4;
}

void
rec_json(const struct rec *r, const void *record, const struct form *form, struct buf *out)
{
	char separator = '{';

	for (const struct field *f = r->fields; f < r->fields + r->n; f++) {
		if (!is_shown(f, record, form))
			continue;
		name_json(f, is_base64(f, record) ? "_base64" : "", separator, out);
		value_json(f, record, form, out);
		separator = ',';
	}
	buf_text(out, separator == '{' ? "{}" : "}");
}
