#include "doctor/check_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/crc32c.h"
#include "base/err.h"
#include "store/scan.h"
#include "state/cluster.h"
#include "state/columns.h"
#include "state/derive.h"
#include "state/event.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"
#include "state/request.h"
#include "store/txn.h"

/* Tables of rows without value that records derive. */
static const unsigned char indexes[] = {
    TABLE_NAME, TABLE_OWNER, TABLE_DUE, TABLE_ENDED, TABLE_ON_NODE, TABLE_LIVE, TABLE_WAITING};

void
check_problem(struct check *check, const char *format, ...)
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
		check_problem(check, "%s", e->text);
	}
	for (i = 0; i < 256; i++)
		check->rows += rows[i];
	return 0;
}

void
check_holds(
    struct check *check, const struct kind *kind, const void *record, bool holds, const char *text)
{
	if (!holds)
		check_problem(check, "%s %s %s", kind->name,
		    record_label(kind, record, check->c->arena), text);
}

int
check_each(
    struct check *check, unsigned char table, check_visit *visit, void *argument, struct err *e)
{
	struct arena_mark mark = arena_mark(check->c->arena);
	struct slice key, value;
	struct scan scan;
	int got;

	if (scan_table(&scan, check->c->txn, table, e))
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

/* Sums over all records, collected during the visit of the rows: a hash table with open
 * addressing. */
struct sum {
	struct slice key; /* preceded by its table */
	uint64_t amount;
};
struct sums {
	struct sum *v;
	size_t n, size;
	uint64_t derived; /* rows that must exist */
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
sum_key(struct arena *a, unsigned char table, struct slice key, struct slice column)
{
	unsigned char *p = arena_alloc(a, 1 + key.n + column.n);

	p[0] = table;
	memcpy(p + 1, key.p, key.n);
	if (column.n)
		memcpy(p + 1 + key.n, column.p, column.n);
	return (struct slice){p, 1 + key.n + column.n};
}

static void
sums_add(struct sums *sums, struct check *check, const struct derived_row *row)
{
	struct sum *sum;

	if (2 * sums->n >= sums->size)
		sums_grow(sums, check->kept);
	sum = sum_at(sums, sum_key(check->c->arena, row->table, row->key, row->column));
	if (!sum->key.n) {
		sum->key = sum_key(check->kept, row->table, row->key, row->column);
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
			check_problem(check, "%s %s: a row of index '%c' is missing",
			    sums->kind->name, label, d->v[i].table);
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
		check_problem(check, "a %s's row is malformed", kind->name);
		return 0;
	}
	record_key(kind, record, &own);
	label = record_label(kind, record, check->c->arena);
	if (slice_compare(key_slice(&own), key))
		check_problem(check, "%s %s stands under another key", kind->name, label);
	rec_encode(kind->rec, record, &again);
	if (slice_compare(buf_slice(&again), row))
		check_problem(check, "%s %s: its row is not in canonical form", kind->name, label);
	if (kind->letter && record_number(kind, record) > txn_counter(check->c->txn, kind->letter))
		check_problem(check, "%s %s has an id beyond the counter", kind->name, label);
	if (record_derive(kind, row, &derived, check->c->arena, e))
		return -1;
	return derived_check(check, &derived, label, sums, e);
}

int
check_count(struct check *check, struct slice key, struct slice row, void *argument, struct err *e)
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

static uint64_t
sum_wanted(struct check *check, const struct sums_of *of, struct slice key, struct slice column)
{
	if (!of->sums->size)
		return 0;
	return sum_at(of->sums, sum_key(check->c->arena, of->table, key, column))->amount;
}

/* Checks the row of a sum against the total of the records. */
static int
sum_check(struct check *check, struct slice key, struct slice value, void *argument, struct err *e)
{
	static const struct slice none = {NULL, 0};
	struct sums_of *of = argument;
	uint64_t is = key_tail(value), should = sum_wanted(check, of, key, none);

	(void)e;
	of->rows++;
	if (is != should)
		check_problem(check, "the count of kind %d, state %d is %llu, but there are %llu",
		    key.p[0], key.n > 1 ? key.p[1] : 0, (unsigned long long)is,
		    (unsigned long long)should);
	return 0;
}

/* The same for a row of many sums. */
static int
columns_check(
    struct check *check, struct slice key, struct slice value, void *argument, struct err *e)
{
	struct columns at = {.rest = value};
	struct sums_of *of = argument;
	uint64_t should;
	int got;

	(void)e;
	while ((got = columns_next(&at)) > 0) {
		of->rows++;
		should = sum_wanted(check, of, key, (struct slice){at.name, at.n});
		if (at.sum != should)
			check_problem(check, "%.*s of %c%llu is %llu, but the records come to %llu",
			    (int)strnlen((const char *)at.name, at.n), (const char *)at.name,
			    key.p[0], (unsigned long long)key_tail(key), (unsigned long long)at.sum,
			    (unsigned long long)should);
	}
	if (got < 0)
		check_problem(check, "%c%llu: its row of table '%c' is malformed", key.p[0],
		    (unsigned long long)key_tail(key), of->table);
	return 0;
}

int
check_derived(struct check *check, struct err *e)
{
	static const struct {
		unsigned char table;
		check_visit *visit;
	} summed[] = {{TABLE_SUM, sum_check}, {TABLE_CAPACITY, columns_check}};
	struct sums sums = {.n = 0};
	struct sums_of of = {.sums = &sums};
	uint64_t there = 0, expected = 0;
	size_t i;

	for (sums.kind = check->c->kinds->v; sums.kind < check->c->kinds->v + check->c->kinds->n;
	     sums.kind++)
		if (check_each(check, sums.kind->table, record_check, &sums, e))
			return -1;
	for (i = 0; i < sizeof indexes; i++)
		if (check_each(check, indexes[i], check_count, &there, e))
			return -1;
	if (there != sums.derived)
		check_problem(check, "the indexes have %llu rows, the records call for %llu",
		    (unsigned long long)there, (unsigned long long)sums.derived);
	for (i = 0; i < sums.size; i++)
		expected += sums.v[i].key.n && sums.v[i].amount;
	for (i = 0; i < ARRAY_LENGTH(summed); i++) {
		of.table = summed[i].table;
		if (check_each(check, of.table, summed[i].visit, &of, e))
			return -1;
	}
	if (of.rows != expected)
		check_problem(check, "there are %llu sums, the records call for %llu",
		    (unsigned long long)of.rows, (unsigned long long)expected);
	return 0;
}

static int
request_check(
    struct check *check, struct slice key, struct slice row, void *argument, struct err *e)
{
	struct slice age, value;
	int got;

	++*(uint64_t *)argument;
	age = request_age(key, row, check->c->arena);
	got = txn_get(check->c->txn, TABLE_REQUEST_AGE, age, &value, e);
	if (got == 0)
		check_problem(check, "a request's row of index '%c' is missing", TABLE_REQUEST_AGE);
	return got < 0 ? -1 : 0;
}

int
check_requests(struct check *check, struct err *e)
{
	uint64_t requests = 0, ages = 0;

	if (check_each(check, TABLE_REQUEST, request_check, &requests, e) ||
	    check_each(check, TABLE_REQUEST_AGE, check_count, &ages, e))
		return -1;
	if (ages != requests)
		check_problem(check, "the index of requests has %llu rows for %llu requests",
		    (unsigned long long)ages, (unsigned long long)requests);
	return 0;
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

/* For every table derived from the log. */
static int
state_digest(struct check *check, struct digest *d, uint64_t *primary, struct err *e)
{
	static const unsigned char sums[] = {TABLE_SUM, TABLE_CAPACITY};
	const struct kind *kind;
	size_t i;

	*d = (struct digest){0, 0};
	for (kind = check->c->kinds->v; kind < check->c->kinds->v + check->c->kinds->n; kind++)
		if (check_each(check, kind->table, row_digest, d, e))
			return -1;
	*primary = d->rows;
	for (i = 0; i < sizeof indexes; i++)
		if (check_each(check, indexes[i], row_digest, d, e))
			return -1;
	for (i = 0; i < sizeof sums; i++)
		if (check_each(check, sums[i], row_digest, d, e))
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
		check_problem(check, "the log cannot be taken back: %s", e->text);
		return 0;
	}
	if (horizon == 1 && start.rows)
		check_problem(check, "the log taken back to its beginning leaves %llu rows",
		    (unsigned long long)start.rows);
	if (history_forward(c, horizon, e) || state_digest(check, &again, &primary, e)) {
		check_problem(check, "the log cannot be taken forward: %s", e->text);
		return 0;
	}
	if (now.crc != again.crc || now.rows != again.rows)
		check_problem(check,
		    "the log, back and forward, gives another state (%llu rows, %llu before)",
		    (unsigned long long)again.rows, (unsigned long long)now.rows);
	return 0;
}
