#include "place/ranking.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "place/candidate.h"
#include "place/demand.h"
#include "place/image.h"
#include "place/policy.h"
#include "rec/records.h"
#include "state/cluster.h"

#define RANKINGS 64 /* shapes that are remembered; the one not asked for longest makes room */

/* A tournament: the winner of node k of the tree is that of 2k or that of 2k + 1; the leaves, from
 * `size` on, are the candidates. Ties fall to the left, which is the lower id. */
struct ranking {
	struct slice shape;
	const struct policy_row *policy;
	uint64_t asked;	  /* when it was asked for last */
	uint64_t version; /* of the image, and of what the policy goes by: others are built anew */
	uint64_t policy_version;
	uint64_t changes; /* of the image that it knows of */
	size_t n, size, room;
	struct candidate *v;
	uint32_t *winner; /* number of a candidate */
};

struct rankings {
	struct ranking v[RANKINGS];
	uint64_t asked;
};

static bool
wins(const struct ranking *r, uint32_t a, uint32_t b)
{
	if (!r->v[a].node || !r->v[b].node)
		return r->v[a].node || !r->v[b].node;
	return !candidate_better(&r->v[b], &r->v[a]);
}

static void
play(struct ranking *r, size_t k)
{
	uint32_t left = r->winner[2 * k], right = r->winner[2 * k + 1];

	r->winner[k] = wins(r, left, right) ? left : right;
}

static void
leaf_changed(struct ranking *r, size_t i)
{
	size_t k;

	for (k = (i + r->size) / 2; k; k /= 2)
		play(r, k);
}

static int
judge(struct ranking *r, const struct policy *p, struct image_node *node, struct err *e)
{
	int got = candidate_judge(p, node, &r->v[node->index], e);

	if (got <= 0)
		r->v[node->index].node = NULL;
	return got < 0 ? -1 : 0;
}

static int
build(struct ranking *r, const struct policy *p, struct err *e)
{
	const struct image *image = p->fit.image;
	size_t i;

	r->n = image->n;
	for (r->size = 1; r->size < r->n; r->size *= 2)
		continue;
	if (r->size > r->room) {
		r->v = arena_alloc(image->arena, r->size * sizeof *r->v);
		r->winner = arena_alloc(image->arena, 2 * r->size * sizeof *r->winner);
		r->room = r->size;
	}
	for (i = 0; i < r->size; i++) {
		r->winner[r->size + i] = (uint32_t)i;
		r->v[i].node = NULL;
		if (i < r->n && judge(r, p, image->nodes[i], e))
			return -1;
	}
	for (i = r->size - 1; i; i--)
		play(r, i);
	return 0;
}

static int
catch_up(struct ranking *r, const struct policy *p, struct err *e)
{
	const struct image *image = p->fit.image;
	uint64_t at;

	for (at = r->changes; at < image->changes; at++) {
		uint32_t i = image->changed[at % IMAGE_CHANGES];

		if (at + 1 < image->changes && image->changed[(at + 1) % IMAGE_CHANGES] == i)
			continue;
		if (judge(r, p, image->nodes[i], e))
			return -1;
		leaf_changed(r, i);
	}
	return 0;
}

/* The ranking of this shape, or the one that makes room for it. */
static struct ranking *
place_of(struct rankings *all, struct slice shape, const struct policy_row *policy)
{
	struct ranking *r, *oldest = all->v;

	for (r = all->v; r < all->v + RANKINGS; r++) {
		if (r->asked && r->policy == policy && !slice_compare(r->shape, shape))
			return r;
		if (r->asked < oldest->asked)
			oldest = r;
	}
	oldest->asked = 0;
	return oldest;
}

static void
begin(struct ranking *r, struct arena *a, struct slice shape, const struct policy_row *policy)
{
	r->shape = (struct slice){arena_copy(a, shape.p, shape.n), shape.n};
	r->policy = policy;
	r->n = SIZE_MAX; /* not built yet */
}

/* One that an error broke off is built anew. */
static int
refresh(struct ranking *r, const struct policy *p, struct err *e)
{
	const struct image *image = p->fit.image;
	uint64_t version = p->row->version ? p->row->version(p) : 0;
	bool anew = r->n != image->n || r->version != image->version ||
		    r->policy_version != version || image->changes - r->changes > IMAGE_CHANGES;

	if (anew ? build(r, p, e) : catch_up(r, p, e)) {
		r->n = SIZE_MAX;
		return -1;
	}
	r->version = image->version;
	r->policy_version = version;
	r->changes = image->changes;
	return 0;
}

int
ranking_of(const struct policy *p, struct ranking **ranking, struct err *e)
{
	struct image *image = p->fit.image;
	struct slice shape = demand_shape(p->fit.demand, p->fit.c->arena);
	struct ranking *r;
	bool again;

	if (!image->rankings)
		image->rankings = arena_alloc(image->arena, sizeof *image->rankings);
	r = place_of(image->rankings, shape, p->row);
	again = r->asked;
	r->asked = ++image->rankings->asked;
	*ranking = again ? r : NULL;
	if (again)
		return refresh(r, p, e);
	begin(r, image->arena, shape, p->row);
	return 0;
}

const struct candidate *
ranking_best(const struct ranking *r)
{
	const struct candidate *best = &r->v[r->winner[1]];

	return best->node ? best : NULL;
}

bool
ranking_hide(struct ranking *r, const struct image_node *node)
{
	if (!r->v[node->index].node)
		return false;
	r->v[node->index].node = NULL;
	leaf_changed(r, node->index);
	return true;
}

void
ranking_show(struct ranking *r, struct image_node *node)
{
	r->v[node->index].node = node;
	leaf_changed(r, node->index);
}
