/* bundle_lease: leases granted out of a bundle's lease. */
#include "sched/lease.h"

#include "base/amount.h"
#include "base/arena.h"
#include "place/fit.h"
#include "place/image.h"
#include "place/capacity.h"
#include "state/cluster.h"
#include "state/index.h"
#include "state/record.h"
#include "store/txn.h"

static uint64_t *
all_in_use(struct arena *a, size_t instances)
{
	uint64_t *used = arena_alloc(a, instances * sizeof *used);
	size_t i;

	for (i = 0; i < instances; i++)
		used[i] = AMOUNT_ONE;
	return used;
}

/* The bundle as if it were a node of its own, so that the same rules fill it. Instances of the node
 * outside the bundle count as in use. */
static struct image_node *
inner_node(const struct fitting *fit, const struct lease *bundle, const struct image_node *outer)
{
	const struct instance *instance = bundle->instances.v;
	size_t i, width = fit->image->nresources;
	struct arena *a = fit->c->arena;
	uint64_t *total = arena_alloc(a, width * sizeof *total);
	struct image_node *in = arena_alloc(a, sizeof *in);

	*in = (struct image_node){.id = bundle->node,
	    .total = total,
	    .used = arena_alloc(a, width * sizeof *in->used),
	    .instances = arena_alloc(a, width * sizeof *in->instances),
	    .width = (uint16_t)width,
	    .state = NODE_ALIVE};
	for (i = 0; i < bundle->resources.n; i++) {
		int r = image_resource(fit->image, bundle->resources.v[i].name);

		if (r >= 0)
			total[r] = bundle->resources.v[i].value;
	}
	for (i = 0; i < bundle->instances.n; i++) {
		int r = image_resource(fit->image, instance[i].resource);
		size_t n = r >= 0 ? image_instances(outer, r) : 0;

		if (instance[i].index >= n)
			continue;
		if (!in->instances[r]) {
			in->instances[r] = all_in_use(a, n);
			total[r] = in->used[r] = n * AMOUNT_ONE;
		}
		in->used[r] -= instance[i].amount;
		in->instances[r][instance[i].index] -= instance[i].amount;
	}
	return in;
}

/* Subtracts what is in use of the bundle's lease. */
static int
inner_use(const struct fitting *fit, uint64_t lease, struct image_node *in, struct err *e)
{
	struct capacity_row row;
	int got;

	if (capacity_read(fit->c, 'L', lease, &row, e))
		return -1;
	while ((got = capacity_next(&row)) > 0) {
		int r = image_resource(fit->image, row.resource);

		if (r < 0)
			continue;
		if (row.kind == CAPACITY_USED)
			in->used[r] += row.amount;
		else if (in->instances[r] && row.instance < image_instances(in, r))
			in->instances[r][row.instance] += row.amount;
	}
	return got < 0 ? capacity_malformed(e) : 0;
}

/* Whether the bundle could not serve the demand even if it were empty. fit_has cannot tell:
 * instances outside the bundle look like instances in use. */
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
	*node = inner_node(fit, bundle, outer);
	if (inner_use(fit, bundle->id, *node, e))
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

/* The first bundle with enough free: 1, 0 or -1. */
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
