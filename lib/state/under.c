/* under: the records that an index names. */
#include "base/arena.h"
#include "base/err.h"
#include "state/cluster.h"
#include "state/kind.h"
#include "state/record.h"

int
records_under(struct cluster *c, const struct kind *kind, unsigned char table,
    const struct key *prefix, record_visit *visit, void *argument, struct err *e)
{
	struct slice key, row;
	struct scan scan;
	int got;

	if (scan_prefix(&scan, c->txn, table, key_slice(prefix), false, e))
		return -1;
	while ((got = scan_next(&scan, &key, &row, e)) > 0) {
		void *record = arena_alloc(c->arena, kind->rec->size);

		got = record_get_number(c, kind, key_tail(key), record, e);
		if (got > 0)
			got = visit(c, record, argument, e);
		if (got < 0)
			break;
	}
	scan_close(&scan);
	return got < 0 ? -1 : 0;
}

int
records_owned(struct cluster *c, const struct kind *kind, uint64_t owner, record_visit *visit,
    void *argument, struct err *e)
{
	struct key prefix = {.n = 0};

	key_byte(&prefix, (unsigned char)ref_letter(owner));
	key_u64(&prefix, ref_number(owner));
	key_byte(&prefix, kind->number);
	return records_under(c, kind, TABLE_OWNER, &prefix, visit, argument, e);
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
records_on_node(struct cluster *c, const struct kind *kind, uint64_t node, record_visit *visit,
    void *argument, struct err *e)
{
	struct key prefix = on_node_prefix(kind, node);

	return records_under(c, kind, TABLE_ON_NODE, &prefix, visit, argument, e);
}

int
records_on_node_count(
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
