#include "place/policy.h"

#include <string.h>

#include "base/amount.h"
#include "base/arena.h"
#include "place/candidate.h"
#include "place/image.h"
#include "place/policies.h"
#include "place/ranking.h"
#include "rec/records.h"
#include "state/cluster.h"

int
policy_begin(struct cluster *c, struct image *image, const struct demand *demand,
    struct policy *policy, struct err *e)
{
	*policy = (struct policy){.gpu = image_resource(image, "gpu")};
	if (fit_begin(&policy->fit, c, image, demand, e) ||
	    policies_of(c, policy->fit.demand, &policy->row, e))
		return -1;
	return policy->row->begin ? policy->row->begin(policy, e) : 0;
}

/* --- starving records --- */

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

static int
starving_look(struct policy *p, struct err *e)
{
	size_t i;

	if (p->starving_fits)
		return 0;
	p->starving_fits = arena_alloc(p->fit.c->arena, p->starving_n * sizeof *p->starving_fits);
	for (i = 0; i < p->starving_n; i++)
		if (fit_begin(
			&p->starving_fits[i], p->fit.c, p->fit.image, p->starving[i].demand, e))
			return -1;
	return 0;
}

/* Whether the node, if empty, could serve the starving record: 1, 0 or -1. */
static int
could_serve(const struct fitting *fit, const struct starving *s, const struct image_node *node,
    struct err *e)
{
	struct lack lack;

	if (!s->demand)
		return is_among(s, node->id);
	if (s->demand->pg || (!fit_has(fit, node, &lack) && lack.never))
		return 0;
	return fit_takes(fit, node, NULL, e);
}

int
policy_kept(
    struct policy *p, const struct image_node *node, const struct starving **whom, struct err *e)
{
	size_t i;
	int got;

	*whom = NULL;
	if (starving_look(p, e))
		return -1;
	for (i = 0; i < p->starving_n && !*whom; i++) {
		got = could_serve(&p->starving_fits[i], &p->starving[i], node, e);
		if (got < 0)
			return -1;
		if (got)
			*whom = &p->starving[i];
	}
	return 0;
}

/* --- offering --- */

static int
offer(struct policy *p, struct image_node *node, unsigned rank, struct err *e)
{
	const struct starving *kept = NULL;
	int got;

	if (p->fit.impossible || rank == POLICY_NEVER)
		return 0;
	if (!p->v)
		p->v = arena_grow(p->fit.c->arena, NULL, 0, (p->fit.image->n + 1) * sizeof *p->v);
	got = candidate_judge(p, node, &p->v[p->found], e);
	if (got <= 0)
		return got;
	if (p->starving_n && policy_kept(p, node, &kept, e))
		return -1;
	if (!kept)
		p->v[p->found++].wrong += 4 * rank;
	return 0;
}

int
policy_offer(struct policy *p, struct image_node *node, struct err *e)
{
	return offer(p, node, p->rank ? p->rank(p->rank_argument, node) : 0, e);
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

static int
offer_others(struct policy *p, struct err *e)
{
	struct image *image = p->fit.image;
	size_t i;

	p->again = false;
	for (i = 0; i < image->n; i++)
		if (image->nodes[i]->id != p->returned && !is_apart(p, image->nodes[i]) &&
		    offer(p, image->nodes[i], p->others_rank, e))
			return -1;
	return 0;
}

int
policy_offer_others(
    struct policy *p, struct image_node **apart, size_t n, unsigned others_rank, struct err *e)
{
	p->apart = apart;
	p->napart = n;
	p->others_rank = others_rank;
	if (p->fit.impossible || others_rank == POLICY_NEVER)
		return 0;
	if (!p->starving_n && ranking_of(p, &p->ranking, e))
		return -1;
	return p->ranking ? 0 : offer_others(p, e);
}

/* --- choosing --- */

/* The best of the ranking that is not apart and whose labels will do: 1, 0 or -1. */
static int
best_of_others(struct policy *p, struct candidate *best, struct err *e)
{
	bool *hidden = arena_alloc(p->fit.c->arena, p->napart + 1);
	const struct candidate *top;
	int fits = 0;
	size_t i;

	for (i = 0; i < p->napart; i++)
		hidden[i] = ranking_hide(p->ranking, p->apart[i]);
	while (!fits && (top = ranking_best(p->ranking))) {
		*best = *top;
		fits = fit_labels(&p->fit, best->node, e);
		if (!fits)
			ranking_hide(p->ranking, best->node);
	}
	for (i = 0; i < p->napart; i++)
		if (hidden[i])
			ranking_show(p->ranking, p->fit.image->nodes[p->apart[i]->index]);
	best->wrong += 4 * p->others_rank;
	return fits;
}

/* Labels cost a read each, so only the best are asked, one after the other: 1, 0 or -1. */
static int
best_offered(struct policy *p, struct candidate *best, struct err *e)
{
	size_t i, at;
	int fits = 0;

	while (!fits && p->found) {
		at = 0;
		for (i = 1; i < p->found; i++)
			if (candidate_better(&p->v[i], &p->v[at]))
				at = i;
		*best = p->v[at];
		p->v[at] = p->v[--p->found];
		fits = fit_labels(&p->fit, best->node, e);
	}
	return fits;
}

/* The first call looks at the ranking; for later ones all nodes are offered. */
int
policy_next(struct policy *p, uint64_t *node, struct err *e)
{
	struct candidate of_others = {.node = NULL}, best = of_others;
	int others = 0, offered;

	if (p->again && offer_others(p, e))
		return -1;
	if (p->ranking)
		others = best_of_others(p, &of_others, e);
	offered = others < 0 ? -1 : best_offered(p, &best, e);
	if (offered < 0)
		return -1;
	if (others && offered && candidate_better(&best, &of_others))
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
