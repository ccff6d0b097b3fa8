#include "place/group.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "place/fit.h"
#include "place/image.h"
#include "place/policy.h"
#include "rec/records.h"
#include "state/cluster.h"

/* A node as it would be with some bundles on it: the latest copy counts. */
struct taken {
	struct image_node *copy;
	struct taken *before;
};

struct group {
	struct cluster *c;
	struct image *image;
	const struct pg *pg;
	uint64_t *nodes;     /* of each bundle */
	const size_t *order; /* hardest first */
	size_t n;	     /* of order */
	struct taken *taken;
	struct group_how how;
};

static const struct bundle *
bundle_at(const struct pg *pg, size_t i)
{
	return (const struct bundle *)pg->bundles.v + i;
}

static bool
group_uses(const struct group *g, uint64_t node)
{
	size_t i;

	for (i = 0; i < g->pg->bundles.n; i++)
		if (g->nodes[i] == node)
			return true;
	return false;
}

static struct image_node *
node_now(const struct group *g, struct image_node *node)
{
	const struct taken *t;

	for (t = g->taken; t; t = t->before)
		if (t->copy->id == node->id)
			return t->copy;
	return node;
}

/*
 * How a node ranks by the group's strategy, before its score: POLICY_NEVER if it must not be taken.
 */
static unsigned
rank(void *argument, const struct image_node *node)
{
	const struct group *g = argument;
	bool used = group_uses(g, node->id);
	bool first = true;
	size_t i;

	switch ((enum strategy)g->pg->strategy) {
	case STRATEGY_STRICT_SPREAD:
		return used ? POLICY_NEVER : 0;
	case STRATEGY_SPREAD:
		return used;
	case STRATEGY_STRICT_PACK:
		for (i = 0; i < g->pg->bundles.n; i++)
			first &= !g->nodes[i];
		return used || first ? 0 : POLICY_NEVER;
	case STRATEGY_PACK:
	case STRATEGY_DEFAULT:
		return !used;
	}
	return 0;
}

static unsigned
rank_unused(struct group *g)
{
	static const struct image_node unused = {.id = UINT64_MAX}; /* 0 is no node yet */

	return rank(g, &unused);
}

/* The nodes that bundles are on, as they would be with them. */
static struct image_node **
used_nodes(const struct group *g, size_t *n)
{
	struct image_node **v = arena_alloc(g->c->arena, (g->pg->bundles.n + 1) * sizeof *v);
	size_t i, k;

	for (i = *n = 0; i < g->pg->bundles.n; i++) {
		for (k = 0; k < *n && v[k]->id != g->nodes[i]; k++)
			continue;
		if (k == *n && g->nodes[i] && image_node(g->image, g->nodes[i]))
			v[(*n)++] = node_now(g, image_node(g->image, g->nodes[i]));
	}
	return v;
}

struct demand
group_demand(const struct pg *pg, size_t bundle)
{
	static const struct demand none;
	struct demand d = pg->demand ? *(const struct demand *)pg->demand : none;

	d.resources = bundle_at(pg, bundle)->resources;
	d.strategy = pg->strategy == STRATEGY_SPREAD || pg->strategy == STRATEGY_STRICT_SPREAD
			 ? STRATEGY_SPREAD
			 : STRATEGY_PACK;
	return d;
}

static int search(struct group *g, size_t i, struct err *e);

/* One bundle on one node, then the rest. */
static int
try_node(struct group *g, size_t i, const struct demand *demand, uint64_t id, struct err *e)
{
	struct image_node *node = node_now(g, image_node(g->image, id));
	struct taken t = {image_node_copy(g->c, g->image, node), g->taken};
	int got;

	fit_take(g->c, g->image, t.copy, demand);
	g->taken = &t;
	g->nodes[g->order[i]] = id;
	got = search(g, i + 1, e);
	g->taken = t.before;
	if (got <= 0)
		g->nodes[g->order[i]] = 0;
	return got;
}

static int
search(struct group *g, size_t i, struct err *e)
{
	struct image_node **apart;
	struct policy policy;
	struct demand demand;
	uint64_t id;
	size_t k, n;
	int got;

	if (i == g->n)
		return 1;
	demand = group_demand(g->pg, g->order[i]);
	if (policy_begin(g->c, g->image, &demand, &policy, e))
		return -1;
	policy.rank = rank;
	policy.rank_argument = g;
	policy.starving = g->how.starving;
	policy.starving_n = g->how.starving_n;
	apart = used_nodes(g, &n);
	for (k = 0; k < n; k++)
		policy_offer(&policy, apart[k]);
	policy_offer_others(&policy, apart, n, rank_unused(g));
	while (g->how.steps && (got = policy_next(&policy, &id, e))) {
		if (got < 0)
			return -1;
		g->how.steps--;
		got = try_node(g, i, &demand, id, e);
		if (got)
			return got;
	}
	return 0;
}

/* The largest share that a bundle takes of the largest node for it. */
static uint64_t
hardness(const struct image *image, const struct bundle *b)
{
	uint64_t hardest = 0, share, largest;
	size_t i, k;

	for (i = 0; i < b->resources.n; i++) {
		int r = image_resource(image, b->resources.v[i].name);

		largest = 1;
		for (k = 0; r >= 0 && k < image->n; k++)
			if ((size_t)r < image->nodes[k]->width &&
			    image->nodes[k]->total[r] > largest)
				largest = image->nodes[k]->total[r];
		share = (uint64_t)((double)b->resources.v[i].value * 1e6 / (double)largest);
		if (share > hardest)
			hardest = share;
	}
	return hardest;
}

struct hard {
	uint64_t hardness;
	size_t bundle;
};

static int
harder_first(const void *a, const void *b)
{
	const struct hard *x = a, *y = b;

	if (x->hardness != y->hardness)
		return x->hardness < y->hardness ? 1 : -1;
	return (x->bundle > y->bundle) - (x->bundle < y->bundle);
}

static struct group
group_begin(struct cluster *c, struct image *image, const struct pg *pg, uint64_t *nodes,
    struct group_how how)
{
	struct hard *hard = arena_alloc(c->arena, (pg->bundles.n + 1) * sizeof *hard);
	size_t *order = arena_alloc(c->arena, (pg->bundles.n + 1) * sizeof *order);
	struct group g = {
	    .c = c, .image = image, .pg = pg, .nodes = nodes, .order = order, .how = how};
	size_t i;

	g.how.steps += (unsigned)pg->bundles.n;
	for (i = 0; i < pg->bundles.n; i++)
		if (!nodes[i])
			hard[g.n++] = (struct hard){hardness(image, bundle_at(pg, i)), i};
	qsort(hard, g.n, sizeof *hard, harder_first);
	for (i = 0; i < g.n; i++)
		order[i] = hard[i].bundle;
	return g;
}

int
group_find(struct cluster *c, struct image *image, const struct pg *pg, uint64_t *nodes,
    struct group_how how, struct err *e)
{
	struct group g = group_begin(c, image, pg, nodes, how);

	return search(&g, 0, e);
}

/* --- what could be --- */

static struct image_node *
emptied(struct cluster *c, const struct image *image, const struct image_node *node)
{
	struct image_node *copy = image_node_copy(c, image, node);
	size_t r;

	for (r = 0; r < copy->width; r++) {
		copy->used[r] = 0;
		if (copy->instances[r])
			memset(copy->instances[r], 0,
			    image_instances(copy, (int)r) * sizeof *copy->instances[r]);
	}
	return copy;
}

/* Every node as if it were empty but for what the group has on it. */
static struct image
image_emptied(struct cluster *c, const struct image *image, const struct pg *pg,
    const uint64_t *nodes, bool open)
{
	struct image empty = *image;
	struct image_node *node;
	struct demand demand;
	size_t i;

	empty.rankings = NULL; /* those are of nodes that are in use, and outlive these */
	empty.arena = c->arena;
	empty.nodes = arena_alloc(c->arena, (image->n + 1) * sizeof *empty.nodes);
	for (i = 0; i < image->n; i++) {
		empty.nodes[i] = emptied(c, image, image->nodes[i]);
		if (open && empty.nodes[i]->state == NODE_DRAINING)
			empty.nodes[i]->state = NODE_ALIVE;
		empty.nodes[i]->cordoned &= !open;
	}
	for (i = 0; i < pg->bundles.n; i++) {
		demand = group_demand(pg, i);
		if (nodes[i] && (node = image_node(&empty, nodes[i])))
			fit_take(c, &empty, node, &demand);
	}
	return empty;
}

int
group_ever(struct cluster *c, const struct image *image, const struct pg *pg, const uint64_t *nodes,
    unsigned steps, bool open, struct err *e)
{
	struct image empty = image_emptied(c, image, pg, nodes, open);
	uint64_t *found = arena_copy(c->arena, nodes, pg->bundles.n * sizeof *found);
	struct group g = group_begin(c, &empty, pg, found, (struct group_how){.steps = steps});
	int got = search(&g, 0, e);

	return got || g.how.steps ? got : 1;
}

/* Fills a copy of a node with the bundles that the group lacks, as far as there is room. */
static void
room_fill(const struct group *g, struct image_node *copy, struct group_room *room)
{
	struct demand demand;
	const char *lacks;
	bool never;
	size_t i;

	room->of = g->n;
	for (i = 0; i < g->n; i++) {
		if (room->takes && g->pg->strategy == STRATEGY_STRICT_SPREAD)
			return;
		demand = group_demand(g->pg, g->order[i]);
		lacks = fit_lacks(g->c, g->image, copy, &demand, &never);
		if (!lacks) {
			fit_take(g->c, g->image, copy, &demand);
			room->takes++;
		} else if (!room->lacks) {
			room->lacks = lacks;
			room->lacking = g->order[i] + 1;
		}
	}
}

void
group_room(struct cluster *c, struct image *image, const struct pg *pg, uint64_t *nodes,
    const struct image_node *node, struct group_room *room)
{
	struct group g = group_begin(c, image, pg, nodes, (struct group_how){.steps = 0});
	struct group_room ever = {0};

	*room = (struct group_room){.of = g.n, .taken = rank(&g, node) == POLICY_NEVER};
	room_fill(&g, emptied(c, image, node), &ever);
	room->could = ever.takes;
	room->never = ever.takes < (pg->strategy == STRATEGY_STRICT_PACK ? g.n : 1);
	if (!room->taken)
		room_fill(&g, image_node_copy(c, image, node), room);
}
