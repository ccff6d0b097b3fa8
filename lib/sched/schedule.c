#include "sched/schedule.h"

#include "base/arena.h"
#include "place/image.h"
#include "place/policy.h"
#include "place/queue.h"
#include "sched/dirt.h"
#include "sched/lease.h"
#include "sched/starvation.h"
#include "state/cluster.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"
#include "store/txn.h"

static const struct demand no_demand;
static const struct among everywhere;

int
schedule_pick(struct cluster *c, const struct seeking *seeking, uint64_t *node, struct err *e)
{
	const struct among *among = &seeking->among;
	struct starving_list before;
	struct policy policy;
	struct image *image;
	int got = 0;
	size_t i;

	if (image_of(c, &image, e) || policy_begin(c, image, seeking->demand, &policy, e) ||
	    starvation_before(c, seeking->of, &before, e))
		return -1;
	policy.starving = before.v;
	policy.starving_n = before.n;
	if (!among->v)
		got = policy_offer_others(&policy, NULL, 0, 0, e);
	for (i = 0; !got && among->v && i < among->n; i++) {
		struct image_node *in = image_node(image, among->v[i]);

		if (in)
			got = policy_offer(&policy, in, e);
	}
	return got ? -1 : policy_next(&policy, node, e);
}

int
schedule_lease(struct cluster *c, const struct seeking *seeking, uint64_t cause,
    struct lease *lease, struct err *e)
{
	const struct demand *demand = seeking->demand ? seeking->demand : &no_demand;
	struct lack lack;
	int got;

	*lease = (struct lease){.owner = seeking->of};
	if (demand->pg)
		return bundle_lease_grant(c, demand, lease, cause, e);
	got = schedule_pick(c, seeking, &lease->node, e);
	if (got <= 0)
		return got;
	return lease_grant(c, demand, lease, cause, &lack, e);
}

int
schedule_fits(struct cluster *c, const struct seeking *seeking, struct err *e)
{
	uint64_t node;

	if (seeking->demand && seeking->demand->pg)
		return bundle_lease_fits(c, seeking->demand, e);
	return schedule_pick(c, seeking, &node, e);
}

/* Places one record: 1 placed, 0 it does not fit. */
static int
record_place(struct cluster *c, const struct kind *kind, uint64_t id, const struct among *nodes,
    uint64_t cause, struct err *e)
{
	struct waiter waiter = {0};
	void *record;
	int got;

	if (!kind || !kind->place)
		return 0;
	record = arena_alloc(c->arena, kind->rec->size);
	got = record_get_number(c, kind, id, record, e);
	if (got <= 0)
		return got;
	kind->waiter(record, &waiter);
	return waiter.waits ? kind->place(c, record, nodes, cause, e) : 0;
}

static int
head_place(struct cluster *c, const struct head *head, const struct among *nodes, uint64_t cause,
    struct err *e)
{
	struct arena_mark mark = arena_mark(c->arena);
	int got = record_place(c, kind_of(c->kinds, head->kind), head->id, nodes, cause, e);

	if (c->arena != c->kept)
		arena_rewind(c->arena, mark);
	return got;
}

/* Places on these nodes until nothing fits or enough is done. *more: something may still fit. */
static int
queue_place(struct cluster *c, const struct among *nodes, uint64_t cause, bool *more, struct err *e)
{
	struct heads heads = {.n = 0};
	struct head *head;
	int got, placed = 0;

	*more = false;
	if (queue_heads(c, &heads, e) < 0)
		return -1;
	while ((head = queue_first(&heads))) {
		if (placed == PLACED_MOST) {
			*more = true;
			return 0;
		}
		got = head_place(c, head, nodes, cause, e);
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

/* --- leftover work --- */

static const unsigned char left_over_name[] = "placement";
static const struct slice left_over_key = {left_over_name, sizeof left_over_name - 1};

int
schedule_left_over(struct cluster *c, bool *left, struct err *e)
{
	struct slice value;
	int got = txn_get(c->txn, TABLE_LEFT, left_over_key, &value, e);

	*left = got > 0;
	return got < 0 ? -1 : 0;
}

static int
left_over_set(struct cluster *c, bool left, struct err *e)
{
	struct slice none = {NULL, 0};
	bool is;

	if (schedule_left_over(c, &is, e))
		return -1;
	if (left == is)
		return 0;
	if (left)
		return txn_put(c->txn, TABLE_LEFT, left_over_key, none, e);
	return txn_delete(c->txn, TABLE_LEFT, left_over_key, e) < 0 ? -1 : 0;
}

/*
 * The state was at rest before the command. So a single newly queued record is tried on all nodes;
 * if nodes only gained resources, the queue is tried on those; after both, or when something no
 * longer starves, the whole queue is tried on all nodes.
 */
static int
dirty_place(struct cluster *c, const struct dirty *d, bool *more, struct err *e)
{
	const struct kind *kind = kind_letter(c->kinds, ref_letter(d->waits));
	bool all = d->waits_n || d->unblocked;

	if (starvation_find(c, e))
		return -1;
	if (d->waits_n == 1 && !d->freed.n && !d->unblocked)
		return record_place(c, kind, ref_number(d->waits), &everywhere, d->cause, e) < 0
			   ? -1
			   : 0;
	return queue_place(c, all ? &everywhere : &d->freed, d->cause, more, e);
}

int
schedule_rest(struct cluster *c, struct err *e)
{
	struct dirty dirty;
	size_t rounds;
	bool more = false, any = true;

	for (rounds = 0; rounds < PLACED_MOST && !more && any; rounds++) {
		any = dirt_take(c, &dirty);
		starvation_forget(c, dirty.unblocked);
		if (any && dirty_place(c, &dirty, &more, e))
			return -1;
	}
	return more ? left_over_set(c, true, e) : 0;
}

int
schedule_continue(struct cluster *c, bool *more, struct err *e)
{
	if (schedule_left_over(c, more, e))
		return -1;
	if (!*more)
		return 0;
	if (queue_place(c, &everywhere, 0, more, e))
		return -1;
	if (*more)
		return 0;
	if (left_over_set(c, false, e) || schedule_rest(c, e)) /* the changes made by placing */
		return -1;
	return schedule_left_over(c, more, e);
}
