#include "place/ranking.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "place/fgd.h"
#include "state/cluster.h"

#define RANKINGS 64 /* shapes that are remembered; the one not asked for longest makes room */

/* A tournament: the winner of node k of the tree is that of 2k or that of 2k + 1; the leaves, from
 * `size` on, are the candidates. Ties fall to the left, which is the lower id. */
struct ranking {
	struct slice shape;
	enum policy_kind kind;
	uint64_t asked;	  /* when it was asked for last */
	uint64_t version; /* of the image and of what fgd goes by: others are built anew */
	uint64_t tastes;
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
	return !policy_better(&r->v[b], &r->v[a]);
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

static void
judge(struct ranking *r, const struct policy *p, struct image_node *node)
{
	if (!policy_judge(p, node, &r->v[node->index]))
		r->v[node->index].node = NULL;
}

static void
build(struct ranking *r, const struct policy *p)
{
	size_t i;

	r->n = p->image->n;
	for (r->size = 1; r->size < r->n; r->size *= 2)
		continue;
	if (r->size > r->room) {
		r->v = arena_alloc(p->image->arena, r->size * sizeof *r->v);
		r->winner = arena_alloc(p->image->arena, 2 * r->size * sizeof *r->winner);
		r->room = r->size;
	}
	for (i = 0; i < r->size; i++) {
		r->winner[r->size + i] = (uint32_t)i;
		if (i < r->n)
			judge(r, p, p->image->nodes[i]);
		else
			r->v[i].node = NULL;
	}
	for (i = r->size - 1; i; i--)
		play(r, i);
}

static void
catch_up(struct ranking *r, const struct policy *p)
{
	const struct image *image = p->image;
	uint64_t at;

	for (at = r->changes; at < image->changes; at++) {
		uint32_t i = image->changed[at % IMAGE_CHANGES];

		if (at + 1 < image->changes && image->changed[(at + 1) % IMAGE_CHANGES] == i)
			continue;
		judge(r, p, image->nodes[i]);
		leaf_changed(r, i);
	}
}

/* The ranking of this shape, or the one that makes room for it. */
static struct ranking *
place_of(struct rankings *all, struct slice shape, enum policy_kind kind)
{
	struct ranking *r, *oldest = all->v;

	for (r = all->v; r < all->v + RANKINGS; r++) {
		if (r->asked && r->kind == kind && !slice_compare(r->shape, shape))
			return r;
		if (r->asked < oldest->asked)
			oldest = r;
	}
	oldest->asked = 0;
	return oldest;
}

static void
begin(struct ranking *r, struct arena *a, struct slice shape, enum policy_kind kind)
{
	r->shape = (struct slice){arena_copy(a, shape.p, shape.n), shape.n};
	r->kind = kind;
	r->n = SIZE_MAX; /* not built yet */
}

struct ranking *
ranking_of(const struct policy *p)
{
	struct image *image = p->image;
	struct buf shape = {.arena = p->c->arena};
	uint64_t tastes = p->kind == POLICY_FGD ? fgd_version(image) : 0;
	struct ranking *r;
	bool again;

	if (!image->rankings)
		image->rankings = arena_alloc(image->arena, sizeof *image->rankings);
	rec_encode(&rec_demand, p->demand, &shape);
	r = place_of(image->rankings, buf_slice(&shape), p->kind);
	again = r->asked;
	r->asked = ++image->rankings->asked;
	if (!again) {
		begin(r, image->arena, buf_slice(&shape), p->kind);
		return NULL;
	}
	if (r->n != image->n || r->version != image->version || r->tastes != tastes ||
	    image->changes - r->changes > IMAGE_CHANGES)
		build(r, p);
	else
		catch_up(r, p);
	r->version = image->version;
	r->tastes = tastes;
	r->changes = image->changes;
	return r;
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
