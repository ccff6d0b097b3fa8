#include "state/record.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/wire.h"
#include "state/cluster.h"
#include "state/columns.h"
#include "state/derive.h"
#include "state/event.h"
#include "state/key.h"
#include "state/kind.h"

static const uint32_t stamps[] = {FIELD_REV, FIELD_UPDATED, 0};

int
record_row(
    struct cluster *c, const struct kind *kind, struct slice key, struct slice *row, struct err *e)
{
	int got = txn_get(c->txn, kind->table, key, row, e);

	if (got > 0)
		row->p = arena_copy(c->arena, row->p, row->n);
	if (got == 0)
		*row = (struct slice){NULL, 0};
	return got;
}

int
record_get(
    struct cluster *c, const struct kind *kind, struct slice key, void *record, struct err *e)
{
	struct slice row;
	int got = txn_get(c->txn, kind->table, key, &row, e);

	if (got <= 0)
		return got;
	return rec_decode(kind->rec, record, row, c->arena, e) ? -1 : 1;
}

int
record_get_number(
    struct cluster *c, const struct kind *kind, uint64_t number, void *record, struct err *e)
{
	struct key key = {.n = 0};

	key_u64(&key, number);
	return record_get(c, kind, key_slice(&key), record, e);
}

int
record_derive(
    const struct kind *kind, struct slice row, struct derived *to, struct arena *a, struct err *e)
{
	void *record;

	*to = (struct derived){.arena = a};
	if (!row.n)
		return 0;
	record = arena_alloc(a, kind->rec->size);
	if (rec_decode(kind->rec, record, row, a, e))
		return -1;
	kind->derive(kind, record, to);
	return 0;
}

static int
sum_add(struct cluster *c, unsigned char table, struct slice key, int64_t amount, struct err *e)
{
	struct key value = {.n = 0};
	struct slice old;
	int got = txn_get(c->txn, table, key, &old, e);
	uint64_t sum = got > 0 ? key_tail(old) : 0;

	if (got < 0)
		return -1;
	sum += (uint64_t)amount;
	if (sum == 0)
		return txn_delete(c->txn, table, key, e) < 0 ? -1 : 0;
	key_u64(&value, sum);
	return txn_put(c->txn, table, key, key_slice(&value), e);
}

static bool
derived_has(const struct derived *d, const struct derived_row *row)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		if (d->v[i].table == row->table && d->v[i].amount == row->amount &&
		    !slice_compare(d->v[i].key, row->key) &&
		    !slice_compare(d->v[i].column, row->column))
			return true;
	return false;
}

static int
derived_write(struct cluster *c, const struct derived_row *row, bool there, struct err *e)
{
	if (row->amount)
		return sum_add(c, row->table, row->key, there ? row->amount : -row->amount, e);
	if (there)
		return txn_put(c->txn, row->table, row->key, (struct slice){NULL, 0}, e);
	return txn_delete(c->txn, row->table, row->key, e) < 0 ? -1 : 0;
}

/* Writes what of one is not in the other; columns are put aside, to be written row by row. */
static int
derived_differ(struct cluster *c, const struct derived *d, const struct derived *other, bool there,
    struct derived *columns, struct err *e)
{
	size_t i;

	for (i = 0; i < d->n; i++) {
		if (derived_has(other, &d->v[i]))
			continue;
		if (d->v[i].column.n) {
			columns->v[columns->n] = d->v[i];
			columns->v[columns->n++].amount *= there ? 1 : -1;
		} else if (derived_write(c, &d->v[i], there, e)) {
			return -1;
		}
	}
	return 0;
}

/* The row and all that is derived from it; an empty slice stands for no row. */
static int
record_write(struct cluster *c, const struct kind *kind, struct slice key, struct slice from,
    struct slice to, struct err *e)
{
	struct derived before, after, columns = {.n = 0};

	if (record_derive(kind, from, &before, c->arena, e) ||
	    record_derive(kind, to, &after, c->arena, e))
		return -1;
	columns.v = arena_alloc(c->arena, (before.n + after.n) * sizeof *columns.v);
	if (derived_differ(c, &before, &after, false, &columns, e) ||
	    derived_differ(c, &after, &before, true, &columns, e) || columns_add(c, &columns, e))
		return -1;
	if (!to.n)
		return txn_delete(c->txn, kind->table, key, e) < 0 ? -1 : 0;
	return txn_put(c->txn, kind->table, key, to, e);
}

static int
guard_check(const struct cluster *c, const struct kind *kind, const char *label, uint64_t rev,
    struct err *e)
{
	if (!c->guarded || rev == c->guard_rev)
		return 0;
	return err_set(e, ERR_REFUSED, "%s %s is at rev %llu, not %llu", kind->name, label,
	    (unsigned long long)rev, (unsigned long long)c->guard_rev);
}

static int
transition_check(
    const struct kind *kind, const char *label, unsigned from, unsigned to, struct err *e)
{
	const struct state_rule *rule = kind_state(kind, to);
	const struct field *f = kind->states ? rec_field(kind->rec, "state") : NULL;

	if (!f || from == to)
		return 0;
	if (rule && (rule->from & 1U << from))
		return 0;
	return err_set(e, ERR_REFUSED, "%s %s is %s: cannot become %s", kind->name, label,
	    from ? enum_text(f->sub, from) : "not there", rule ? enum_text(f->sub, to) : "nothing");
}

uint64_t
record_next_seq(const struct cluster *c)
{
	return txn_seq(c->txn) + 1;
}

/* Fills an event's fields that follow from the record, and appends it. */
static int
event_make(struct cluster *c, const struct kind *kind, const void *record, struct slice from,
    struct slice to, struct event *event, struct err *e)
{
	struct buf changed = {.arena = c->arena}, before = {.arena = c->arena},
		   after = {.arena = c->arena};
	struct wire_field f;

	if (wire_diff(from, to, stamps, &changed, &before, &after) < 0)
		return err_set(e, ERR_STORE, "the row of %s %s is malformed", kind->name,
		    record_label(kind, record, c->arena));
	event->seq = txn_seq_next(c->txn);
	event->kind = kind->number;
	event->name = record_label(kind, record, c->arena);
	event->id = kind->letter ? ref_make(kind->letter, record_number(kind, record)) : 0;
	event->changed = buf_slice(&changed);
	event->old = buf_slice(&before);
	event->new = buf_slice(&after);
	if (from.n && wire_find(from, FIELD_REV, &f) > 0)
		event->prev_rev = f.value;
	if (from.n && wire_find(from, FIELD_UPDATED, &f) > 0)
		event->prev_ms = f.value;
	return event_append(c, event, e);
}

static struct slice
record_bytes(struct cluster *c, const struct kind *kind, const void *record)
{
	struct buf row = {.arena = c->arena};

	rec_encode(kind->rec, record, &row);
	return buf_slice(&row);
}

int
record_put(struct cluster *c, const struct kind *kind, void *record, uint64_t cause, uint64_t *seq,
    struct err *e)
{
	return record_put_as(c, kind, record, 0, cause, seq, e);
}

int
record_put_as(struct cluster *c, const struct kind *kind, void *record, unsigned type,
    uint64_t cause, uint64_t *seq, struct err *e)
{
	const char *label = record_label(kind, record, c->arena);
	void *old = arena_alloc(c->arena, kind->rec->size);
	struct event event = {.cause = cause, .type = kind->updated};
	struct buf changed = {.arena = c->arena}, before = {.arena = c->arena},
		   after = {.arena = c->arena};
	const struct state_rule *rule;
	struct slice from, to;
	struct key key;
	int differs;

	if (seq)
		*seq = 0;
	record_key(kind, record, &key);
	if (record_row(c, kind, key_slice(&key), &from, e) < 0)
		return -1;
	if (from.n && rec_decode(kind->rec, old, from, c->arena, e))
		return -1;
	if (!cause && guard_check(c, kind, label, record_rev(kind, old), e))
		return -1;
	if (!from.n) {
		record_set(kind, record, FIELD_BORN, record_next_seq(c));
		record_set(kind, record, FIELD_CREATED, c->time_ms);
	}
	differs = wire_diff(from, record_bytes(c, kind, record), stamps, &changed, &before, &after);
	if (differs < 0)
		return err_set(e, ERR_STORE, "the row of %s %s is malformed", kind->name, label);
	if (!differs)
		return 0;
	if (transition_check(kind, label, record_state(kind, old), record_state(kind, record), e))
		return -1;
	rule = kind_state(kind, record_state(kind, record));
	if (rule && record_state(kind, record) != record_state(kind, old))
		event.type = rule->event;
	if (type)
		event.type = type;
	record_set(kind, record, FIELD_REV, record_next_seq(c));
	record_set(kind, record, FIELD_UPDATED, c->time_ms);
	to = record_bytes(c, kind, record);
	if (event_make(c, kind, record, from, to, &event, e))
		return -1;
	if (seq)
		*seq = event.seq;
	if (kind->follow && kind->follow(c, kind, from.n ? old : NULL, record, e))
		return -1;
	return record_write(c, kind, key_slice(&key), from, to, e);
}

int
record_remove(struct cluster *c, const struct kind *kind, const void *record, uint64_t cause,
    uint64_t *seq, struct err *e)
{
	struct event event = {.cause = cause, .type = kind->removed, .gone = true};
	struct slice from, none = {NULL, 0};
	struct key key;
	int got;

	if (seq)
		*seq = 0;
	record_key(kind, record, &key);
	got = record_row(c, kind, key_slice(&key), &from, e);
	if (got <= 0)
		return got;
	if (!cause &&
	    guard_check(c, kind, record_label(kind, record, c->arena), record_rev(kind, record), e))
		return -1;
	if (event_make(c, kind, record, from, none, &event, e))
		return -1;
	if (seq)
		*seq = event.seq;
	if (kind->follow && kind->follow(c, kind, record, NULL, e))
		return -1;
	return record_write(c, kind, key_slice(&key), from, none, e);
}

void
event_key(const struct event *event, struct key *key)
{
	const struct kind *kind = kind_of(event->kind);
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

/* With the rev and time that belong to that side. */
static int
row_apply(struct cluster *c, struct slice row, struct slice changed, struct slice fields,
    uint64_t rev, uint64_t time_ms, struct slice *to)
{
	struct buf patched = {.arena = c->arena}, stamp = {.arena = c->arena},
		   numbers = {.arena = c->arena};
	struct buf out = {.arena = c->arena};

	if (wire_patch(row, changed, fields, &patched))
		return -1;
	wire_varint(&numbers, FIELD_REV);
	wire_varint(&numbers, FIELD_UPDATED);
	if (rev)
		wire_put_u64(&stamp, FIELD_REV, rev);
	if (time_ms)
		wire_put_u64(&stamp, FIELD_UPDATED, time_ms);
	if (wire_patch(buf_slice(&patched), buf_slice(&numbers), buf_slice(&stamp), &out))
		return -1;
	*to = buf_slice(&out);
	return 0;
}

int
event_fold(struct cluster *c, const struct event *event, uint64_t time_ms, enum direction direction,
    struct slice *row, struct err *e)
{
	bool vanishes = direction == FORWARD ? event->gone : event->prev_rev == 0;
	struct slice from = *row;
	int bad = 0;

	*row = (struct slice){NULL, 0};
	if (!vanishes && direction == FORWARD)
		bad = row_apply(c, from, event->changed, event->new, event->seq, time_ms, row);
	if (!vanishes && direction == BACKWARD)
		bad = row_apply(
		    c, from, event->changed, event->old, event->prev_rev, event->prev_ms, row);
	if (bad)
		return err_set(e, ERR_STORE, "event %llu does not fit the row of its record",
		    (unsigned long long)event->seq);
	return 0;
}

int
apply(struct cluster *c, const struct event *event, uint64_t time_ms, enum direction direction,
    struct err *e)
{
	const struct kind *kind = kind_of(event->kind);
	struct slice from, to;
	struct key key;

	if (!kind)
		return err_set(e, ERR_STORE, "event %llu is of a kind this program does not know",
		    (unsigned long long)event->seq);
	event_key(event, &key);
	if (record_row(c, kind, key_slice(&key), &from, e) < 0)
		return -1;
	to = from;
	if (event_fold(c, event, time_ms, direction, &to, e))
		return -1;
	return record_write(c, kind, key_slice(&key), from, to, e);
}

int
record_count(
    struct cluster *c, const struct kind *kind, unsigned state, uint64_t *count, struct err *e)
{
	struct key key = {.n = 0};
	struct slice value;
	int got;

	key_byte(&key, kind->number);
	key_byte(&key, state);
	got = txn_get(c->txn, TABLE_SUM, key_slice(&key), &value, e);
	*count = got > 0 ? key_tail(value) : 0;
	return got < 0 ? -1 : 0;
}
