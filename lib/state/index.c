/* under: the records that an index names. */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/scan.h"
#include "state/cluster.h"
#include "state/index.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"

/* The numbers that an index has under a prefix. */
static int
numbers_under(struct cluster *c, unsigned char table, const struct key *prefix, uint64_t **numbers,
    size_t *n, struct err *e)
{
	struct slice key, row;
	struct scan scan;
	int got;

	*numbers = NULL;
	*n = 0;
	if (scan_prefix(&scan, c->txn, table, key_slice(prefix), false, e))
		return -1;
	while ((got = scan_next(&scan, &key, &row, e)) > 0) {
		*numbers = arena_push(c->arena, *numbers, *n, sizeof **numbers);
		(*numbers)[(*n)++] = key_tail(key);
	}
	scan_close(&scan);
	return got;
}

int
index_each(struct cluster *c, const struct kind *kind, unsigned char table,
    const struct key *prefix, record_visit *visit, void *argument, struct err *e)
{
	uint64_t *numbers;
	size_t i, n;

	if (numbers_under(c, table, prefix, &numbers, &n, e) < 0)
		return -1;
	for (i = 0; i < n; i++) {
		void *record = arena_alloc(c->arena, kind->rec->size);
		int got = record_get_number(c, kind, numbers[i], record, e);

		if (got < 0 || (got && visit(c, record, argument, e) < 0))
			return -1;
	}
	return 0;
}

int
index_owned(struct cluster *c, const struct kind *kind, uint64_t owner, record_visit *visit,
    void *argument, struct err *e)
{
	struct key prefix = {.n = 0};

	key_byte(&prefix, (unsigned char)ref_letter(owner));
	key_u64(&prefix, ref_number(owner));
	key_byte(&prefix, kind->number);
	return index_each(c, kind, TABLE_OWNER, &prefix, visit, argument, e);
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

	return index_each(c, kind, TABLE_ON_NODE, &prefix, visit, argument, e);
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
