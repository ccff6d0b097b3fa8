/* inside: leases that are a part of a bundle's. */
#include "sched/lease.h"

#include <string.h>

#include "base/amount.h"
#include "base/arena.h"
#include "store/txn.h"
#include "place/demand.h"
#include "place/fit.h"
#include "place/image.h"
#include "place/capacity.h"
#include "state/cluster.h"
#include "state/index.h"
#include "state/record.h"

/* How much of a bundle's lease is in use: of an instance, or of the whole. */
static int
inner_used(struct cluster *c, const struct lease *parent, const char *resource,
    enum capacity_kind kind, uint64_t instance, uint64_t *used, struct err *e)
{
	struct capacity_row offer;
	int got;

	*used = 0;
	if (capacity_read(c, 'L', parent->id, &offer, e))
		return -1;
	while ((got = capacity_next(&offer)) > 0)
		if (offer.kind == kind && offer.instance == instance &&
		    !strcmp(offer.resource, resource))
			*used = offer.amount;
	return got < 0 ? capacity_malformed(e) : 0;
}

/* The bundle's lease as if it were a node of its own, so that the same rules fill it. */
static int
inner_node(struct cluster *c, const struct image *image, const struct lease *parent,
    struct image_node **node, struct err *e)
{
	const struct instance *instance = parent->instances.v;
	struct image_node *in = arena_alloc(c->arena, sizeof *in);
	uint64_t *total = arena_alloc(c->arena, image->nresources * sizeof *total);
	size_t i;

	in->id = parent->node;
	in->state = NODE_ALIVE;
	in->width = (uint16_t)image->nresources;
	in->total = total;
	in->used = arena_alloc(c->arena, in->width * sizeof *in->used);
	in->instances = arena_alloc(c->arena, in->width * sizeof *in->instances);
	for (i = 0; i < parent->resources.n; i++) {
		int r = image_resource(image, parent->resources.v[i].name);

		if (r < 0)
			continue;
		total[r] = parent->resources.v[i].value;
		if (inner_used(
			c, parent, parent->resources.v[i].name, CAPACITY_USED, 0, &in->used[r], e))
			return -1;
	}
	for (i = 0; i < parent->instances.n; i++) {
		const struct image_node *outer = image_node((struct image *)image, parent->node);
		int r = image_resource(image, instance[i].resource);
		size_t n = r >= 0 && outer ? image_instances(outer, r) : 0, k;
		uint64_t used;

		if (instance[i].index >= n)
			continue;
		if (inner_used(c, parent, instance[i].resource, CAPACITY_INSTANCE,
			instance[i].index, &used, e))
			return -1;
		if (!in->instances[r]) {
			in->instances[r] = arena_alloc(c->arena, n * sizeof(uint64_t));
			for (k = 0; k < n; k++)
				in->instances[r][k] = AMOUNT_ONE; /* not this bundle's */
			total[r] = n * AMOUNT_ONE;
			in->used[r] += n * AMOUNT_ONE;
		}
		in->used[r] -= instance[i].amount;
		in->instances[r][instance[i].index] = AMOUNT_ONE - instance[i].amount + used;
	}
	*node = in;
	return 0;
}

int
bundle_lease_lacks(struct cluster *c, const struct demand *demand, const struct lease *bundle,
    const char **lacks, bool *never, struct err *e)
{
	const struct image_node *outer;
	struct image_node *node;
	struct image *image;
	size_t i;
	int got;

	*never = false;
	if (image_of(c, &image, e))
		return -1;
	outer = image_node(image, bundle->node);
	*lacks = !outer || outer->state != NODE_ALIVE ? "its node is draining" : NULL;
	if (*lacks)
		return 0;
	got = demand_elsewhere(c, outer, demand, lacks, never, e);
	if (got)
		return got < 0 ? -1 : 0;
	if (inner_node(c, image, bundle, &node, e))
		return -1;
	*lacks = fit_lacks(c, image, node, demand, never);
	for (i = 0; i < demand->resources.n; i++) {
		const struct amount *want = &demand->resources.v[i],
				    *has = amounts_get(&bundle->resources, want->name);

		*never |= want->value > (has ? has->value : 0);
	}
	return 0;
}

struct inside {
	const struct demand *demand;
	struct image *image;
	struct image_node *node; /* of the best bundle so far */
	struct lease parent;
};

static int
inside_look(struct cluster *c, void *record, void *argument, struct err *e)
{
	const struct lease *l = record;
	struct inside *in = argument;
	const char *lacks;
	bool never;

	if (in->demand->bundle && in->demand->bundle != l->bundle)
		return 0;
	if (in->node && in->parent.bundle < l->bundle)
		return 0;
	if (bundle_lease_lacks(c, in->demand, l, &lacks, &never, e))
		return -1;
	if (lacks)
		return 0;
	in->parent = *l;
	return inner_node(c, in->image, l, &in->node, e);
}

/* The first bundle that has enough: 1, 0 or -1. */
static int
inside_find(struct cluster *c, struct inside *in, struct err *e)
{
	if (image_of(c, &in->image, e) ||
	    index_owned(c, kind_of(KIND_LEASE), ref_make('P', in->demand->pg), inside_look, in, e))
		return -1;
	return in->node != NULL;
}

int
bundle_lease_fits(struct cluster *c, const struct demand *demand, struct err *e)
{
	struct inside in = {.demand = demand};

	return inside_find(c, &in, e);
}

int
bundle_lease_grant(struct cluster *c, const struct demand *demand, struct lease *lease,
    uint64_t cause, struct err *e)
{
	struct inside in = {.demand = demand};
	int got = inside_find(c, &in, e);

	if (got <= 0)
		return got;
	fit_fill(c, in.image, in.node, demand, lease);
	lease->node = in.parent.node;
	lease->parent = in.parent.id;
	lease->id = txn_counter_next(c->txn, 'L');
	return record_put(c, kind_of(KIND_LEASE), lease, cause, NULL, e) ? -1 : 1;
}
