#include "sched/follow.h"

#include <string.h>

#include "place/image.h"
#include "place/queue.h"
#include "rec/filter.h"
#include "sched/dirt.h"
#include "sched/starvation.h"
#include "state/cluster.h"
#include "state/config.h"
#include "state/kind.h"
#include "store/store.h"
#include "store/txn.h"

static bool
labels_differ(const struct node *a, const struct node *b)
{
	return field_compare(rec_field(&rec_node, "labels"), a, b);
}

/* Whether a has more of some resource than b. */
static bool
has_more(const struct node *a, const struct node *b)
{
	const struct amount *total, *other;

	for (total = a->total.v; total < a->total.v + a->total.n; total++) {
		other = amounts_get(&b->total, total->name);
		if (!other || other->value < total->value)
			return true;
	}
	return false;
}

/* The node accepts work again, or has more of some resource. */
static bool
offers_more(const struct node *old, const struct node *now)
{
	if (now->state != NODE_ALIVE || now->cordoned)
		return false;
	if (!old || old->state != NODE_ALIVE || old->cordoned)
		return true;
	return labels_differ(old, now) || has_more(now, old);
}

/* Starving records may no longer be able to use the node. */
static bool
offers_less(const struct node *old, const struct node *now)
{
	return old->state != now->state || old->cordoned != now->cordoned ||
	       labels_differ(old, now) || has_more(old, now);
}

/* A resource gains instances, on every node with it (gpu always has them). */
static bool
gains_instances(const struct node *old, const struct node *now)
{
	const struct amount *a, *was;

	for (a = now->total.v; a < now->total.v + now->total.n; a++) {
		was = old ? amounts_get(&old->total, a->name) : NULL;
		if (a->indexed && strcmp(a->name, "gpu") && !(was && was->indexed))
			return true;
	}
	return false;
}

int
follow_node(
    struct cluster *c, const struct kind *kind, const void *old, const void *new, struct err *e)
{
	const struct node *now = new;
	uint64_t seq = txn_seq(c->txn);

	(void)kind;
	(void)e;
	if (!now)
		return 0;
	if (offers_more(old, now))
		dirt_freed(c, now->id, seq);
	if (now->state == NODE_DEAD)
		dirt_node_ended(c, now->id);
	image_follow_node(c, now);
	if (old && offers_less(old, now))
		dirt_lessened(c, seq);
	if (gains_instances(old, now))
		dirt_unblocked(c, seq);
	return 0;
}

int
follow_lease(
    struct cluster *c, const struct kind *kind, const void *old, const void *new, struct err *e)
{
	(void)kind;
	(void)e;
	/* also for a lease inside a bundle: others may wait for a part of it */
	if (!new)
		dirt_freed(c, ((const struct lease *)old)->node, txn_seq(c->txn));
	image_follow_lease(c, old, new);
	return 0;
}

int
follow_setting(
    struct cluster *c, const struct kind *kind, const void *old, const void *new, struct err *e)
{
	const struct config *setting = new ? new : old;

	(void)kind;
	(void)e;
	if (!strcmp(setting->key, settings[SETTING_STARVATION_AGE].key))
		dirt_unblocked(c, txn_seq(c->txn));
	return 0;
}

/* *so: it has left the queue or moved in it, so that others, or it, may go ahead. */
static int
makes_way(
    struct cluster *c, const struct waiter *was, const struct waiter *is, bool *so, struct err *e)
{
	*so = was->waits && is->waits && was->priority != is->priority;
	return was->waits && !is->waits ? starvation_starved(c, was, so, e) : 0;
}

int
follow_waiter(
    struct cluster *c, const struct kind *kind, const void *old, const void *new, struct err *e)
{
	struct waiter was = {0}, is = {0};
	bool moved;

	if (old)
		kind->waiter(old, &was);
	if (new)
		kind->waiter(new, &is);
	if (!old || !new)
		image_follow_demand(c, new ? is.demand : was.demand, new ? 1 : -1);
	if (makes_way(c, &was, &is, &moved, e))
		return -1;
	if (moved)
		dirt_unblocked(c, txn_seq(c->txn));
	return 0;
}
