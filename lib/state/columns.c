#include "state/columns.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/wire.h"
#include "rec/rec.h"
#include "state/cluster.h"
#include "state/derive.h"
#include "state/kind.h"
#include "store/txn.h"

int
columns_next(struct columns *at)
{
	size_t shared, more;

	if (!at->rest.n)
		return 0;
	if (at->rest.n < 2)
		return -1;
	shared = at->rest.p[0];
	more = at->rest.p[1];
	if (shared > at->n || shared + more > COLUMN_MOST || more > at->rest.n - 2)
		return -1;
	memcpy(at->name + shared, at->rest.p + 2, more);
	at->n = shared + more;
	at->shared = shared;
	at->rest = (struct slice){at->rest.p + 2 + more, at->rest.n - 2 - more};
	return numbers_next(&at->rest, &at->sum) ? 1 : -1;
}

/* A row under construction. */
struct writing {
	struct buf row;
	struct slice last; /* name of the last column */
};

static void
column_put(struct writing *w, struct slice name, uint64_t sum)
{
	size_t shared = 0;

	if (!sum)
		return;
	while (shared < w->last.n && shared < name.n && w->last.p[shared] == name.p[shared])
		shared++;
	buf_byte(&w->row, (int)shared);
	buf_byte(&w->row, (int)(name.n - shared));
	buf_add(&w->row, name.p + shared, name.n - shared);
	wire_varint(&w->row, sum);
	w->last = name;
}

static bool
same_row(const struct derived_row *a, const struct derived_row *b)
{
	return a->table == b->table && !slice_compare(a->key, b->key);
}

/* The changes of one row, one per column, in ascending order. */
static void
gather(struct derived_row *v, size_t n, struct derived *to)
{
	size_t i, at;

	to->n = 0;
	for (i = 0; i < n; i++) {
		if (!v[i].amount || !same_row(&v[i], v))
			continue;
		for (at = to->n; at && slice_compare(to->v[at - 1].column, v[i].column) > 0; at--)
			to->v[at] = to->v[at - 1];
		to->v[at] = v[i];
		to->n++;
		if (i)
			v[i].amount = 0; /* done */
	}
	v[0].amount = 0;
	for (i = 0, at = 0; i < to->n; i++)
		if (at && !slice_compare(to->v[at - 1].column, to->v[i].column))
			to->v[at - 1].amount += to->v[i].amount;
		else
			to->v[at++] = to->v[i];
	to->n = at;
}

/* Merges the changes into the existing columns. */
static int
merge(struct writing *w, struct columns *at, const struct derived *changes, struct arena *a)
{
	const struct derived_row *change = changes->v, *end = change + changes->n;
	int got, order;

	while ((got = columns_next(at)) > 0) {
		struct slice name = {arena_copy(a, at->name, at->n), at->n};

		for (order = -1; change < end; change++) {
			order = slice_compare(change->column, name);
			if (order >= 0)
				break;
			column_put(w, change->column, (uint64_t)change->amount);
		}
		if (change < end && order == 0)
			at->sum += (uint64_t)change++->amount;
		column_put(w, name, at->sum);
	}
	for (; change < end; change++)
		column_put(w, change->column, (uint64_t)change->amount);
	return got;
}

static int
row_change(struct cluster *c, const struct derived *changes, struct err *e)
{
	struct writing w = {.row = {.arena = c->arena}};
	const struct derived_row *first = changes->v;
	struct columns at = {.n = 0};

	if (txn_get(c->txn, first->table, first->key, &at.rest, e) < 0)
		return -1;
	if (merge(&w, &at, changes, c->arena) < 0)
		return err_set(e, ERR_STORE, "a row of table '%c' is malformed", first->table);
	if (!w.row.n)
		return txn_delete(c->txn, first->table, first->key, e) < 0 ? -1 : 0;
	return txn_put(c->txn, first->table, first->key, buf_slice(&w.row), e);
}

int
columns_add(struct cluster *c, struct derived *changes, struct err *e)
{
	struct derived of_row = {.arena = c->arena};
	size_t i;

	if (!changes->n)
		return 0;
	of_row.v = arena_alloc(c->arena, changes->n * sizeof *of_row.v);
	for (i = 0; i < changes->n; i++) {
		if (!changes->v[i].amount)
			continue;
		gather(changes->v + i, changes->n - i, &of_row);
		if (row_change(c, &of_row, e))
			return -1;
	}
	return 0;
}
