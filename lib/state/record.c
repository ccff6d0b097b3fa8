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
#include "store/txn.h"

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

/* Writes the rows of one that the other lacks; columns are set aside, to be written row by row. */
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

/* A row before and after a change; empty: it does not exist. */
struct change_of {
	struct key key;
	struct slice from, to;
	const void *record; /* as it was given */
	void *old;	    /* decoded from `from`, all 0 if that is empty */
};

/* Writes the row and all its derived rows. */
static int
record_write(
    struct cluster *c, const struct kind *kind, const struct change_of *change, struct err *e)
{
	struct derived before = {.arena = c->arena}, after, columns = {.n = 0};
	struct slice key = key_slice(&change->key);

	if (change->from.n)
		kind->derive(kind, change->old, &before);
	if (record_derive(kind, change->to, &after, c->arena, e))
		return -1;
	columns.v = arena_alloc(c->arena, (before.n + after.n) * sizeof *columns.v);
	if (derived_differ(c, &before, &after, false, &columns, e) ||
	    derived_differ(c, &after, &before, true, &columns, e) || columns_add(c, &columns, e))
		return -1;
	if (!change->to.n)
		return txn_delete(c->txn, kind->table, key, e) < 0 ? -1 : 0;
	return txn_put(c->txn, kind->table, key, change->to, e);
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

/* Fills an event with the change of a row: 1, 0 if nothing but the stamps differs, -1. */
static int
event_differs(struct cluster *c, const struct kind *kind, const struct change_of *change,
    struct event *event, struct err *e)
{
	struct buf changed = {.arena = c->arena}, before = {.arena = c->arena},
		   after = {.arena = c->arena};
	int n = wire_diff(change->from, change->to, stamps, &changed, &before, &after);

	if (n < 0)
		return err_set(e, ERR_STORE, "the row of %s %s is malformed", kind->name,
		    record_label(kind, change->record, c->arena));
	event->changed = buf_slice(&changed);
	event->old = buf_slice(&before);
	event->new = buf_slice(&after);
	return n > 0;
}

/* Fills the members that follow from the record, and appends the event. */
static int
event_make(struct cluster *c, const struct kind *kind, const void *record, struct slice from,
    struct event *event, struct err *e)
{
	struct wire_field f;

	event->seq = txn_seq_next(c->txn);
	event->kind = kind->number;
	event->name = record_label(kind, record, c->arena);
	event->id = kind->letter ? ref_make(kind->letter, record_number(kind, record)) : 0;
	if (from.n && wire_find(from, FIELD_REV, &f) > 0)
		event->prev_rev = f.value;
	if (from.n && wire_find(from, FIELD_UPDATED, &f) > 0)
		event->prev_ms = f.value;
	return event_append(c, event, e);
}

int
record_put(struct cluster *c, const struct kind *kind, void *record, uint64_t cause, uint64_t *seq,
    struct err *e)
{
	return record_put_as(c, kind, record, (struct told){.cause = cause}, seq, e);
}

/* The record with the stamps of this change, as a row. */
static struct slice
stamped(struct cluster *c, const struct kind *kind, void *record, bool is_new)
{
	struct buf row = {.arena = c->arena};

	if (is_new) {
		record_set(kind, record, FIELD_BORN, record_next_seq(c));
		record_set(kind, record, FIELD_CREATED, c->time_ms);
	}
	record_set(kind, record, FIELD_REV, record_next_seq(c));
	record_set(kind, record, FIELD_UPDATED, c->time_ms);
	rec_encode(kind->rec, record, &row);
	return buf_slice(&row);
}

/* The event type that follows from the state, if that has changed. */
static unsigned
type_of(const struct kind *kind, const void *old, const void *record)
{
	unsigned state = record_state(kind, record);
	const struct state_rule *rule = kind_state(kind, state);

	return rule && state != record_state(kind, old) ? rule->event : kind->updated;
}

static int
change_write(struct cluster *c, const struct kind *kind, const struct change_of *change,
    struct event *event, struct err *e)
{
	bool was = change->from.n, is = change->to.n;

	if (event_make(c, kind, change->record, change->from, event, e))
		return -1;
	if (kind->follow &&
	    kind->follow(c, kind, was ? change->old : NULL, is ? change->record : NULL, e))
		return -1;
	return record_write(c, kind, change, e);
}

int
record_put_as(struct cluster *c, const struct kind *kind, void *record, struct told told,
    uint64_t *seq, struct err *e)
{
	struct change_of change = {.record = record, .old = arena_alloc(c->arena, kind->rec->size)};
	const char *label = record_label(kind, record, c->arena);
	struct event event = {.cause = told.cause};
	void *given = arena_copy(c->arena, record, kind->rec->size);
	int differs;

	if (seq)
		*seq = 0;
	record_key(kind, record, &change.key);
	if (record_row(c, kind, key_slice(&change.key), &change.from, e) < 0)
		return -1;
	if (change.from.n && rec_decode(kind->rec, change.old, change.from, c->arena, e))
		return -1;
	if (!told.cause && guard_check(c, kind, label, record_rev(kind, change.old), e))
		return -1;
	change.to = stamped(c, kind, record, !change.from.n);
	differs = event_differs(c, kind, &change, &event, e);
	if (differs <= 0) {
		memcpy(record, given, kind->rec->size);
		return differs;
	}
	if (transition_check(
		kind, label, record_state(kind, change.old), record_state(kind, record), e))
		return -1;
	event.type = told.type ? told.type : type_of(kind, change.old, record);
	if (change_write(c, kind, &change, &event, e))
		return -1;
	if (seq)
		*seq = event.seq;
	return 0;
}

int
record_remove(struct cluster *c, const struct kind *kind, const void *record, uint64_t cause,
    uint64_t *seq, struct err *e)
{
	struct event event = {.cause = cause, .type = kind->removed, .gone = true};
	struct change_of change = {.record = record, .old = arena_alloc(c->arena, kind->rec->size)};
	int got;

	if (seq)
		*seq = 0;
	record_key(kind, record, &change.key);
	got = record_row(c, kind, key_slice(&change.key), &change.from, e);
	if (got <= 0)
		return got;
	if (rec_decode(kind->rec, change.old, change.from, c->arena, e))
		return -1;
	if (!cause &&
	    guard_check(c, kind, record_label(kind, record, c->arena), record_rev(kind, record), e))
		return -1;
	if (event_differs(c, kind, &change, &event, e) < 0 ||
	    change_write(c, kind, &change, &event, e))
		return -1;
	if (seq)
		*seq = event.seq;
	return 0;
}

/* One side of an event: the values of the changed fields, and the stamps. */
struct side {
	struct slice fields;
	uint64_t rev, time_ms;
};

static int
row_apply(struct cluster *c, struct slice row, struct slice changed, const struct side *side,
    struct slice *to)
{
	struct buf patched = {.arena = c->arena}, stamp = {.arena = c->arena},
		   numbers = {.arena = c->arena};
	struct buf out = {.arena = c->arena};

	if (wire_patch(row, changed, side->fields, &patched))
		return -1;
	wire_varint(&numbers, FIELD_REV);
	wire_varint(&numbers, FIELD_UPDATED);
	if (side->rev)
		wire_put_u64(&stamp, FIELD_REV, side->rev);
	if (side->time_ms)
		wire_put_u64(&stamp, FIELD_UPDATED, side->time_ms);
	if (wire_patch(buf_slice(&patched), buf_slice(&numbers), buf_slice(&stamp), &out))
		return -1;
	*to = buf_slice(&out);
	return 0;
}

int
event_fold(struct cluster *c, const struct event *event, uint64_t time_ms, enum direction direction,
    struct slice *row, struct err *e)
{
	struct side after = {event->new, event->seq, time_ms},
		    before = {event->old, event->prev_rev, event->prev_ms};
	bool vanishes = direction == FORWARD ? event->gone : event->prev_rev == 0;
	struct slice from = *row;

	*row = (struct slice){NULL, 0};
	if (vanishes)
		return 0;
	if (row_apply(c, from, event->changed, direction == FORWARD ? &after : &before, row))
		return err_set(e, ERR_STORE, "event %llu does not fit the row of its record",
		    (unsigned long long)event->seq);
	return 0;
}

int
apply(struct cluster *c, const struct event *event, uint64_t time_ms, enum direction direction,
    struct err *e)
{
	const struct kind *kind = kind_of(c->kinds, event->kind);
	struct change_of change;

	if (!kind)
		return err_set(e, ERR_STORE, "event %llu is of a kind this program does not know",
		    (unsigned long long)event->seq);
	change = (struct change_of){.old = arena_alloc(c->arena, kind->rec->size)};
	event_key(kind, event, &change.key);
	if (record_row(c, kind, key_slice(&change.key), &change.from, e) < 0)
		return -1;
	if (change.from.n && rec_decode(kind->rec, change.old, change.from, c->arena, e))
		return -1;
	change.to = change.from;
	if (event_fold(c, event, time_ms, direction, &change.to, e))
		return -1;
	return record_write(c, kind, &change, e);
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
