#include "place/policy.h"

#include <string.h>

#include "base/amount.h"
#include "base/arena.h"
#include "base/err.h"
#include "place/demand.h"
#include "place/fgd.h"
#include "place/ranking.h"
#include "state/cluster.h"
#include "state/config.h"

#define SHARE 1000000
#define FGD_NEAR 100 /* growths that differ by less (of a ten-thousandth of a GPU) are alike */

static uint64_t
share(uint64_t part, uint64_t whole)
{
	return whole ? (uint64_t)((double)part * SHARE / (double)whole) : 0;
}

static const struct demand no_demand;

int
policy_begin(struct cluster *c, struct image *image, const struct demand *demand,
    struct policy *policy, struct err *e)
{
	uint64_t kind = POLICY_HYBRID;
	size_t i;

	*policy = (struct policy){.c = c, .image = image, .demand = demand ? demand : &no_demand};
	demand = policy->demand;
	if (config_value(c, SETTING_PLACEMENT_POLICY, &kind, e))
		return -1;
	policy->kind = demand->strategy == STRATEGY_PACK     ? POLICY_BESTFIT
		       : demand->strategy == STRATEGY_SPREAD ? POLICY_SPREAD
							     : (enum policy_kind)kind;
	if (policy->kind == POLICY_FGD && fgd_begin(c, image, e))
		return -1;
	policy->gpu = image_resource(image, "gpu");
	for (i = 0; i < demand->resources.n; i++) {
		int r = image_resource(image, demand->resources.v[i].name);

		if (r < 0) {
			policy->impossible = true;
			return 0;
		}
		policy->wants[policy->n++] =
		    (struct want){r, demand->resources.v[i].value, image->resources[r].indexed};
	}
	return 0;
}

static bool
indexed_fits(const struct image_node *node, const struct want *w)
{
	const uint64_t *used = image_instances_used(node, w->resource);
	uint64_t each = w->value < AMOUNT_ONE ? w->value : AMOUNT_ONE;
	size_t i, n = image_instances(node, w->resource),
		  need = w->value < AMOUNT_ONE ? 1 : (size_t)(w->value / AMOUNT_ONE);

	if (w->value > AMOUNT_ONE && w->value % AMOUNT_ONE)
		return false;
	if (!used)
		return n >= need;
	for (i = 0; i < n && need; i++)
		need -= AMOUNT_ONE - used[i] >= each;
	return need == 0;
}

static bool
instances_fit(const struct policy *p, const struct image_node *node)
{
	const struct instance *want = p->demand->instances.v;
	size_t i;

	for (i = 0; i < p->demand->instances.n; i++) {
		int r = image_resource(p->image, want[i].resource);
		const uint64_t *used;

		if (r < 0 || !p->image->resources[r].indexed ||
		    want[i].index >= image_instances(node, r) ||
		    image_free(node, r) < want[i].amount)
			return false;
		used = image_instances_used(node, r);
		if (used && AMOUNT_ONE - used[want[i].index] < want[i].amount)
			return false;
	}
	return true;
}

static bool
fits(const struct policy *p, const struct image_node *node)
{
	const struct want *w;

	if (node->state != NODE_ALIVE || node->cordoned)
		return false;
	for (w = p->wants; w < p->wants + p->n; w++) {
		if (image_free(node, w->resource) < w->value)
			return false;
		if (w->indexed && w->value && !indexed_fits(node, w))
			return false;
	}
	return !p->demand->instances.n || instances_fit(p, node);
}

/* The highest use of any resource that the demand names, once it is placed. */
static uint64_t
highest_use(const struct policy *p, const struct image_node *node)
{
	uint64_t highest = 0, use;
	const struct want *w;

	for (w = p->wants; w < p->wants + p->n; w++) {
		use = share(image_used(node, w->resource) + w->value, node->total[w->resource]);
		if (use > highest)
			highest = use;
	}
	return highest;
}

static bool
wants(const struct policy *p, int resource)
{
	const struct want *w;

	for (w = p->wants; w < p->wants + p->n; w++)
		if (w->resource == resource)
			return true;
	return false;
}

/*
 * What is left on the node, each resource as a share of the largest node's: of those that the
 * demand names but memory and disk, which fill up last (as in the BestFit that Weng et al. compare
 * with), and of the scarce ones that it would lock in without using them (GPUs and other indexed
 * ones).
 */
static uint64_t
left_over(const struct policy *p, const struct image_node *node)
{
	const struct image *image = p->image;
	uint64_t left = 0;
	const struct want *w;
	size_t r;

	for (w = p->wants; w < p->wants + p->n; w++)
		if (!resource_is_bytes(image->resources[w->resource].name))
			left += share(
			    image_free(node, w->resource) - w->value, image->largest[w->resource]);
	for (r = 0; r < image->nresources && r < node->width; r++)
		if (image->resources[r].indexed && !wants(p, (int)r))
			left += share(image_free(node, (int)r), image->largest[r]);
	return left;
}

static uint32_t
emptiness(const struct policy *p, const struct image_node *node)
{
	uint64_t empty = 0;
	size_t r;

	for (r = 0; r < node->width && r < p->image->nresources; r++)
		empty += share(image_free(node, (int)r), node->total[r]);
	return (uint32_t)empty; /* no more than IMAGE_RESOURCES millions */
}

static uint64_t
score(const struct policy *p, struct image_node *node)
{
	uint64_t use;

	switch (p->kind) {
	case POLICY_HYBRID:
		use = highest_use(p, node);
		return use < SHARE / 2 ? 0 : use;
	case POLICY_BESTFIT:
		return left_over(p, node);
	case POLICY_SPREAD:
		return highest_use(p, node);
	case POLICY_FGD:
		return (uint64_t)(fgd_growth(p->c, p->image, node, p->demand) / FGD_NEAR +
				  (INT64_C(1) << 40));
	}
	return 0;
}

static bool
avoids_gpu(const struct policy *p, const struct image_node *node)
{
	return p->gpu >= 0 && image_instances(node, p->gpu) && !wants(p, p->gpu);
}

static bool
is_among(const struct starving *s, uint64_t id)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->nodes[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < s->n && s->nodes[low] == id;
}

/* Whether the node could serve what starves, were it free. */
static bool
could_serve(const struct policy *p, const struct image_node *node, const struct starving *s)
{
	const struct demand *demand = s->demand;
	struct err ignored;
	const char *why;
	bool never;
	size_t i;

	if (!demand)
		return is_among(s, node->id);
	for (i = 0; i < demand->resources.n; i++) {
		int r = image_resource(p->image, demand->resources.v[i].name);

		if (r < 0 || (size_t)r >= node->width ||
		    node->total[r] < demand->resources.v[i].value)
			return false;
	}
	return !demand->pg && !demand_refuses(p->c, node, demand, &why, &never, &ignored);
}

const struct starving *
policy_kept(const struct policy *p, const struct image_node *node)
{
	size_t i;

	for (i = 0; i < p->starving_n; i++)
		if (could_serve(p, node, &p->starving[i]))
			return &p->starving[i];
	return NULL;
}

bool
policy_judge(const struct policy *p, struct image_node *node, struct candidate *to)
{
	if (!fits(p, node))
		return false;
	if (p->demand->on && !p->demand->soft && p->demand->on != node->id)
		return false;
	to->node = node;
	to->wrong = 2 * (p->demand->on && p->demand->on != node->id) + avoids_gpu(p, node);
	to->score = score(p, node);
	to->emptiness = emptiness(p, node);
	return true;
}

static void
offer(struct policy *p, struct image_node *node, unsigned rank)
{
	if (p->impossible || rank == POLICY_NEVER)
		return;
	if (!p->v)
		p->v = arena_grow(p->c->arena, NULL, 0, (p->image->n + 1) * sizeof *p->v);
	if (!policy_judge(p, node, &p->v[p->found]))
		return;
	if (!policy_kept(p, node))
		p->v[p->found++].wrong += 4 * rank;
}

void
policy_offer(struct policy *p, struct image_node *node)
{
	offer(p, node, p->rank ? p->rank(p->rank_argument, node) : 0);
}

static bool
is_apart(const struct policy *p, const struct image_node *node)
{
	size_t i;

	for (i = 0; i < p->napart; i++)
		if (p->apart[i]->id == node->id)
			return true;
	return false;
}

static void
offer_others(struct policy *p)
{
	size_t i;

	p->again = false;
	for (i = 0; i < p->image->n; i++)
		if (p->image->nodes[i]->id != p->returned && !is_apart(p, p->image->nodes[i]))
			offer(p, p->image->nodes[i], p->others_rank);
}

void
policy_offer_others(struct policy *p, struct image_node **apart, size_t n, unsigned others_rank)
{
	p->apart = apart;
	p->napart = n;
	p->others_rank = others_rank;
	if (p->impossible || others_rank == POLICY_NEVER)
		return;
	p->ranking = p->starving_n ? NULL : ranking_of(p);
	if (!p->ranking)
		offer_others(p);
}

bool
policy_better(const struct candidate *a, const struct candidate *b)
{
	if (a->wrong != b->wrong)
		return a->wrong < b->wrong;
	if (a->score != b->score)
		return a->score < b->score;
	if (a->emptiness != b->emptiness)
		return a->emptiness < b->emptiness;
	return a->node->id < b->node->id;
}

/* The best of the ranking that is not apart and whose labels will do: 1, 0 or -1. */
static int
best_of_others(struct policy *p, struct candidate *best, struct err *e)
{
	bool *hidden = arena_alloc(p->c->arena, p->napart + 1), never;
	const struct candidate *top;
	int refused = 1;
	const char *why;
	size_t i;

	for (i = 0; i < p->napart; i++)
		hidden[i] = ranking_hide(p->ranking, p->apart[i]);
	while (refused > 0 && (top = ranking_best(p->ranking))) {
		*best = *top;
		refused = demand_refuses(p->c, best->node, p->demand, &why, &never, e);
		if (refused > 0)
			ranking_hide(p->ranking, best->node);
	}
	for (i = 0; i < p->napart; i++)
		if (hidden[i])
			ranking_show(p->ranking, p->image->nodes[p->apart[i]->index]);
	best->wrong += 4 * p->others_rank;
	return refused < 0 ? -1 : !refused;
}

/* Labels cost a read each, so only the best are asked, one after the other. */
static int
best_offered(struct policy *p, struct candidate *best, struct err *e)
{
	const char *why;
	bool never;
	size_t i, at;
	int refused;

	while (p->found) {
		at = 0;
		for (i = 1; i < p->found; i++)
			if (policy_better(&p->v[i], &p->v[at]))
				at = i;
		*best = p->v[at];
		p->v[at] = p->v[--p->found];
		refused = demand_refuses(p->c, best->node, p->demand, &why, &never, e);
		if (refused <= 0)
			return refused < 0 ? -1 : 1;
	}
	return 0;
}

/* The first time there is a ranking to look at; who comes back for more has all nodes offered. */
int
policy_next(struct policy *p, uint64_t *node, struct err *e)
{
	struct candidate of_others = {.node = NULL}, best = of_others;
	int others = 0, offered;

	if (p->again)
		offer_others(p);
	if (p->ranking)
		others = best_of_others(p, &of_others, e);
	offered = others < 0 ? -1 : best_offered(p, &best, e);
	if (offered < 0)
		return -1;
	if (others && offered && policy_better(&best, &of_others))
		others = 0;
	else if (others && offered)
		p->v[p->found++] = best;
	if (others)
		best = of_others;
	if (p->ranking) {
		p->ranking = NULL;
		p->returned = others ? best.node->id : 0;
		p->again = true;
	}
	if (!others && !offered)
		return 0;
	*node = best.node->id;
	return 1;
}
