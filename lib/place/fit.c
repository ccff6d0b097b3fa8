#include "place/fit.h"

#include "base/amount.h"
#include "base/arena.h"
#include "base/err.h"
#include "place/image.h"
#include "rec/records.h"
#include "state/cluster.h"

static uint64_t
instance_free(const struct image_node *node, int resource, size_t index)
{
	const uint64_t *used = image_instances_used(node, resource);

	return used ? AMOUNT_ONE - used[index] : AMOUNT_ONE;
}

/* How many instances have at least this much left. */
static size_t
instances_with(const struct image_node *node, int resource, uint64_t amount)
{
	size_t i, n = 0;

	for (i = 0; i < image_instances(node, resource); i++)
		n += instance_free(node, resource, i) >= amount;
	return n;
}

static const char *
lacks_text(struct cluster *c, const struct amount *want, uint64_t have, const char *how)
{
	char wanted[NUMBER_SIZE], free[NUMBER_SIZE];

	return arena_printf(c->arena, "%s: %s wanted, %s %s", want->name,
	    resource_format(wanted, want->name, want->value),
	    resource_format(free, want->name, have), how);
}

static const char *
amount_lacks(struct cluster *c, const struct image *image, const struct image_node *node,
    const struct amount *want, bool *never)
{
	int r = image_resource(image, want->name);
	uint64_t total = r >= 0 && (size_t)r < node->width ? node->total[r] : 0;
	size_t whole = (size_t)(want->value / AMOUNT_ONE);

	if (total < want->value) {
		*never = true;
		return lacks_text(c, want, total, "in all");
	}
	if (image->resources[r].indexed && whole && want->value % AMOUNT_ONE) {
		*never = true;
		return arena_printf(
		    c->arena, "%s comes in whole instances, or a part of one", want->name);
	}
	if (image_free(node, r) < want->value)
		return lacks_text(c, want, image_free(node, r), "free");
	if (!image->resources[r].indexed)
		return NULL;
	if (want->value < AMOUNT_ONE && !instances_with(node, r, want->value))
		return lacks_text(c, want, image_free(node, r), "free, but fragmented");
	if (whole && instances_with(node, r, AMOUNT_ONE) < whole)
		return lacks_text(c, want, image_free(node, r), "free, but fragmented");
	return NULL;
}

static const char *
instance_lacks(struct cluster *c, const struct image *image, const struct image_node *node,
    const struct instance *want, bool *never)
{
	int r = image_resource(image, want->resource);

	if (r < 0 || !image->resources[r].indexed || want->index >= image_instances(node, r)) {
		*never = true;
		return arena_printf(c->arena, "%s:%llu: no such instance", want->resource,
		    (unsigned long long)want->index);
	}
	if (instance_free(node, r, want->index) < want->amount ||
	    image_free(node, r) < want->amount)
		return arena_printf(
		    c->arena, "%s:%llu: in use", want->resource, (unsigned long long)want->index);
	return NULL;
}

const char *
fit_lacks(struct cluster *c, const struct image *image, const struct image_node *node,
    const struct demand *demand, bool *never)
{
	const struct instance *instance = demand->instances.v;
	const char *lacks = NULL, *more;
	size_t i;

	/* What is missing for ever is said rather than what is missing now. */
	*never = false;
	for (i = 0; !*never && i < demand->resources.n; i++) {
		more = amount_lacks(c, image, node, &demand->resources.v[i], never);
		if (more && (!lacks || *never))
			lacks = more;
	}
	for (i = 0; !*never && i < demand->instances.n; i++) {
		more = instance_lacks(c, image, node, &instance[i], never);
		if (more && (!lacks || *never))
			lacks = more;
	}
	return lacks;
}

/* --- granting --- */

struct picking {
	struct cluster *c;
	struct instance *v;
	size_t n;
};

static void
pick(struct picking *p, const char *resource, size_t index, uint64_t amount)
{
	p->v[p->n++] = (struct instance){.resource = resource, .index = index, .amount = amount};
}

/* The instance that a part leaves the fullest. */
static void
pick_part(struct picking *p, const struct image_node *node, int r, const struct amount *want)
{
	size_t i, best = 0;
	uint64_t least = UINT64_MAX;

	for (i = 0; i < image_instances(node, r); i++) {
		uint64_t free = instance_free(node, r, i);

		if (free < want->value || free >= least)
			continue;
		least = free;
		best = i;
	}
	pick(p, want->name, best, want->value);
}

static void
pick_whole(struct picking *p, const struct image_node *node, int r, const struct amount *want)
{
	size_t i, left = (size_t)(want->value / AMOUNT_ONE);

	for (i = 0; left && i < image_instances(node, r); i++) {
		if (instance_free(node, r, i) < AMOUNT_ONE)
			continue;
		pick(p, want->name, i, AMOUNT_ONE);
		left--;
	}
}

/* Instances asked for by number count into the sums as well. */
void
fit_fill(struct cluster *c, const struct image *image, const struct image_node *node,
    const struct demand *demand, struct lease *lease)
{
	const struct instance *named = demand->instances.v;
	struct picking p = {.c = c};
	size_t i, room = demand->instances.n;

	for (i = 0; i < demand->resources.n; i++)
		room += (size_t)(demand->resources.v[i].value / AMOUNT_ONE) + 1 <= 1 << 16
			    ? (size_t)(demand->resources.v[i].value / AMOUNT_ONE) + 1
			    : 0;
	p.v = arena_alloc(c->arena, room * sizeof *p.v);
	lease->resources = demand->resources;
	for (i = 0; i < demand->instances.n; i++) {
		const struct amount *sum = amounts_get(&lease->resources, named[i].resource);
		struct amount more = {
		    named[i].resource, named[i].amount + (sum ? sum->value : 0), true};

		pick(&p, named[i].resource, named[i].index, named[i].amount);
		amounts_set(&lease->resources, more, c->arena);
	}
	for (i = 0; i < demand->resources.n; i++) {
		int r = image_resource(image, demand->resources.v[i].name);

		if (!image->resources[r].indexed)
			continue;
		if (demand->resources.v[i].value < AMOUNT_ONE)
			pick_part(&p, node, r, &demand->resources.v[i]);
		else
			pick_whole(&p, node, r, &demand->resources.v[i]);
	}
	lease->instances = (struct list_of){p.v, p.n};
}

void
fit_take(struct cluster *c, const struct image *image, struct image_node *copy,
    const struct demand *demand)
{
	const struct instance *instance;
	struct lease lease = {0};
	size_t i;

	fit_fill(c, image, copy, demand, &lease);
	for (i = 0; i < lease.resources.n; i++)
		copy->used[image_resource(image, lease.resources.v[i].name)] +=
		    lease.resources.v[i].value;
	instance = lease.instances.v;
	for (i = 0; i < lease.instances.n; i++)
		copy->instances[image_resource(image, instance[i].resource)][instance[i].index] +=
		    instance[i].amount;
}

int
fit_check(const struct image *image, const struct demand *demand, struct err *e)
{
	const struct amount *want;

	for (want = demand->resources.v; want < demand->resources.v + demand->resources.n; want++) {
		int r = image_resource(image, want->name);

		if (r >= 0 && image->resources[r].indexed && want->value > AMOUNT_ONE &&
		    want->value % AMOUNT_ONE)
			return err_set(e, ERR_USAGE,
			    "%s comes in whole instances, or a part of one", want->name);
	}
	return 0;
}
