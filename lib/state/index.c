#include "state/index.h"

#include "base/arena.h"
#include "base/err.h"
#include "rec/rec.h"
#include "state/cluster.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"
#include "store/scan.h"

struct keys {
	struct slice *v;
	size_t n;
};

/* The primary key at the end of an index row: the last 8 bytes for a kind with ids, else all that
 * follows the prefix. */
static struct slice
key_at_end(const struct kind *kind, struct slice row, const struct key *prefix)
{
	size_t from = kind->letter ? row.n - 8 : prefix->n;

	return (struct slice){row.p + from, row.n - from};
}

static int
keys_below(struct cluster *c, const struct kind *kind, unsigned char table,
    const struct key *prefix, struct keys *keys, struct err *e)
{
	struct slice row, value, key;
	struct scan scan;
	int got;

	if (scan_prefix(&scan, c->txn, table, key_slice(prefix), false, e))
		return -1;
	while ((got = scan_next(&scan, &row, &value, e)) > 0) {
		key = key_at_end(kind, row, prefix);
		key.p = arena_copy(c->arena, key.p, key.n);
		keys->v = arena_push(c->arena, keys->v, keys->n, sizeof *keys->v);
		keys->v[keys->n++] = key;
	}
	scan_close(&scan);
	return got;
}

struct visiting {
	record_visit *visit;
	void *argument;
};

static int
each_below(struct cluster *c, const struct kind *kind, unsigned char table,
    const struct key *prefix, const struct visiting *visiting, struct err *e)
{
	struct keys keys = {.n = 0};
	size_t i;

	if (keys_below(c, kind, table, prefix, &keys, e) < 0)
		return -1;
	for (i = 0; i < keys.n; i++) {
		void *record = arena_alloc(c->arena, kind->rec->size);
		int got = record_get(c, kind, keys.v[i], record, e);

		if (got < 0 || (got && visiting->visit(c, record, visiting->argument, e) < 0))
			return -1;
	}
	return 0;
}

int
index_named(struct cluster *c, const struct kind *kind, const char *name, record_visit *visit,
    void *argument, struct err *e)
{
	struct key prefix = {.n = 0};

	key_byte(&prefix, kind->number);
	key_byte(&prefix, 0); /* no namespace */
	if (name) {
		key_add(&prefix, slice_of(name));
		key_byte(&prefix, 0);
	}
	return each_below(c, kind, TABLE_NAME, &prefix, &(struct visiting){visit, argument}, e);
}

int
index_owned(struct cluster *c, const struct kind *kind, uint64_t owner, record_visit *visit,
    void *argument, struct err *e)
{
	struct key prefix = {.n = 0};

	key_byte(&prefix, (unsigned char)ref_letter(owner));
	key_u64(&prefix, ref_number(owner));
	key_byte(&prefix, kind->number);
	return each_below(c, kind, TABLE_OWNER, &prefix, &(struct visiting){visit, argument}, e);
}

static struct key
on_node_prefix(const struct kind *kind, uint64_t node)
{
	struct key prefix = {.n = 0};

	key_u64(&prefix, node);
	key_byte(&prefix, kind->number);
	return prefix;
}

int
index_on_node(struct cluster *c, const struct kind *kind, uint64_t node, record_visit *visit,
    void *argument, struct err *e)
{
	struct key prefix = on_node_prefix(kind, node);

	return each_below(c, kind, TABLE_ON_NODE, &prefix, &(struct visiting){visit, argument}, e);
}

int
index_on_node_next(struct cluster *c, const struct kind *kind, uint64_t node, uint64_t after,
    void *record, struct err *e)
{
	struct key from = on_node_prefix(kind, node), to = {.n = 0};
	struct slice key, row;
	struct scan scan;
	int got;

	key_u64(&from, after + 1);
	key_u64(&to, node);
	key_byte(&to, kind->number + 1U);
	if (scan_open(&scan, c->txn, TABLE_ON_NODE,
		&(struct scan_range){.from = key_slice(&from), .to = key_slice(&to)}, e))
		return -1;
	do
		got = scan_next(&scan, &key, &row, e);
	while (got > 0 && !(got = record_get_number(c, kind, key_tail(key), record, e)));
	scan_close(&scan);
	return got;
}

int
index_on_node_count(
    struct cluster *c, const struct kind *kind, uint64_t node, uint64_t *n, struct err *e)
{
	struct key prefix = on_node_prefix(kind, node);
	struct slice key, row;
	struct scan scan;
	int got;

	*n = 0;
	if (scan_prefix(&scan, c->txn, TABLE_ON_NODE, key_slice(&prefix), false, e))
		return -1;
	while ((got = scan_next(&scan, &key, &row, e)) > 0)
		++*n;
	scan_close(&scan);
	return got;
}
