#include "sched/lease.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "place/fit.h"
#include "place/image.h"
#include "place/capacity.h"
#include "state/cascade.h"
#include "state/cluster.h"
#include "state/derive.h"
#include "state/index.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"
#include "store/txn.h"

static const struct kind *
lease_kind(const struct cluster *c)
{
	return kind_of(c->kinds, KIND_LEASE);
}

void
lease_derive(const struct kind *kind, const void *record, struct derived *to)
{
	const struct lease *l = record;
	struct key key = {.n = 0};

	key_u64(&key, l->id);
	derive_count(to, kind, 0);
	capacity_derive_uses(to, l);
	derive_on_node(to, kind, l->parent ? 0 : l->node, l->id);
	derive_owned(to, kind, l->parent ? ref_make('L', l->parent) : 0, key_slice(&key));
	derive_owned(to, kind, l->owner, key_slice(&key));
	derive_due(to, kind, l->expires_ms, key_slice(&key));
}

static int
node_takes(const struct image_node *node, uint64_t id, struct err *e)
{
	if (!node)
		return err_set(e, ERR_REFUSED, "node N%llu is DEAD", (unsigned long long)id);
	if (node->state != NODE_ALIVE)
		return err_set(e, ERR_REFUSED, "node N%llu is DRAINING: it takes nothing new",
		    (unsigned long long)id);
	return 0;
}

int
lease_grant(struct cluster *c, const struct demand *demand, struct lease *lease, uint64_t cause,
    struct lack *lack, struct err *e)
{
	const struct image_node *node;
	struct image *image;
	struct fitting fit;

	if (image_of(c, &image, e) || fit_begin(&fit, c, image, demand, e) || fit_check(&fit, e))
		return -1;
	node = image_node(image, lease->node);
	if (node_takes(node, lease->node, e))
		return -1;
	if (!fit_has(&fit, node, lack))
		return 0;
	fit_fill(&fit, node, lease);
	lease->id = txn_counter_next(c->txn, 'L');
	return record_put(c, lease_kind(c), lease, cause, NULL, e) ? -1 : 1;
}

static int drop_inner(struct cluster *c, uint64_t parent, uint64_t cause, struct err *e);

static int
lease_drop(struct cluster *c, void *record, void *argument, struct err *e)
{
	const struct lease *lease = record;
	uint64_t cause = *(uint64_t *)argument;

	if (drop_inner(c, lease->id, cause, e))
		return -1;
	return record_remove(c, lease_kind(c), lease, cause, NULL, e) < 0 ? -1 : 0;
}

static int
drop_inner(struct cluster *c, uint64_t parent, uint64_t cause, struct err *e)
{
	return index_owned(c, lease_kind(c), ref_make('L', parent), lease_drop, &cause, e);
}

/* A process that still has to stop keeps its resources, outside the bundle, until it is gone. */
static int
part_or_drop(struct cluster *c, void *record, void *argument, struct err *e)
{
	struct lease *inner = record;

	if (ref_letter(inner->owner) != 'W')
		return lease_drop(c, inner, argument, e);
	inner->parent = 0;
	return record_put(c, lease_kind(c), inner, *(uint64_t *)argument, NULL, e);
}

int
lease_release(struct cluster *c, const struct lease *lease, uint64_t cause, struct err *e)
{
	const struct kind *node = kind_of(c->kinds, KIND_NODE);
	uint64_t seq;

	if (index_owned(c, lease_kind(c), ref_make('L', lease->id), part_or_drop, &cause, e))
		return -1;
	if (record_remove(c, lease_kind(c), lease, cause, &seq, e) < 0)
		return -1;
	return node->bereft(c, lease->node, seq, e);
}

int
lease_node_ended(struct cluster *c, void *record, struct cascade *cascade, struct err *e)
{
	const struct lease *l = record;

	if (l->bundle) {
		cascade->bereft = arena_push(
		    c->arena, cascade->bereft, cascade->nbereft, sizeof *cascade->bereft);
		cascade->bereft[cascade->nbereft++] = l->owner;
	}
	return lease_drop(c, record, &cascade->seq, e);
}

int
lease_group_ended(struct cluster *c, void *record, struct cascade *cascade, struct err *e)
{
	return lease_release(c, record, cascade->seq, e);
}

int
leases_on_node(struct cluster *c, uint64_t node, uint64_t *n, struct err *e)
{
	return index_on_node_count(c, lease_kind(c), node, n, e);
}

int
lease_give(struct cluster *c, uint64_t id, uint64_t owner, uint64_t cause, struct err *e)
{
	struct lease l = {0};
	int got = record_get_number(c, lease_kind(c), id, &l, e);

	if (got <= 0)
		return got;
	if (!owner)
		return lease_release(c, &l, cause, e);
	l.owner = owner;
	return record_put(c, lease_kind(c), &l, cause, NULL, e);
}

int
lease_due(struct cluster *c, struct slice key, struct err *e)
{
	struct lease l = {0};
	int got = record_get(c, lease_kind(c), key, &l, e);

	if (got <= 0 || !l.expires_ms || l.expires_ms > c->now_ms)
		return got < 0 ? -1 : 0;
	return lease_release(c, &l, 0, e);
}

int
lease_computed(struct cluster *c, void *record, const struct computed *from, struct err *e)
{
	struct lease *l = record;

	(void)from;
	(void)e;
	l->age = c->now_ms > l->created_ms ? c->now_ms - l->created_ms : 0;
	return 0;
}
