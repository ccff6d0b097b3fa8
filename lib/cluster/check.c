#include "cluster/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/crc32c.h"
#include "base/err.h"
#include "cluster/cluster.h"
#include "cluster/config.h"
#include "cluster/event.h"
#include "cluster/kind.h"
#include "cluster/kv.h"
#include "cluster/record.h"

static const struct slice all = {NULL, 0};

static void problem(struct check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
problem(struct check *check, const char *format, ...)
{
	struct buf text = {.arena = check->c->arena};
	char line[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(line, sizeof line, format, ap);
	va_end(ap);
	buf_text(&text, line);
	check->problems++;
	check->report(check->argument, buf_string(&text));
}

int
check_rows(struct check *check, struct err *e)
{
	uint64_t rows[256] = {0};
	size_t i;

	if (txn_verify(check->c->txn, rows, e)) {
		if (e->code != ERR_STORE)
			return -1;
		problem(check, "%s", e->text);
	}
	for (i = 0; i < 256; i++)
		check->rows += rows[i];
	return 0;
}

/* Calls visit for each row of a table; memory it takes from the cluster's arena goes after each. */
static int
each_row(struct check *check, unsigned char table,
    int (*visit)(struct check *, struct slice, struct slice, void *, struct err *), void *argument,
    struct err *e)
{
	struct arena_mark mark = arena_mark(check->c->arena);
	struct slice key, value;
	struct scan scan;
	int got;

	if (scan_open(&scan, check->c->txn, table, all, all, false, e))
		return -1;
	while ((got = scan_next(&scan, &key, &value, e)) > 0) {
		if (visit(check, key, value, argument, e)) {
			got = -1;
			break;
		}
		arena_rewind(check->c->arena, mark);
	}
	scan_close(&scan);
	return got < 0 ? -1 : 0;
}

/* Sums over all records, gathered while the rows are visited: a hash table with open addressing. */
struct sum {
	struct slice key; /* with its table in front */
	uint64_t amount;
};
struct sums {
	struct sum *v;
	size_t n, size;
	uint64_t derived; /* rows that must be there */
	const struct kind *kind;
};

static struct sum *
sum_at(const struct sums *sums, struct slice key)
{
	size_t i = crc32c(0, key.p, key.n) & (sums->size - 1);

	while (sums->v[i].key.n && slice_compare(sums->v[i].key, key) != 0)
		i = (i + 1) & (sums->size - 1);
	return &sums->v[i];
}

static void
sums_grow(struct sums *sums, struct arena *a)
{
	struct sums more = {.size = sums->size ? 2 * sums->size : 1024};
	size_t i;

	more.v = arena_alloc(a, more.size * sizeof *more.v);
	for (i = 0; i < sums->size; i++)
		if (sums->v[i].key.n)
			*sum_at(&more, sums->v[i].key) = sums->v[i];
	sums->v = more.v;
	sums->size = more.size;
}

static struct slice
sum_key(struct arena *a, unsigned char table, struct slice key)
{
	unsigned char *p = arena_alloc(a, key.n + 1);

	p[0] = table;
	memcpy(p + 1, key.p, key.n);
	return (struct slice){p, key.n + 1};
}

static void
sums_add(struct sums *sums, struct check *check, const struct derived_row *row)
{
	struct sum *sum;

	if (2 * sums->n >= sums->size)
		sums_grow(sums, check->kept);
	sum = sum_at(sums, sum_key(check->c->arena, row->table, row->key));
	if (!sum->key.n) {
		sum->key = sum_key(check->kept, row->table, row->key);
		sums->n++;
	}
	sum->amount += (uint64_t)row->amount;
}

static int
derived_check(struct check *check, const struct derived *d, const char *label, struct sums *sums,
    struct err *e)
{
	struct slice value;
	size_t i;
	int got;

	for (i = 0; i < d->n; i++) {
		if (d->v[i].amount) {
			sums_add(sums, check, &d->v[i]);
			continue;
		}
		got = txn_get(check->c->txn, d->v[i].table, d->v[i].key, &value, e);
		if (got < 0)
			return -1;
		if (got == 0)
			problem(check, "%s %s: a row of index '%c' is missing", sums->kind->name,
			    label, d->v[i].table);
		sums->derived++;
	}
	return 0;
}

static int
record_check(struct check *check, struct slice key, struct slice row, void *argument, struct err *e)
{
	struct sums *sums = argument;
	const struct kind *kind = sums->kind;
	void *record = arena_alloc(check->c->arena, kind->rec->size);
	struct buf again = {.arena = check->c->arena};
	struct derived derived;
	struct key own;
	const char *label;

	if (rec_decode(kind->rec, record, row, check->c->arena, e)) {
		problem(check, "a %s's row is malformed", kind->name);
		return 0;
	}
	record_key(kind, record, &own);
	label = record_label(kind, record, check->c->arena);
	if (slice_compare(key_slice(&own), key))
		problem(check, "%s %s stands under another key", kind->name, label);
	rec_encode(kind->rec, record, &again);
	if (slice_compare(buf_slice(&again), row))
		problem(check, "%s %s: its row is not in canonical form", kind->name, label);
	if (kind->letter && record_number(kind, record) > txn_counter(check->c->txn, kind->letter))
		problem(check, "%s %s has an id beyond the counter", kind->name, label);
	if (record_derive(kind, row, &derived, check->c->arena, e))
		return -1;
	return derived_check(check, &derived, label, sums, e);
}

static int
row_count(struct check *check, struct slice key, struct slice row, void *argument, struct err *e)
{
	(void)check;
	(void)key;
	(void)row;
	(void)e;
	++*(uint64_t *)argument;
	return 0;
}

struct sums_of {
	struct sums *sums;
	unsigned char table;
	uint64_t rows;
};

/* A sum's row against what the records come to. */
static int
sum_check(struct check *check, struct slice key, struct slice value, void *argument, struct err *e)
{
	struct sums_of *of = argument;
	uint64_t is = key_tail(value), should = 0;

	(void)e;
	of->rows++;
	if (of->sums->size)
		should = sum_at(of->sums, sum_key(check->c->arena, of->table, key))->amount;
	if (is != should && of->table == TABLE_SUM)
		problem(check, "the count of kind %d, state %d is %llu, but there are %llu",
		    key.p[0], key.n > 1 ? key.p[1] : 0, (unsigned long long)is,
		    (unsigned long long)should);
	else if (is != should)
		problem(check, "what is used of %c%llu %s is %llu, but its leases come to %llu",
		    key.p[0], (unsigned long long)key_tail((struct slice){key.p + 1, 8}),
		    (const char *)key.p + 9, (unsigned long long)is, (unsigned long long)should);
	return 0;
}

int
check_derived(struct check *check, struct err *e)
{
	static const unsigned char tables[] = {
	    TABLE_NAME, TABLE_OWNER, TABLE_DUE, TABLE_ENDED, TABLE_ON_NODE, TABLE_WAITING};
	static const unsigned char summed[] = {TABLE_SUM, TABLE_USED};
	struct sums sums = {.n = 0};
	struct sums_of of = {.sums = &sums};
	uint64_t there = 0, expected = 0;
	size_t i;

	for (sums.kind = kinds; sums.kind->number; sums.kind++)
		if (each_row(check, sums.kind->table, record_check, &sums, e))
			return -1;
	for (i = 0; i < sizeof tables; i++)
		if (each_row(check, tables[i], row_count, &there, e))
			return -1;
	if (there != sums.derived)
		problem(check, "the indexes have %llu rows, the records call for %llu",
		    (unsigned long long)there, (unsigned long long)sums.derived);
	for (i = 0; i < sums.size; i++)
		expected += sums.v[i].key.n && sums.v[i].amount;
	for (i = 0; i < sizeof summed; i++) {
		of.table = summed[i];
		if (each_row(check, summed[i], sum_check, &of, e))
			return -1;
	}
	if (of.rows != expected)
		problem(check, "there are %llu sums, the records call for %llu",
		    (unsigned long long)of.rows, (unsigned long long)expected);
	return 0;
}

static int
event_check(struct check *check, struct slice key, struct slice row, void *argument, struct err *e)
{
	uint64_t *expected = argument, seq = key_tail(key);
	struct event event = {0};
	struct transaction t;
	struct key history = {.n = 0}, record;
	struct slice value;
	int got;

	if (seq != *expected)
		problem(check, "events %llu to %llu are missing", (unsigned long long)*expected,
		    (unsigned long long)seq - 1);
	*expected = seq + 1;
	check->events++;
	if (rec_decode(&rec_event, &event, row, check->c->arena, e) || event.seq != seq ||
	    !kind_of(event.kind)) {
		problem(check, "event %llu is malformed", (unsigned long long)seq);
		return 0;
	}
	if (event.cause >= seq)
		problem(check, "event %llu has a cause after itself", (unsigned long long)seq);
	got = transaction_get(check->c, seq, &t, e);
	if (got < 0)
		return -1;
	if (!got || seq >= t.txn + t.count)
		problem(check, "event %llu belongs to no transaction", (unsigned long long)seq);
	event_key(&event, &record);
	key_byte(&history, event.kind);
	key_add(&history, key_slice(&record));
	key_u64(&history, seq);
	got = txn_get(check->c->txn, TABLE_HISTORY, key_slice(&history), &value, e);
	if (got == 0)
		problem(check, "event %llu is missing in the history of %s",
		    (unsigned long long)seq, event.name);
	return got < 0 ? -1 : 0;
}

static int
rev_check(struct check *check, struct slice key, struct slice row, void *argument, struct err *e)
{
	const struct kind *kind = argument;
	void *record = arena_alloc(check->c->arena, kind->rec->size);
	struct event_reader reader = {.c = check->c};
	struct event event;
	uint64_t rev;
	int got;

	(void)key;
	if (rec_decode(kind->rec, record, row, check->c->arena, e))
		return 0;
	rev = record_rev(kind, record);
	if (rev < txn_horizon(check->c->txn))
		return 0;
	got = event_read(&reader, rev, &event, e);
	if (got < 0)
		return -1;
	if (!got || event.kind != kind->number)
		problem(check, "%s %s: its rev %llu is no event of it", kind->name,
		    record_label(kind, record, check->c->arena), (unsigned long long)rev);
	return 0;
}

int
check_log(struct check *check, struct err *e)
{
	uint64_t expected = txn_horizon(check->c->txn), history = 0;
	const struct kind *kind;

	if (each_row(check, TABLE_EVENT, event_check, &expected, e))
		return -1;
	if (expected != txn_seq(check->c->txn) + 1)
		problem(check, "the log ends at %llu, but %llu events were made",
		    (unsigned long long)expected - 1, (unsigned long long)txn_seq(check->c->txn));
	if (each_row(check, TABLE_HISTORY, row_count, &history, e))
		return -1;
	if (history != check->events)
		problem(check, "the history has %llu rows for %llu events",
		    (unsigned long long)history, (unsigned long long)check->events);
	for (kind = kinds; kind->number; kind++)
		if (each_row(check, kind->table, rev_check, (void *)kind, e))
			return -1;
	return 0;
}

static int
entry_check(struct check *check, struct slice key, struct slice row, void *argument, struct err *e)
{
	struct kv kv = {0};
	struct slice value;

	(void)key;
	(void)argument;
	if (rec_decode(&rec_kv, &kv, row, check->c->arena, e))
		return 0;
	if (!kv_value(check->c, &kv, &value, e))
		return 0;
	problem(check, "%s", e->text);
	return 0;
}

/* Somebody refers to a version if the entry has it now, or an event that is kept put it. */
static int
version_check(
    struct check *check, struct slice key, struct slice row, void *argument, struct err *e)
{
	const struct kind *kind = kind_of(KIND_KV);
	struct slice entry = {key.p, key.n < 8 ? 0 : key.n - 8};
	uint64_t rev = key_tail(key), seq = 0;
	struct kv kv = {0};
	int got;

	(void)row;
	(void)argument;
	entry.p = arena_copy(check->c->arena, entry.p, entry.n);
	got = record_get(check->c, kind, entry, &kv, e);
	if (got < 0)
		return -1;
	if (got && kv.value_rev == rev)
		return 0;
	got = history_next(check->c, kind, entry, rev + 1, false, &seq, e);
	if (got == 0)
		problem(
		    check, "version %llu of a value belongs to nobody", (unsigned long long)rev);
	return got < 0 ? -1 : 0;
}

int
check_values(struct check *check, struct err *e)
{
	if (each_row(check, TABLE_KV, entry_check, NULL, e))
		return -1;
	return each_row(check, TABLE_VALUE, version_check, NULL, e);
}

struct digest {
	uint32_t crc;
	uint64_t rows;
};

static int
row_digest(struct check *check, struct slice key, struct slice row, void *argument, struct err *e)
{
	struct digest *d = argument;

	(void)check;
	(void)e;
	d->crc = crc32c(d->crc, key.p, key.n);
	d->crc = crc32c(d->crc, row.p, row.n);
	d->rows++;
	return 0;
}

/* Of every table that follows from the log. */
static int
state_digest(struct check *check, struct digest *d, uint64_t *primary, struct err *e)
{
	static const unsigned char derived[] = {TABLE_NAME, TABLE_OWNER, TABLE_DUE, TABLE_ENDED,
	    TABLE_ON_NODE, TABLE_WAITING, TABLE_SUM, TABLE_USED};
	const struct kind *kind;
	size_t i;

	*d = (struct digest){0, 0};
	for (kind = kinds; kind->number; kind++)
		if (each_row(check, kind->table, row_digest, d, e))
			return -1;
	*primary = d->rows;
	for (i = 0; i < sizeof derived; i++)
		if (each_row(check, derived[i], row_digest, d, e))
			return -1;
	return 0;
}

int
check_fold(struct check *check, struct err *e)
{
	struct cluster *c = check->c;
	uint64_t horizon = txn_horizon(c->txn), primary;
	struct digest now, start, again;

	if (txn_overlay(c->txn, check->kept, e) || state_digest(check, &now, &primary, e))
		return -1;
	if (history_back(c, horizon - 1, e) || state_digest(check, &start, &primary, e)) {
		problem(check, "the log cannot be taken back: %s", e->text);
		return 0;
	}
	if (horizon == 1 && start.rows)
		problem(check, "the log taken back to its beginning leaves %llu rows",
		    (unsigned long long)start.rows);
	if (history_forward(c, horizon, e) || state_digest(check, &again, &primary, e)) {
		problem(check, "the log cannot be taken forward: %s", e->text);
		return 0;
	}
	if (now.crc != again.crc || now.rows != again.rows)
		problem(check,
		    "the log, back and forward, gives another state (%llu rows, %llu before)",
		    (unsigned long long)again.rows, (unsigned long long)now.rows);
	return 0;
}
