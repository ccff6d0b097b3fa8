#include "place/group.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "place/fit.h"
#include "place/image.h"
#include "place/policy.h"
#include "rec/records.h"
#include "state/cluster.h"

/* A copy of a node with some bundles on it: the latest copy counts. */
struct taken {
	struct image_node *copy;
	struct taken *before;
};

struct group {
	struct cluster *c;
	struct image *image;
	const struct pg *pg;
	uint64_t *nodes; /* of each bundle */
	size_t *order;	 /* of those without a node, hardest first */
	size_t n;
	struct fitting *fits; /* of each bundle */
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
 * The rank of a node by the group's strategy, before its score: POLICY_NEVER if it must not be
 * used.
 */
static unsigned
rank(const void *argument, const struct image_node *node)
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
rank_unused(const struct group *g)
{
	static const struct image_node unused = {.id = UINT64_MAX}; /* 0 is no node yet */

	return rank(g, &unused);
}

/* Copies of the nodes of placed bundles, with those bundles. */
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
try_node(struct group *g, size_t i, uint64_t id, struct err *e)
{
	struct image_node *node = node_now(g, image_node(g->image, id));
	struct taken t = {image_node_copy(g->c, g->image, node), g->taken};
	int got;

	fit_take(&g->fits[g->order[i]], t.copy);
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
	uint64_t id;
	size_t k, n;
	int got;

	if (i == g->n)
		return 1;
	if (policy_begin(g->c, g->image, g->fits[g->order[i]].demand, &policy, e))
		return -1;
	policy.rank = rank;
	policy.rank_argument = g;
	policy.starving = g->how.starving;
	policy.starving_n = g->how.starving_n;
	apart = used_nodes(g, &n);
	for (k = 0; k < n; k++)
		if (policy_offer(&policy, apart[k], e))
			return -1;
	if (policy_offer_others(&policy, apart, n, rank_unused(g), e))
		return -1;
	while (g->how.steps && (got = policy_next(&policy, &id, e))) {
		if (got < 0)
			return -1;
		g->how.steps--;
		got = try_node(g, i, id, e);
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

/* The bundles without a node, hardest first. */
static void
order_find(struct group *g)
{
	struct hard *hard = arena_alloc(g->c->arena, g->pg->bundles.n * sizeof *hard);
	size_t i;

	g->order = arena_alloc(g->c->arena, g->pg->bundles.n * sizeof *g->order);
	for (i = 0; i < g->pg->bundles.n; i++)
		if (!g->nodes[i])
			hard[g->n++] = (struct hard){hardness(g->image, bundle_at(g->pg, i)), i};
	qsort(hard, g->n, sizeof *hard, harder_first);
	for (i = 0; i < g->n; i++)
		g->order[i] = hard[i].bundle;
}

/* The demands of all bundles, looked up in the group's image. */
static int
fits_make(struct group *g, struct err *e)
{
	size_t i, n = g->pg->bundles.n;
	struct demand *demands = arena_alloc(g->c->arena, n * sizeof *demands);

	g->fits = arena_alloc(g->c->arena, n * sizeof *g->fits);
	for (i = 0; i < n; i++) {
		demands[i] = group_demand(g->pg, i);
		if (fit_begin(&g->fits[i], g->c, g->image, &demands[i], e))
			return -1;
	}
	return 0;
}

int
group_begin(
    struct cluster *c, const struct pg *pg, uint64_t *nodes, struct group **group, struct err *e)
{
	struct group *g = arena_alloc(c->arena, sizeof *g);

	*g = (struct group){.c = c, .pg = pg, .nodes = nodes};
	*group = g;
	if (image_of(c, &g->image, e) || fits_make(g, e))
		return -1;
	order_find(g);
	return 0;
}

const struct fitting *
group_fit(const struct group *g)
{
	return &g->fits[0];
}

int
group_find(struct group *g, struct group_how how, struct err *e)
{
	g->how = how;
	g->how.steps += (unsigned)g->pg->bundles.n;
	return search(g, 0, e);
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

/* Every node as if it held only bundles of the group. */
static struct image
image_emptied(const struct group *g, bool open)
{
	struct image empty = *g->image;
	struct image_node *node;
	size_t i;

	empty.rankings = NULL; /* those are of nodes that are in use, and outlive these */
	empty.arena = g->c->arena;
	empty.nodes = arena_alloc(g->c->arena, (empty.n + 1) * sizeof *empty.nodes);
	for (i = 0; i < empty.n; i++) {
		empty.nodes[i] = emptied(g->c, g->image, g->image->nodes[i]);
		if (open && empty.nodes[i]->state == NODE_DRAINING)
			empty.nodes[i]->state = NODE_ALIVE;
		empty.nodes[i]->cordoned &= !open;
	}
	for (i = 0; i < g->pg->bundles.n; i++)
		if (g->nodes[i] && (node = image_node(&empty, g->nodes[i])))
			fit_take(&g->fits[i], node);
	return empty;
}

int
group_ever(const struct group *g, unsigned steps, bool open, struct err *e)
{
	struct image empty = image_emptied(g, open);
	struct group ever = *g;
	int got;

	ever.image = &empty;
	ever.nodes = arena_copy(g->c->arena, g->nodes, g->pg->bundles.n * sizeof *ever.nodes);
	got = group_find(&ever, (struct group_how){.steps = steps}, e);
	return got || ever.how.steps ? got : 1;
}

/* Fills a copy of a node with the bundles that the group lacks, as far as there is room. */
static void
room_fill(const struct group *g, struct image_node *copy, struct group_room *room)
{
	struct lack lack;
	size_t i;

	for (i = 0; i < g->n; i++) {
		const struct fitting *fit = &g->fits[g->order[i]];

		if (room->takes && g->pg->strategy == STRATEGY_STRICT_SPREAD)
			return;
		if (fit_has(fit, copy, &lack)) {
			fit_take(fit, copy);
			room->takes++;
		} else if (!room->lacking) {
			room->lack = lack;
			room->lacking = g->order[i] + 1;
		}
	}
}

void
group_room(const struct group *g, const struct image_node *node, struct group_room *room)
{
	struct group_room ever = {0};

	*room = (struct group_room){.of = g->n, .taken = rank(g, node) == POLICY_NEVER};
	room_fill(g, emptied(g->c, g->image, node), &ever);
	room->could = ever.takes;
	room->never = ever.takes < (g->pg->strategy == STRATEGY_STRICT_PACK ? g->n : 1);
	if (!room->taken)
		room_fill(g, image_node_copy(g->c, g->image, node), room);
}
