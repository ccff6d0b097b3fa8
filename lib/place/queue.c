#include "place/queue.h"

#include <string.h>

#include "base/arena.h"
#include "base/crc32c.h"
#include "base/err.h"
#include "store/scan.h"
#include "state/cluster.h"
#include "state/derive.h"
#include "state/key.h"
#include "state/kind.h"

#define QUEUE_TAIL 25 /* bytes of a row after the shape: priority, born, kind, id */

#define SHAPE_MOST \
	300 /* bytes of a shape that stand in a key; longer ones are cut and told apart by         \
	       checksums */

static void
shape_key(struct key *key, struct slice shape)
{
	uint32_t crc;

	key_byte(key, (unsigned)(shape.n >> 8) & 255);
	key_byte(key, (unsigned)shape.n & 255);
	if (shape.n <= SHAPE_MOST) {
		key_add(key, shape);
		return;
	}
	key_add(key, (struct slice){shape.p, SHAPE_MOST - 8});
	crc = crc32c(0, shape.p, shape.n);
	key_u64(key, (uint64_t)crc << 32 | crc32c(crc ^ 0x5bd1e995, shape.p, shape.n));
}

void
queue_derive(struct derived *to, const struct kind *kind, struct slice shape, int64_t priority,
    uint64_t born, uint64_t id)
{
	struct key key = {.n = 0};

	shape_key(&key, shape);
	key_u64(&key, ~((uint64_t)priority ^ 1ULL << 63));
	key_u64(&key, born);
	key_byte(&key, kind->number);
	key_u64(&key, id);
	derive_row(to, TABLE_WAITING, &key);
}

static size_t
shape_n(const struct head *h)
{
	return h->key.n - QUEUE_TAIL;
}

/* Priority first, then age. */
static bool
stands_before(const struct head *a, const struct head *b)
{
	return memcmp(a->key.p + shape_n(a), b->key.p + shape_n(b), 16) < 0;
}

struct head *
queue_first(const struct heads *heads)
{
	struct head *first = NULL;
	size_t i;

	for (i = 0; i < heads->n; i++)
		if (!heads->v[i].blocked && (!first || stands_before(&heads->v[i], first)))
			first = &heads->v[i];
	return first;
}

/* The next row at or after `from`: 1, 0 at the end. */
static int
queue_next(struct cluster *c, const struct key *from, struct head *head, struct err *e)
{
	struct slice key, value;
	struct scan scan;
	int got;

	if (scan_open(
		&scan, c->txn, TABLE_WAITING, &(struct scan_range){.from = key_slice(from)}, e))
		return -1;
	got = scan_next(&scan, &key, &value, e);
	if (got > 0 && key.n < QUEUE_TAIL)
		got = err_set(e, ERR_STORE, "a row of the queue is malformed");
	if (got > 0) {
		*head = (struct head){.kind = key.p[key.n - 9], .id = key_tail(key)};
		key_add(&head->key, key);
	}
	scan_close(&scan);
	return got;
}

static void
head_add(struct cluster *c, struct heads *heads, const struct head *head)
{
	heads->v = arena_push(c->arena, heads->v, heads->n, sizeof *heads->v);
	heads->v[heads->n++] = *head;
}

int
queue_heads(struct cluster *c, struct heads *heads, struct err *e)
{
	struct key from = {.n = 0};
	struct head head;
	int got;

	while ((got = queue_next(c, &from, &head, e)) > 0) {
		head_add(c, heads, &head);
		from = head.key;
		from.n = shape_n(&head);
		key_u64(&from, UINT64_MAX);
		key_u64(&from, UINT64_MAX);
	}
	return got;
}

static int
shape_count(struct cluster *c, const struct head *head, uint64_t *count, struct err *e)
{
	struct slice key, value, prefix = {head->key.p, shape_n(head)};
	struct scan scan;
	int got;

	*count = 0;
	if (scan_prefix(&scan, c->txn, TABLE_WAITING, prefix, false, e))
		return -1;
	while ((got = scan_next(&scan, &key, &value, e)) > 0)
		*count += key.n == head->key.n;
	scan_close(&scan);
	return got;
}

int
queue_length(struct cluster *c, uint64_t *count, struct err *e)
{
	struct slice key, value;
	struct scan scan;
	int got;

	*count = 0;
	if (scan_table(&scan, c->txn, TABLE_WAITING, e))
		return -1;
	while ((got = scan_next(&scan, &key, &value, e)) > 0)
		++*count;
	scan_close(&scan);
	return got;
}

int
queue_ahead(struct cluster *c, int64_t priority, uint64_t born, uint64_t *count, struct err *e)
{
	struct slice key, value;
	struct key own = {.n = 0};
	struct scan scan;
	int got;

	key_u64(&own, ~((uint64_t)priority ^ 1ULL << 63));
	key_u64(&own, born);
	*count = 0;
	if (scan_table(&scan, c->txn, TABLE_WAITING, e))
		return -1;
	while ((got = scan_next(&scan, &key, &value, e)) > 0)
		*count += memcmp(key.p + key.n - QUEUE_TAIL, own.p, own.n) < 0;
	scan_close(&scan);
	return got;
}

int
queue_shapes(struct cluster *c,
    int (*visit)(struct cluster *c, const struct kind *kind, uint64_t first, uint64_t count,
	void *argument, struct err *e),
    void *argument, struct err *e)
{
	struct heads heads = {.n = 0};
	uint64_t count;
	size_t i;

	if (queue_heads(c, &heads, e) < 0)
		return -1;
	for (i = 0; i < heads.n; i++) {
		const struct head *head = &heads.v[i];

		if (shape_count(c, head, &count, e) ||
		    visit(c, kind_of(c->kinds, head->kind), head->id, count, argument, e))
			return -1;
	}
	return 0;
}

int
queue_advance(struct cluster *c, struct head *head, struct err *e)
{
	struct key from = head->key;
	struct head next;
	int got;

	key_byte(&from, 0);
	got = queue_next(c, &from, &next, e);
	if (got < 0)
		return -1;
	if (!got || shape_n(&next) != shape_n(head) ||
	    memcmp(next.key.p, head->key.p, shape_n(head)) != 0)
		head->blocked = true;
	else
		*head = next;
	return 0;
}
