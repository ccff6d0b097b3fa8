/* bundle_lease: leases that are a part of a bundle's. */
#include "sched/lease.h"

#include <string.h>

#include "base/amount.h"
#include "base/arena.h"
#include "place/fit.h"
#include "place/image.h"
#include "place/capacity.h"
#include "state/cluster.h"
#include "state/index.h"
#include "state/record.h"
#include "store/txn.h"

/* What is used of: a resource as a whole, or one instance of it. */
struct use {
	const char *resource;
	enum capacity_kind kind;
	uint64_t instance;
};

/* How much of a bundle's lease is in use: of an instance, or of the whole. */
static int
inner_used(struct cluster *c, const struct lease *parent, const struct use *of, uint64_t *used,
    struct err *e)
{
	struct capacity_row offer;
	int got;

	*used = 0;
	if (capacity_read(c, 'L', parent->id, &offer, e))
		return -1;
	while ((got = capacity_next(&offer)) > 0)
		if (offer.kind == of->kind && offer.instance == of->instance &&
		    !strcmp(offer.resource, of->resource))
			*used = offer.amount;
	return got < 0 ? capacity_malformed(e) : 0;
}

/* The bundle's lease as if it were a node of its own, so that the same rules fill it. */
static int
inner_node(struct cluster *c, struct image *image, const struct lease *parent,
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
		if (inner_used(c, parent,
			&(struct use){parent->resources.v[i].name, CAPACITY_USED, 0}, &in->used[r],
			e))
			return -1;
	}
	for (i = 0; i < parent->instances.n; i++) {
		const struct image_node *outer = image_node(image, parent->node);
		int r = image_resource(image, instance[i].resource);
		size_t n = r >= 0 && outer ? image_instances(outer, r) : 0, k;
		uint64_t used;

		if (instance[i].index >= n)
			continue;
		if (inner_used(c, parent,
			&(struct use){instance[i].resource, CAPACITY_INSTANCE, instance[i].index},
			&used, e))
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

/* What it is of the bundle itself: an instance that is not its own counts as one in use there. */
static bool
is_beyond(const struct demand *demand, const struct lease *bundle)
{
	size_t i;

	for (i = 0; i < demand->resources.n; i++) {
		const struct amount *want = &demand->resources.v[i],
				    *has = amounts_get(&bundle->resources, want->name);

		if (want->value > (has ? has->value : 0))
			return true;
	}
	return false;
}

/* *node: the bundle as a node. */
static int
bundle_fits(const struct fitting *fit, const struct lease *bundle, struct image_node **node,
    struct lack *lack, struct err *e)
{
	const struct image_node *outer = image_node(fit->image, bundle->node);
	int got;

	if (!outer || outer->state != NODE_ALIVE) {
		*lack = (struct lack){.code = LACK_DRAINING};
		return 0;
	}
	got = fit_suits(fit, outer, lack, e);
	if (got <= 0)
		return got;
	if (inner_node(fit->c, fit->image, bundle, node, e))
		return -1;
	if (fit_has(fit, *node, lack))
		return 1;
	lack->never |= is_beyond(fit->demand, bundle);
	return 0;
}

int
bundle_lease_lacks(
    const struct fitting *fit, const struct lease *bundle, struct lack *lack, struct err *e)
{
	struct image_node *node;

	return bundle_fits(fit, bundle, &node, lack, e) < 0 ? -1 : 0;
}

struct inside {
	struct fitting fit;
	struct image_node *node; /* of the best bundle so far */
	struct lease parent;
};

static int
inside_look(struct cluster *c, void *record, void *argument, struct err *e)
{
	const struct lease *l = record;
	struct inside *in = argument;
	struct image_node *node;
	struct lack lack;
	int got;

	(void)c;
	if (in->fit.demand->bundle && in->fit.demand->bundle != l->bundle)
		return 0;
	if (in->node && in->parent.bundle < l->bundle)
		return 0;
	got = bundle_fits(&in->fit, l, &node, &lack, e);
	if (got <= 0)
		return got;
	in->parent = *l;
	in->node = node;
	return 0;
}

/* The first bundle that has enough: 1, 0 or -1. */
static int
inside_find(struct cluster *c, const struct demand *demand, struct inside *in, struct err *e)
{
	struct image *image;

	in->node = NULL;
	if (image_of(c, &image, e) || fit_begin(&in->fit, c, image, demand, e) ||
	    index_owned(
		c, kind_of(c->kinds, KIND_LEASE), ref_make('P', demand->pg), inside_look, in, e))
		return -1;
	return in->node != NULL;
}

int
bundle_lease_fits(struct cluster *c, const struct demand *demand, struct err *e)
{
	struct inside in;

	return inside_find(c, demand, &in, e);
}

int
bundle_lease_grant(struct cluster *c, const struct demand *demand, struct lease *lease,
    uint64_t cause, struct err *e)
{
	struct inside in;
	int got = inside_find(c, demand, &in, e);

	if (got <= 0)
		return got;
	fit_fill(&in.fit, in.node, lease);
	lease->node = in.parent.node;
	lease->parent = in.parent.id;
	lease->id = txn_counter_next(c->txn, 'L');
	return record_put(c, kind_of(c->kinds, KIND_LEASE), lease, cause, NULL, e) ? -1 : 1;
}
