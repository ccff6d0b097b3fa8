#include "sched/schedule.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/actor.h"
#include "sched/lease.h"
#include "model/pg.h"
#include "sched/starvation_internal.h"
#include "model/task.h"
#include "place/image.h"
#include "place/policy.h"
#include "place/queue.h"
#include "state/cluster.h"
#include "state/kind.h"
#include "state/record.h"

int
schedule_pick(struct cluster *c, struct image *image, const struct demand *demand, uint64_t of,
    const uint64_t *nodes, size_t n, uint64_t *node, struct err *e)
{
	struct policy policy;
	int got = 0;
	size_t i;

	if (policy_begin(c, image, demand, &policy, e) ||
	    starvation_before(c, of, &policy.starving_n, e))
		return -1;
	policy.starving = c->starving;
	if (!nodes)
		got = policy_offer_others(&policy, NULL, 0, 0, e);
	for (i = 0; !got && nodes && i < n; i++) {
		struct image_node *in = image_node(image, nodes[i]);

		if (in)
			got = policy_offer(&policy, in, e);
	}
	return got ? -1 : policy_next(&policy, node, e);
}

int
schedule_lease(struct cluster *c, const struct demand *demand, uint64_t owner,
    const uint64_t *nodes, size_t n, uint64_t cause, struct lease *lease, struct err *e)
{
	static const struct demand none;
	struct image *image;
	struct lack lack;
	int got;

	*lease = (struct lease){.owner = owner};
	demand = demand ? demand : &none;
	if (demand->pg)
		return bundle_lease_grant(c, demand, lease, cause, e);
	if (image_of(c, &image, e))
		return -1;
	got = schedule_pick(c, image, demand, owner, nodes, n, &lease->node, e);
	if (got <= 0)
		return got;
	return lease_grant(c, demand, lease, cause, &lack, e);
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

/* Whether schedule_lease would grant it, on any node. */
static int
demand_fits(struct cluster *c, const struct demand *demand, uint64_t owner, struct err *e)
{
	static const struct demand none;
	struct image *image;
	uint64_t node;

	demand = demand ? demand : &none;
	if (demand->pg)
		return bundle_lease_fits(c, demand, e);
	if (image_of(c, &image, e))
		return -1;
	return schedule_pick(c, image, demand, owner, NULL, 0, &node, e);
}

int
schedule_fits(struct cluster *c, const struct kind *kind, uint64_t id, struct err *e)
{
	void *record = arena_alloc(c->arena, kind->rec->size);
	int got = record_get_number(c, kind, id, record, e);

	if (got <= 0 || starvation_find(c, e))
		return got <= 0 ? got : -1;
	if (kind->number == KIND_ACTOR)
		return actor_waits(record)
			   ? demand_fits(c, ((struct actor *)record)->demand, ref_make('A', id), e)
			   : 0;
	if (kind->number == KIND_TASK)
		return task_waits(record)
			   ? demand_fits(c, ((struct task *)record)->demand, ref_make('T', id), e)
			   : 0;
	if (kind->number == KIND_PG)
		return pg_waits(record) ? pg_fits(c, record, e) : 0;
	return 0;
}

static int
head_place(struct cluster *c, const struct head *head, const uint64_t *nodes, size_t n,
    uint64_t cause, struct err *e)
{
	const struct kind *kind = kind_of(head->kind);
	struct arena_mark mark = arena_mark(c->arena);
	int got;

	if (!kind)
		return 0;
	got = record_place(c, kind, head->id, nodes, n, cause, e);
	if (c->arena != c->kept)
		arena_rewind(c->arena, mark);
	return got;
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
	while ((head = queue_first(&heads))) {
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
		else if (queue_advance(c, head, e))
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

/* What came about since the last round. */
struct round {
	uint64_t *freed, waits, cause;
	size_t freed_n, waits_n;
	bool unblocked;
};

static void
cause_of(struct round *r, bool happened, uint64_t seq)
{
	if (happened && (!r->cause || seq < r->cause))
		r->cause = seq;
}

static bool
round_begin(struct cluster *c, struct round *r)
{
	*r = (struct round){.freed = c->freed,
	    .waits = c->waits,
	    .freed_n = c->freed_n,
	    .waits_n = c->waits_n,
	    .unblocked = c->unblocked || c->lessened_seq};
	cause_of(r, r->freed_n, c->freed_seq);
	cause_of(r, r->waits_n, c->waits_seq);
	cause_of(r, c->unblocked, c->unblocked_seq);
	if (!r->cause)
		r->cause = c->lessened_seq;
	if (c->starving_n || r->unblocked)
		c->starving_known = false; /* one may have been placed, or have ended */
	c->freed = NULL;
	c->freed_n = c->waits_n = 0;
	c->unblocked = false;
	c->lessened_seq = 0;
	return r->freed_n || r->waits_n || r->unblocked;
}

/*
 * The state was at rest before the command. So one record that began to wait is tried on all nodes;
 * where only nodes came to have more, what waits is tried on those; and after both, or when
 * something starves no longer, everything on everything.
 */
static int
round_place(struct cluster *c, const struct round *r, bool *more, struct err *e)
{
	const struct kind *kind = kind_letter(ref_letter(r->waits));
	bool all = r->waits_n || r->unblocked;

	if (starvation_find(c, e))
		return -1;
	if (r->waits_n == 1 && !r->freed_n && !r->unblocked)
		return record_place(c, kind, ref_number(r->waits), NULL, 0, r->cause, e) < 0 ? -1
											     : 0;
	return queue_place(c, all ? NULL : r->freed, all ? 0 : r->freed_n, r->cause, more, e);
}

int
schedule_rest(struct cluster *c, struct err *e)
{
	struct round r;
	size_t rounds;
	bool more = false;

	for (rounds = 0; rounds < PLACED_MOST && !more && round_begin(c, &r); rounds++)
		if (round_place(c, &r, &more, e))
			return -1;
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
	if (*more)
		return 0;
	if (left_over_set(c, false, e) || schedule_rest(c, e)) /* what follows from that */
		return -1;
	*more = schedule_left_over(c);
	return 0;
}
