#include "cluster/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "cluster/actor.h"
#include "cluster/lease.h"
#include "cluster/pg.h"
#include "cluster/task.h"
#include "place/image.h"
#include "place/policy.h"
#include "place/queue.h"
#include "state/cluster.h"
#include "state/config.h"
#include "state/kind.h"
#include "state/record.h"

/* --- placing --- */

static int
starving_order(const void *a, const void *b)
{
	const struct starving *x = a, *y = b;

	if (x->priority != y->priority)
		return x->priority > y->priority ? -1 : 1;
	return x->born < y->born ? -1 : x->born > y->born;
}

/* What actors and tasks have alike of those that wait; a demand NULL: it is neither. */
struct waiter {
	const struct demand *demand;
	int64_t priority;
	uint64_t born, since_ms;
};

static int
waiter_get(struct cluster *c, unsigned kind, uint64_t id, struct waiter *waiter, struct err *e)
{
	struct actor a = {0};
	struct task t = {0};
	int got = 0;

	*waiter = (struct waiter){NULL, 0, 0, 0};
	if (kind == KIND_ACTOR) {
		got = record_get_number(c, kind_of(kind), id, &a, e);
		*waiter = (struct waiter){a.demand, a.priority, a.born, a.updated_ms};
	} else if (kind == KIND_TASK) {
		got = record_get_number(c, kind_of(kind), id, &t, e);
		*waiter = (struct waiter){t.demand, t.priority, t.born, t.queued_ms};
	}
	return got < 0 ? -1 : 0;
}

static int
starving_add(struct cluster *c, const struct waiter *w, size_t most, struct err *e)
{
	struct demand *copy = arena_alloc(c->kept, sizeof *copy);
	struct buf bytes = {.arena = c->kept};

	if (!c->starving_n)
		c->starving = arena_alloc(c->kept, most * sizeof *c->starving);
	rec_encode(&rec_demand, w->demand, &bytes);
	if (rec_decode(&rec_demand, copy, buf_slice(&bytes), c->kept, e))
		return -1;
	c->starving[c->starving_n++] = (struct starving){copy, w->priority, w->born};
	return 0;
}

static int
starving_among(struct cluster *c, const struct heads *heads, uint64_t age, struct err *e)
{
	struct waiter w;
	size_t i;

	for (i = 0; i < heads->n; i++) {
		const struct key *key = &heads->v[i].key;

		if (waiter_get(c, key->p[key->n - 9], key_tail(key_slice(key)), &w, e))
			return -1;
		if (w.demand && w.since_ms + age < c->now_ms && starving_add(c, &w, heads->n, e))
			return -1;
	}
	return 0;
}

/*
 * Those that starve, the first in line first. Within a transaction nothing begins to starve; what
 * does may be placed or end.
 */
static int
starving_find(struct cluster *c, struct err *e)
{
	struct arena_mark mark = arena_mark(c->arena);
	struct heads heads = {.n = 0};
	uint64_t age;
	int bad;

	if (c->starving_known)
		return 0;
	c->starving_known = true;
	c->starving_n = 0;
	bad = config_value(c, SETTING_STARVATION_AGE, &age, e) || queue_heads(c, &heads, e) < 0 ||
	      starving_among(c, &heads, age, e);
	if (c->starving_n)
		qsort(c->starving, c->starving_n, sizeof *c->starving, starving_order);
	if (c->arena != c->kept)
		arena_rewind(c->arena, mark);
	return bad ? -1 : 0;
}

/* How many of those that starve stand before this record: 0 is later than all. */
static int
starving_before(struct cluster *c, uint64_t of, size_t *n, struct err *e)
{
	const struct kind *kind = of ? kind_letter(ref_letter(of)) : NULL;
	struct starving at;
	struct waiter w;

	*n = c->starving_n;
	if (!*n || !kind)
		return 0;
	if (waiter_get(c, kind->number, ref_number(of), &w, e))
		return -1;
	if (!w.demand)
		return 0;
	at = (struct starving){.priority = w.priority, .born = w.born};
	while (*n && starving_order(&c->starving[*n - 1], &at) >= 0)
		--*n;
	return 0;
}

int
schedule_pick(struct cluster *c, struct image *image, const struct demand *demand, uint64_t of,
    const uint64_t *nodes, size_t n, uint64_t *node, struct err *e)
{
	struct policy policy;
	size_t i;

	if (starving_find(c, e) || policy_begin(c, image, demand, &policy, e) ||
	    starving_before(c, of, &policy.starving_n, e))
		return -1;
	if (!nodes)
		policy_offer_others(&policy, NULL, 0, 0);
	for (i = 0; nodes && i < n; i++) {
		struct image_node *in = image_node(image, nodes[i]);

		if (in)
			policy_offer(&policy, in);
	}
	return policy_next(&policy, node, e);
}

int
schedule_lease(struct cluster *c, const struct demand *demand, uint64_t owner,
    const uint64_t *nodes, size_t n, uint64_t cause, struct lease *lease, struct err *e)
{
	static const struct demand none;
	struct image *image;
	int got;

	*lease = (struct lease){.owner = owner};
	demand = demand ? demand : &none;
	if (demand->pg)
		return lease_grant_inside(c, demand, lease, cause, e);
	if (image_of(c, &image, e))
		return -1;
	got = schedule_pick(c, image, demand, owner, nodes, n, &lease->node, e);
	if (got <= 0)
		return got;
	return lease_grant(c, demand, lease, cause, e) ? -1 : 1;
}

void
schedule_waits(struct cluster *c, const struct kind *kind, uint64_t id, uint64_t seq)
{
	c->waits = ref_make(kind->letter, id);
	if (!c->waits_n++)
		c->waits_seq = seq;
}

/* Places one record on the best of these nodes (NULL: all): 1 placed, 0 it does not fit. */
static int
record_place(struct cluster *c, const struct kind *kind, uint64_t id, const uint64_t *nodes,
    size_t n, uint64_t cause, struct err *e)
{
	void *record = arena_alloc(c->arena, kind->rec->size);
	int got = record_get_number(c, kind, id, record, e);

	if (got <= 0)
		return got;
	if (kind->number == KIND_ACTOR)
		return actor_waits(record) ? actor_try(c, record, nodes, n, cause, e) : 0;
	if (kind->number == KIND_TASK)
		return task_waits(record) ? task_try(c, record, nodes, n, cause, e) : 0;
	if (kind->number == KIND_PG)
		return pg_waits(record) ? pg_place(c, record, cause, e) : 0;
	return 0;
}

static int
head_place(struct cluster *c, const struct head *head, const uint64_t *nodes, size_t n,
    uint64_t cause, struct err *e)
{
	const struct kind *kind = kind_of(head->key.p[head->key.n - 9]);
	struct arena_mark mark = arena_mark(c->arena);
	int got;

	if (!kind)
		return 0;
	got = record_place(c, kind, key_tail(key_slice(&head->key)), nodes, n, cause, e);
	if (c->arena != c->kept)
		arena_rewind(c->arena, mark);
	return got;
}

static struct head *
head_best(const struct heads *heads)
{
	struct head *best = NULL;
	size_t i;

	for (i = 0; i < heads->n; i++)
		if (!heads->v[i].blocked && (!best || head_before(&heads->v[i], best)))
			best = &heads->v[i];
	return best;
}

/* Places on these nodes (NULL: all) until nothing fits or enough is done. *more: something may fit
 * still. */
static int
queue_place(
    struct cluster *c, const uint64_t *nodes, size_t n, uint64_t cause, bool *more, struct err *e)
{
	struct heads heads = {.n = 0};
	struct head *head;
	int got, placed = 0;

	*more = false;
	if (queue_heads(c, &heads, e) < 0)
		return -1;
	if (!heads.n)
		return 0;
	while ((head = head_best(&heads))) {
		if (placed == PLACED_MOST) {
			*more = true;
			return 0;
		}
		got = head_place(c, head, nodes, n, cause, e);
		if (got < 0)
			return -1;
		placed += got;
		if (!got)
			head->blocked = true;
		else if (head_advance(c, head, e))
			return -1;
	}
	return 0;
}

static const unsigned char left_over_key[] = "placement";

static int
left_over_set(struct cluster *c, bool left, struct err *e)
{
	struct slice key = {left_over_key, sizeof left_over_key - 1}, none = {NULL, 0};

	if (left == schedule_left_over(c))
		return 0;
	if (left)
		return txn_put(c->txn, TABLE_LEFT, key, none, e);
	return txn_delete(c->txn, TABLE_LEFT, key, e) < 0 ? -1 : 0;
}

bool
schedule_left_over(struct cluster *c)
{
	struct slice key = {left_over_key, sizeof left_over_key - 1}, value;
	struct err ignored;

	return txn_get(c->txn, TABLE_LEFT, key, &value, &ignored) > 0;
}

/*
 * The state was at rest before the command. So one record that began to wait is tried on all nodes;
 * where only nodes came to have more, what waits is tried on those; and after both, everything on
 * everything.
 */
int
schedule_rest(struct cluster *c, struct err *e)
{
	const struct kind *kind;
	size_t rounds, n, waits;
	uint64_t cause, *freed;
	bool more = false;

	for (rounds = 0; (c->freed_n || c->waits_n) && rounds < PLACED_MOST && !more; rounds++) {
		n = c->freed_n;
		waits = c->waits_n;
		cause = n && waits ? (c->freed_seq < c->waits_seq ? c->freed_seq : c->waits_seq)
			: n	   ? c->freed_seq
				   : c->waits_seq;
		freed = c->freed;
		c->freed = NULL;
		c->freed_n = c->freed_size = c->waits_n = 0;
		if (c->starving_n)
			c->starving_known = false; /* one may have been placed, or have ended */
		if (starving_find(c, e))
			return -1;
		if (waits == 1 && !n) {
			kind = kind_letter(ref_letter(c->waits));
			if (record_place(c, kind, ref_number(c->waits), NULL, 0, cause, e) < 0)
				return -1;
		} else if (queue_place(c, waits ? NULL : freed, waits ? 0 : n, cause, &more, e)) {
			return -1;
		}
	}
	return more ? left_over_set(c, true, e) : 0;
}

int
schedule_continue(struct cluster *c, bool *more, struct err *e)
{
	*more = false;
	if (!schedule_left_over(c))
		return 0;
	if (queue_place(c, NULL, 0, 0, more, e))
		return -1;
	return left_over_set(c, *more, e);
}
