/* field_text: fields as text for people and scripts. */
#include "rec/form.h"

#include <string.h>
#include "base/amount.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/duration.h"
#include "base/err.h"
#include "base/size.h"
#include "base/text.h"
#include "base/time.h"

static void
add_text(const struct form *form, const char *p, size_t n, struct buf *out)
{
	if (form->escape)
		text_escape(out, p, n);
	else
		buf_add(out, p, n);
}

static void
add_string(const struct form *form, const char *text, struct buf *out)
{
	if (text)
		add_text(form, text, strlen(text), out);
}

static void
add_id(char letter, uint64_t number, struct buf *out)
{
	buf_byte(out, letter);
	buf_u64(out, number);
}

static void
add_relative(uint64_t ms, uint64_t now_ms, struct buf *out)
{
	char text[NUMBER_SIZE];

	if (ms == now_ms) {
		buf_text(out, "now");
		return;
	}
	if (ms > now_ms)
		buf_text(out, "in ");
	buf_text(out, duration_short(text, ms > now_ms ? ms - now_ms : now_ms - ms));
	if (ms < now_ms)
		buf_text(out, " ago");
}

/* Seconds, and milliseconds if not 0, as in "1767225600.250". */
static void
add_unix(uint64_t ms, struct buf *out)
{
	buf_u64(out, ms / 1000);
	if (ms % 1000)
		buf_printf(out, ".%03u", (unsigned)(ms % 1000));
}

static void
add_time(const struct form *form, uint64_t ms, struct buf *out)
{
	char text[TIME_SIZE];

	switch (form->times) {
	case TIMES_RELATIVE:
		if (form->now_ms)
			add_relative(ms, form->now_ms, out);
		else
			buf_u64(out, ms);
		return;
	case TIMES_ISO:
		buf_text(out, time_format(text, ms));
		return;
	case TIMES_UNIX:
		add_unix(ms, out);
		return;
	}
}

static void
add_duration(const struct field *f, uint64_t ms, struct buf *out)
{
	char text[NUMBER_SIZE];

	if (ms == DURATION_NEVER)
		buf_text(out, "never");
	else if (f->flags & FF_VIRTUAL)
		buf_text(out, duration_short(text, ms));
	else
		buf_text(out, duration_format(text, ms));
}

/* All kinds with a uint64_t member. */
static void
add_number(const struct field *f, uint64_t value, const struct form *form, struct buf *out)
{
	char text[NUMBER_SIZE];

	if (f->kind == FK_TIME)
		add_time(form, value, out);
	else if (f->kind == FK_DURATION)
		add_duration(f, value, out);
	else if (f->kind == FK_SIZE)
		buf_text(out, size_format(text, value));
	else if (f->kind == FK_REAL)
		buf_text(out, amount_format(text, value));
	else if (f->kind == FK_ID)
		add_id(*(const char *)f->sub, value, out);
	else if (f->kind == FK_REF)
		add_id(ref_letter(value), ref_number(value), out);
	else
		buf_u64(out, value);
}

static void
add_enum(const struct enums *names, unsigned value, struct buf *out)
{
	const char *name = enum_text(names, value);

	if (name)
		buf_text(out, name);
	else if (value)
		buf_u64(out, value);
}

static void
add_texts(const struct form *form, const struct texts *l, struct buf *out)
{
	for (size_t i = 0; i < l->n; i++) {
		if (i)
			buf_byte(out, ',');
		add_string(form, l->v[i], out);
	}
}

static void
add_labels(const struct form *form, const struct labels *l, struct buf *out)
{
	for (size_t i = 0; i < l->n; i++) {
		if (i)
			buf_byte(out, ',');
		add_string(form, l->v[i].key, out);
		buf_byte(out, '=');
		add_string(form, l->v[i].value, out);
	}
}

static void
add_amount(const struct amount *amount, struct buf *out)
{
	char text[NUMBER_SIZE];

	buf_text(out, resource_format(text, amount->name, amount->value));
}

static void
add_amounts(const struct form *form, const struct amounts *l, struct buf *out)
{
	char text[NUMBER_SIZE];

	for (size_t i = 0; i < l->n; i++) {
		if (i)
			buf_byte(out, ',');
		add_string(form, l->v[i].name, out);
		buf_byte(out, '=');
		buf_text(out, resource_format(text, l->v[i].name, l->v[i].value));
		if (l->v[i].indexed && strcmp(l->v[i].name, "gpu"))
			buf_text(out, ":indexed");
	}
}

static void
add_numbers(struct slice numbers, struct buf *out)
{
	uint64_t value;

	for (bool first = true; numbers_next(&numbers, &value); first = false) {
		if (!first)
			buf_byte(out, ',');
		buf_u64(out, value);
	}
}

static void
add_message(const struct field *f, const void *message, const struct form *form, struct buf *out)
{
	struct buf json = {.arena = out->arena};

	if (!message)
		return;
	rec_json(f->sub, message, form, &json);
	add_text(form, json.p, json.n, out);
}

static void
add_list(const struct field *f, const struct list_of *l, const struct form *form, struct buf *out)
{
	const struct rec *sub = f->sub;

	for (size_t i = 0; i < l->n; i++) {
		if (i)
			buf_byte(out, ',');
		add_message(f, (const char *)l->v + i * sub->size, form, out);
	}
}

static void
add_value(const struct field *f, const void *p, const struct form *form, struct buf *out)
{
	const struct slice *bytes = p;

	switch (f->kind) {
	case FK_ALL_U64:
		add_number(f, *(const uint64_t *)p, form, out);
		return;
	case FK_I64:
		buf_i64(out, *(const int64_t *)p);
		return;
	case FK_BOOL:
		buf_text(out, *(const bool *)p ? "true" : "false");
		return;
	case FK_TEXT:
	case FK_JSON:
		add_string(form, *(const char *const *)p, out);
		return;
	case FK_BYTES:
		add_text(form, (const char *)bytes->p, bytes->n, out);
		return;
	case FK_ENUM:
		add_enum(f->sub, *(const unsigned *)p, out);
		return;
	case FK_TEXTS:
		add_texts(form, p, out);
		return;
	case FK_LABELS:
		add_labels(form, p, out);
		return;
	case FK_AMOUNT:
		add_amount(p, out);
		return;
	case FK_AMOUNTS:
		add_amounts(form, p, out);
		return;
	case FK_NUMBERS:
		add_numbers(*bytes, out);
		return;
	case FK_MESSAGE:
		add_message(f, *(const void *const *)p, form, out);
		return;
	case FK_LIST:
		add_list(f, p, form, out);
		return;
	}
}

/* Whether FF_ALWAYS shows a 0; a time or an id of 0 is unset. */
static bool
is_shown_empty(const struct field *f)
{
	return f->flags & FF_ALWAYS && f->kind != FK_TIME && f->kind != FK_ID && f->kind != FK_REF;
}

void
field_text(const struct field *f, const void *record, const struct form *form, struct buf *out)
{
	if (form->past && f->flags & FF_LIVE)
		buf_byte(out, '-');
	else if (field_is_set(f, record) || is_shown_empty(f))
		add_value(f, field_at(f, record), form, out);
}
