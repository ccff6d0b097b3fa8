/* invariants: the invariants of each kind of record, beyond those common to all. */
#include "doctor/invariants_internal.h"

#include <stdio.h>
#include <string.h>

#include "base/amount.h"
#include "base/arena.h"
#include "sched/lease.h"
#include "sched/schedule.h"
#include "place/image.h"
#include "place/queue.h"
#include "state/cluster.h"
#include "state/index.h"
#include "state/key.h"
#include "state/record.h"

int
invariants_node(struct check *check, const struct kind *kind, const void *record, struct err *e)
{
	const struct node *n = record;
	const struct drain *drain = n->drain;
	uint64_t leases;

	check_holds(
	    check, kind, n, (n->state == NODE_DEAD) == !!n->death, "is DEAD without a death");
	check_holds(
	    check, kind, n, n->state != NODE_DRAINING || drain, "is DRAINING, but not said how");
	check_holds(check, kind, n, n->state != NODE_ALIVE || !drain, "is ALIVE, but drained");
	if (n->state != NODE_DRAINING || !drain || drain->keep)
		return 0;
	if (leases_on_node(check->c, n->id, &leases, e))
		return -1;
	check_holds(check, kind, n, leases, "is drained and empty, but not DEAD");
	return 0;
}

/* --- leases --- */

/* The sum of the instances, if any, equals the amount. */
static bool
instances_agree(const struct lease *l)
{
	const struct instance *instance = l->instances.v;
	const struct amount *amount;
	uint64_t sum;
	size_t i;

	for (amount = l->resources.v; amount < l->resources.v + l->resources.n; amount++) {
		for (sum = i = 0; i < l->instances.n; i++)
			if (!strcmp(instance[i].resource, amount->name))
				sum += instance[i].amount;
		if (sum && sum != amount->value)
			return false;
	}
	for (i = 0; i < l->instances.n; i++)
		if (!amounts_get(&l->resources, instance[i].resource))
			return false;
	return true;
}

/* Whether the node's total covers the lease. */
static int
node_has(struct check *check, const struct kind *kind, const struct lease *l, struct err *e)
{
	const struct instance *instance = l->instances.v;
	const struct image_node *node;
	struct image *image;
	bool has = true;
	size_t i;

	if (image_of(check->c, &image, e))
		return -1;
	node = image_node(image, l->node);
	for (i = 0; node && i < l->resources.n; i++) {
		int r = image_resource(image, l->resources.v[i].name);

		has &=
		    r >= 0 && (size_t)r < node->width && node->total[r] >= l->resources.v[i].value;
	}
	for (i = 0; node && i < l->instances.n; i++) {
		int r = image_resource(image, instance[i].resource);

		has &= r >= 0 && instance[i].index < image_instances(node, r);
	}
	check_holds(check, kind, l, has, "is of what its node does not have");
	return 0;
}

/* Its parent is a lease of the group requested by the owner, on the same node. */
static int
inner_lease(struct check *check, const struct kind *kind, const struct lease *l, struct err *e)
{
	struct lease outer = {0};
	int got = record_get_number(check->c, kind, l->parent, &outer, e);

	if (got <= 0) /* a missing one was already reported */
		return got;
	check_holds(
	    check, kind, l, outer.node == l->node, "is on another node than what it is a part of");
	check_holds(check, kind, l, !outer.parent && ref_letter(outer.owner) == 'P',
	    "is a part of what is no bundle's");
	return 0;
}

/* The rest of a bundle's lease, after its inner leases. */
static int
inner_take(struct cluster *c, void *record, void *argument, struct err *e)
{
	const struct lease *inner = record;
	const struct instance *taken = inner->instances.v;
	struct lease *left = argument;
	struct instance *has = left->instances.v;
	const struct amount *a;
	size_t i, k;

	(void)e;
	for (i = 0; i < inner->resources.n; i++) {
		struct amount rest = inner->resources.v[i];

		a = amounts_get(&left->resources, rest.name);
		if (!a || a->value < rest.value)
			left->id = 0;
		rest.value = a && a->value > rest.value ? a->value - rest.value : 0;
		amounts_set(&left->resources, rest, c->arena);
	}
	for (i = 0; i < inner->instances.n; i++) {
		for (k = 0; k < left->instances.n; k++)
			if (has[k].index == taken[i].index &&
			    !strcmp(has[k].resource, taken[i].resource))
				break;
		if (k == left->instances.n || has[k].amount < taken[i].amount)
			left->id = 0;
		else
			has[k].amount -= taken[i].amount;
	}
	return 0;
}

static int
bundle_lease(struct check *check, const struct kind *kind, const struct lease *l, struct err *e)
{
	struct lease left = *l;

	left.instances.v =
	    arena_copy(check->c->arena, l->instances.v, l->instances.n * sizeof(struct instance));
	if (index_owned(check->c, kind_of(check->c->kinds, KIND_LEASE), ref_make('L', l->id),
		inner_take, &left, e))
		return -1;
	check_holds(check, kind, l, left.id, "has less than those inside it");
	return 0;
}

/* The lease named by a record; 0: it names none, or does not exist. */
static int
lease_of(struct check *check, uint64_t ref, uint64_t *lease, struct err *e)
{
	const struct kind *kind = kind_letter(check->c->kinds, ref_letter(ref));
	const struct field *f = kind ? rec_field(kind->rec, "lease") : NULL;
	void *record;

	*lease = 0;
	if (!f)
		return 0;
	record = arena_alloc(check->c->arena, kind->rec->size);
	if (record_get_number(check->c, kind, ref_number(ref), record, e) < 0)
		return -1;
	*lease = *(const uint64_t *)field_at(f, record);
	return 0;
}

/* a bundle does not record its leases; a hold has no owner */
static int
lease_owner(struct check *check, const struct kind *kind, const struct lease *l, struct err *e)
{
	uint64_t lease;

	if (!l->owner)
		return 0;
	if (ref_letter(l->owner) == 'P')
		return bundle_lease(check, kind, l, e);
	if (lease_of(check, l->owner, &lease, e))
		return -1;
	check_holds(check, kind, l, lease == l->id, "belongs to what knows nothing of it");
	return 0;
}

int
invariants_lease(struct check *check, const struct kind *kind, const void *record, struct err *e)
{
	const struct lease *l = record;

	check_holds(
	    check, kind, l, instances_agree(l), "has instances that do not come to its amounts");
	check_holds(check, kind, l, l->node, "is on no node");
	check_holds(check, kind, l, !l->expires_ms || !l->owner, "is no hold, but ends by itself");
	if (l->parent ? inner_lease(check, kind, l, e) : node_has(check, kind, l, e))
		return -1;
	return lease_owner(check, kind, l, e);
}

/* --- actors --- */

/* Its lease is its own, on its node, and in the group it requested. */
int
invariants_place(struct check *check, const struct kind *kind, const void *record,
    const struct place *has, struct err *e)
{
	struct lease l = {0}, outer = {0};
	uint64_t pg = has->demand ? has->demand->pg : 0;
	int got =
	    record_get_number(check->c, kind_of(check->c->kinds, KIND_LEASE), has->lease, &l, e);

	if (got <= 0)
		return got;
	check_holds(check, kind, record,
	    l.owner == ref_make(kind->letter, record_number(kind, record)),
	    "has a lease that is another's");
	check_holds(check, kind, record, l.node == has->node, "has a lease on another node");
	check_holds(check, kind, record, !pg == !l.parent,
	    "is inside a group, or its lease is, but not both");
	if (!pg || !l.parent)
		return 0;
	if (record_get_number(check->c, kind_of(check->c->kinds, KIND_LEASE), l.parent, &outer, e) <
	    0)
		return -1;
	check_holds(check, kind, record, outer.owner == ref_make('P', pg),
	    "is in another group than asked for");
	check_holds(check, kind, record,
	    !has->demand->bundle || has->demand->bundle == outer.bundle,
	    "is in another bundle than asked for");
	return 0;
}

int
invariants_actor(struct check *check, const struct kind *kind, const void *record, struct err *e)
{
	const struct actor *a = record;
	int64_t spent = (int64_t)(a->num_restarts - a->num_preempted);
	bool ended = record_ended(kind, a);
	struct place has = {a->demand, a->node, a->lease};

	check_holds(
	    check, kind, a, ended == !!a->death, "has ended without a reason, or not at all");
	check_holds(
	    check, kind, a, !ended || (!a->lease && !a->node), "has ended, but is on a node");
	check_holds(check, kind, a, !a->lease == !a->node, "has a lease or a node, but not both");
	check_holds(
	    check, kind, a, a->state != ACTOR_ALIVE || a->lease, "is ALIVE, but on no node");
	check_holds(check, kind, a, a->state == ACTOR_RESTARTING || !a->not_before_ms,
	    "has a backoff, but is not RESTARTING");
	check_holds(check, kind, a, !a->not_before_ms || !a->lease, "has a backoff and a lease");
	check_holds(check, kind, a, a->num_preempted <= a->num_restarts,
	    "was preempted more often than restarted");
	check_holds(check, kind, a, a->max_restarts == -1 || spent <= a->max_restarts,
	    "was restarted more often than it may be");
	return a->lease ? invariants_place(check, kind, a, &has, e) : 0;
}

/* --- groups --- */

struct bundles {
	const struct pg *pg;
	struct lease *v; /* one for each bundle; id 0: none */
	size_t had, alien;
};

static int
bundle_take(struct cluster *c, void *record, void *argument, struct err *e)
{
	const struct lease *l = record;
	struct bundles *b = argument;

	(void)c;
	(void)e;
	if (!l->bundle || l->bundle > b->pg->bundles.n || b->v[l->bundle - 1].id) {
		b->alien++;
		return 0;
	}
	b->v[l->bundle - 1] = *l;
	b->had++;
	return 0;
}

static bool
amounts_same(const struct amounts *a, const struct amounts *b)
{
	size_t i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (strcmp(a->v[i].name, b->v[i].name) || a->v[i].value != b->v[i].value)
			return false;
	return true;
}

/* Checks the nodes against the strategy, and the lease of each bundle. */
static void
bundle_rules(struct check *check, const struct kind *kind, const struct bundles *b)
{
	const struct bundle *wanted = b->pg->bundles.v;
	size_t i, k;

	for (i = 0; i < b->pg->bundles.n; i++) {
		if (!b->v[i].id)
			continue;
		check_holds(check, kind, b->pg,
		    amounts_same(&b->v[i].resources, &wanted[i].resources),
		    "has a bundle of another size than asked for");
		for (k = 0; k < i; k++) {
			bool same = b->v[k].node == b->v[i].node;

			if (!b->v[k].id)
				continue;
			check_holds(check, kind, b->pg,
			    b->pg->strategy != STRATEGY_STRICT_PACK || same,
			    "is STRICT_PACK, but on two nodes");
			check_holds(check, kind, b->pg,
			    b->pg->strategy != STRATEGY_STRICT_SPREAD || !same,
			    "is STRICT_SPREAD, but twice on one node");
		}
	}
}

int
invariants_pg(struct check *check, const struct kind *kind, const void *record, struct err *e)
{
	const struct pg *pg = record;
	struct bundles b = {.pg = pg};
	size_t missing;

	b.v = arena_alloc(check->c->arena, (pg->bundles.n + 1) * sizeof *b.v);
	if (index_owned(check->c, kind_of(check->c->kinds, KIND_LEASE), ref_make('P', pg->id),
		bundle_take, &b, e))
		return -1;
	missing = pg->bundles.n - b.had;
	check_holds(check, kind, pg, !b.alien, "has leases that are none of its bundles'");
	check_holds(check, kind, pg, record_ended(kind, pg) == !!pg->death,
	    "has ended without a reason, or not at all");
	check_holds(check, kind, pg, record_ended(kind, pg) || pg->missing == missing,
	    "counts other bundles as missing than are");
	check_holds(
	    check, kind, pg, pg->state != PG_CREATED || !missing, "is CREATED, but not placed");
	check_holds(
	    check, kind, pg, pg->state != PG_PENDING || !b.had, "is PENDING, but has bundles");
	check_holds(check, kind, pg, pg->state != PG_RESCHEDULING || missing,
	    "is RESCHEDULING, but misses nothing");
	check_holds(
	    check, kind, pg, pg->state != PG_REMOVED || !b.had, "is REMOVED, but has bundles");
	bundle_rules(check, kind, &b);
	return 0;
}

/* --- usage against capacity --- */

static void
use_problem(struct check *check, const struct image_node *node, const char *resource)
{
	check_problem(check, "leases have more of the %s of N%llu than it has", resource,
	    (unsigned long long)node->id);
}

int
check_uses(struct check *check, struct err *e)
{
	struct image *image;
	size_t i, r, k;

	if (image_of(check->c, &image, e))
		return -1;
	for (i = 0; i < image->n; i++) {
		const struct image_node *node = image->nodes[i];

		for (r = 0; r < image->nresources && r < node->width; r++) {
			const uint64_t *used = image_instances_used(node, (int)r);
			bool more = image_used(node, (int)r) > node->total[r];

			for (k = 0; used && k < image_instances(node, (int)r); k++)
				more |= used[k] > AMOUNT_ONE;
			if (more)
				use_problem(check, node, image->resources[r].name);
		}
	}
	return 0;
}

/* --- the queue --- */

/* Whether the head of a shape would be placed now: 1, 0 or -1. */
static int
head_fits(struct cluster *c, const struct kind *kind, uint64_t id, struct err *e)
{
	void *record = arena_alloc(c->arena, kind->rec->size);
	struct waiter waiter = {0};
	int got = record_get_number(c, kind, id, record, e);

	if (got <= 0)
		return got;
	kind->waiter(record, &waiter);
	return waiter.waits ? kind->fits(c, record, e) : 0;
}

int
check_waiting(struct check *check, struct err *e)
{
	struct cluster *c = check->c;
	struct heads heads = {.n = 0};
	bool left;
	size_t i;
	int got;

	if (schedule_left_over(c, &left, e))
		return -1;
	if (left)
		return 0;
	if (queue_heads(c, &heads, e) < 0)
		return -1;
	for (i = 0; i < heads.n; i++) {
		const struct kind *kind = kind_of(check->c->kinds, heads.v[i].kind);
		uint64_t id = heads.v[i].id;

		got = kind && kind->fits ? head_fits(c, kind, id, e) : 0;
		if (got < 0)
			return -1;
		if (got)
			check_problem(check, "%s %c%llu waits, though it would fit now", kind->name,
			    kind->letter, (unsigned long long)id);
	}
	return 0;
}

/* --- the image of a transaction --- */

static bool
resource_same(const struct image_node *a, int in_a, const struct image_node *b, int in_b)
{
	size_t i, n = image_instances(a, in_a);

	if (n != image_instances(b, in_b) || image_free(a, in_a) != image_free(b, in_b))
		return false;
	for (i = 0; i < n; i++) {
		const uint64_t *of_a = image_instances_used(a, in_a),
			       *of_b = image_instances_used(b, in_b);

		if ((of_a ? of_a[i] : 0) != (of_b ? of_b[i] : 0))
			return false;
	}
	return true;
}

int
check_image(struct check *check, struct image *old, struct err *e)
{
	struct image *image;
	size_t i, r;

	if (!old)
		return 0;
	if (image_of(check->c, &image, e))
		return -1;
	for (i = 0; i < image->n; i++) {
		const struct image_node *is = image->nodes[i], *was = image_node(old, is->id);
		bool same = was && was->state == is->state && was->cordoned == is->cordoned;

		for (r = 0; same && r < image->nresources; r++) {
			int in_old = image_resource(old, image->resources[r].name);

			same = in_old < 0 ? !image_free(is, (int)r) && !image_instances(is, (int)r)
					  : resource_same(is, (int)r, was, in_old);
		}
		if (!same)
			check_problem(check, "N%llu is not as this transaction remembers it",
			    (unsigned long long)is->id);
	}
	return 0;
}
