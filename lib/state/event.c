#include "state/event.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "store/scan.h"
#include "state/cluster.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"
#include "store/txn.h"

static struct key
seq_key(uint64_t seq)
{
	struct key key = {.n = 0};

	key_u64(&key, seq);
	return key;
}

int
event_append(struct cluster *c, const struct event *event, struct err *e)
{
	struct buf row = {.arena = c->arena};
	struct key key = seq_key(event->seq), record;

	if (!c->first_seq)
		c->first_seq = event->seq;
	c->count++;
	rec_encode(&rec_event, event, &row);
	if (txn_put(c->txn, TABLE_EVENT, key_slice(&key), buf_slice(&row), e))
		return -1;
	event_key(kind_of(c->kinds, event->kind), event, &record);
	key.n = 0;
	key_byte(&key, event->kind);
	key_add(&key, key_slice(&record));
	key_u64(&key, event->seq);
	return txn_put(c->txn, TABLE_HISTORY, key_slice(&key), (struct slice){NULL, 0}, e);
}

int
event_transaction(struct cluster *c, uint64_t seq, struct transaction *t, struct err *e)
{
	struct key to = seq_key(seq + 1);
	struct slice key, row;
	struct scan scan;
	int got;

	memset(t, 0, sizeof *t);
	if (scan_open(&scan, c->txn, TABLE_TXN,
		&(struct scan_range){.to = key_slice(&to), .backward = true}, e))
		return -1;
	got = scan_next(&scan, &key, &row, e);
	if (got > 0 && rec_decode(&rec_transaction, t, row, c->arena, e))
		got = -1;
	scan_close(&scan);
	return got;
}

static bool
transaction_holds(const struct transaction *t, uint64_t seq)
{
	return t->txn && t->txn <= seq && seq < t->txn + t->count;
}

/* The current transaction has no row yet. */
static void
transaction_current(const struct cluster *c, struct transaction *t)
{
	*t = (struct transaction){.txn = c->first_seq,
	    .time_ms = c->time_ms,
	    .by = c->audit.by,
	    .command = c->audit.command,
	    .message = c->audit.message,
	    .request_id = c->audit.request_id,
	    .count = c->count};
}

int
event_read(struct event_reader *r, uint64_t seq, struct event *event, struct err *e)
{
	struct key key = seq_key(seq);
	struct transaction *t = &r->transaction;
	struct slice row;
	int got = txn_get(r->c->txn, TABLE_EVENT, key_slice(&key), &row, e);

	if (got < 0)
		return -1;
	if (!got && seq >= txn_horizon(r->c->txn) && seq <= txn_seq(r->c->txn)) {
		err_set(e, ERR_STORE, "event %llu is missing", (unsigned long long)seq);
		return err_advise(e, ADVICE_CHECK);
	}
	if (!got)
		return 0;
	memset(event, 0, sizeof *event);
	if (rec_decode(&rec_event, event, row, r->c->arena, e))
		return -1;
	if (r->c->first_seq && seq >= r->c->first_seq)
		transaction_current(r->c, t);
	else if (!transaction_holds(t, seq) && event_transaction(r->c, seq, t, e) < 0)
		return -1;
	if (!transaction_holds(t, seq))
		return err_set(
		    e, ERR_STORE, "event %llu belongs to no transaction", (unsigned long long)seq);
	event->txn = t->txn;
	event->time_ms = t->time_ms;
	event->by = t->by;
	event->user = t->by ? ((const struct by *)t->by)->user : NULL;
	event->command = t->command;
	event->message = t->message;
	event->request_id = t->request_id;
	return 1;
}

static int
fields_decode(const struct kind *kind, const struct event *event, struct slice fields,
    void **record, struct arena *a, struct err *e)
{
	if (!kind)
		return err_set(e, ERR_STORE, "event %llu is of a kind this program does not know",
		    (unsigned long long)event->seq);
	*record = arena_alloc(a, kind->rec->size);
	return rec_decode(kind->rec, *record, fields, a, e);
}

/* there: the record existed on this side of the event. */
static int
side_json(const struct kind *kind, const struct event *event, bool is_after, const char **json,
    struct arena *a, struct err *e)
{
	struct slice fields = is_after ? event->new : event->old;
	bool there = is_after ? !event->gone : event->prev_rev != 0;
	const struct rec *rec = kind ? kind->rec : NULL;
	struct form plain = {0};
	struct buf out = {.arena = a};
	struct slice changed = event->changed;
	uint64_t number;
	void *record = NULL;

	if (fields_decode(kind, event, fields, &record, a, e))
		return -1;
	while (numbers_next(&changed, &number)) {
		const struct field *f = rec_field_number(rec, (uint32_t)number);

		if (!f)
			continue;
		buf_byte(&out, out.n ? ',' : '{');
		text_json(&out, f->name, strlen(f->name));
		buf_byte(&out, ':');
		if (there)
			field_json(f, record, &plain, &out);
		else
			buf_text(&out, "null");
	}
	buf_text(&out, out.n ? "}" : "{}");
	*json = buf_string(&out);
	return 0;
}

int
event_show(const struct kinds *kinds, struct event *event, struct arena *a, struct err *e)
{
	const struct kind *kind = kind_of(kinds, event->kind);

	return side_json(kind, event, false, &event->before, a, e) ||
		       side_json(kind, event, true, &event->after, a, e)
		   ? -1
		   : 0;
}

int
event_diff(const struct kinds *kinds, const struct event *event, const struct form *form,
    struct arena *a, struct buf *out, struct err *e)
{
	const struct kind *kind = kind_of(kinds, event->kind);
	const struct rec *rec = kind ? kind->rec : NULL;
	struct slice changed = event->changed;
	void *before = NULL, *after = NULL;
	size_t start = out->n;
	uint64_t number;

	if (fields_decode(kind, event, event->old, &before, a, e) ||
	    fields_decode(kind, event, event->new, &after, a, e))
		return -1;
	while (numbers_next(&changed, &number)) {
		const struct field *f = rec_field_number(rec, (uint32_t)number);

		if (!f || number == FIELD_BORN || number == FIELD_CREATED)
			continue;
		if (out->n > start)
			buf_text(out, "; ");
		buf_printf(out, "%s: ", f->name);
		if (field_is_set(f, before))
			field_text(f, before, form, out);
		if (field_is_set(f, before) && field_is_set(f, after))
			buf_text(out, " -> ");
		if (field_is_set(f, after))
			field_text(f, after, form, out);
		else
			buf_text(out, field_is_set(f, before) ? " -> -" : "-");
	}
	return 0;
}

static void plan_fields(const struct rec *rec, const void *record, struct buf *out);

static void
plan_field(const struct field *f, const void *record, struct buf *out)
{
	static const struct form plain;
	const void *const *message;

	if (f->kind == FK_MESSAGE) {
		message = field_at(f, record);
		if (*message)
			plan_fields(f->sub, *message, out);
		return;
	}
	field_json(f, record, &plain, out);
}

static void
plan_fields(const struct rec *rec, const void *record, struct buf *out)
{
	const struct field *f;

	for (f = rec->fields; f < rec->fields + rec->n; f++) {
		if ((f->flags & (FF_VIRTUAL | FF_STAMP | FF_PASSING)) || f->kind == FK_TIME ||
		    f->kind == FK_ID)
			continue;
		if (!field_is_set(f, record))
			continue;
		buf_printf(out, " %s=", f->name);
		plan_field(f, record, out);
	}
}

int
event_plan(const struct kinds *kinds, const struct event *event, struct arena *a, struct buf *out,
    struct err *e)
{
	const struct kind *kind = kind_of(kinds, event->kind);
	void *after = NULL;

	if (fields_decode(kind, event, event->new, &after, a, e))
		return -1;
	buf_text(out, enum_text(&event_types, event->type));
	if (event->prev_rev && event->id)
		buf_printf(out, " %c%llu", ref_letter(event->id),
		    (unsigned long long)ref_number(event->id));
	buf_byte(out, ' ');
	text_json(out, event->name, strlen(event->name));
	plan_fields(kind->rec, after, out);
	buf_byte(out, '\n');
	return 0;
}

void
event_key(const struct kind *kind, const struct event *event, struct key *key)
{
	const char *slash;

	key->n = 0;
	if (kind && kind->letter) {
		key_u64(key, ref_number(event->id));
		return;
	}
	slash = kind && rec_field(kind->rec, "namespace") ? strchr(event->name, '/') : NULL;
	if (slash) {
		key_add(key, (struct slice){(const unsigned char *)event->name,
				 (size_t)(slash - event->name)});
		key_byte(key, 0);
	}
	key_add(key, slice_of(slash ? slash + 1 : event->name));
}
