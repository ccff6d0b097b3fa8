/* why_group: why a placement group lacks bundles, node by node. */
#include "why/why_internal.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "model/pg.h"
#include "place/fit.h"
#include "place/group.h"
#include "place/image.h"
#include "rec/form.h"
#include "state/cluster.h"
#include "state/kind.h"
#include "state/record.h"

struct group_asking {
	struct asking *ask;
	const struct pg *pg;
	struct group *group;
	const struct fitting *fit; /* common demand of all bundles */
	size_t lacking;		   /* bundles without node */
	size_t could;		   /* nodes that could serve one if open and empty */
};

static const char *
rule_text(const struct pg *pg)
{
	switch ((enum strategy)pg->strategy) {
	case STRATEGY_STRICT_SPREAD:
		return " (STRICT_SPREAD: each on a node of its own)";
	case STRATEGY_STRICT_PACK:
		return " (STRICT_PACK: one node for all)";
	case STRATEGY_SPREAD:
	case STRATEGY_PACK:
	case STRATEGY_DEFAULT:
		return "";
	}
	return "";
}

static bool
is_strict(const struct pg *pg)
{
	return *rule_text(pg) != '\0';
}

/* "room for 1 of 3 bundles; bundle 2: cpu: 2 wanted, 1 free; held by …". */
static const char *
room_text(struct group_asking *g, const struct group_room *room, const char *held)
{
	struct buf text = {.arena = g->ask->c->arena};

	if (room->never && room->could)
		return arena_printf(g->ask->c->arena,
		    "room for %zu of %zu bundles even if it were empty%s", room->could, room->of,
		    rule_text(g->pg));
	if (room->takes)
		buf_printf(&text, "room for %zu of %zu bundles", room->takes, room->of);
	if (room->lacking)
		buf_printf(&text, "%sbundle %zu: %s%s", room->takes ? "; " : "", room->lacking,
		    why_lack_text(&room->lack, text.arena), held);
	if (room->takes)
		buf_text(&text, rule_text(g->pg));
	return buf_string(&text);
}

static int
room_say(struct group_asking *g, const struct image_node *in, const struct group_room *room,
    const char *name, struct err *e)
{
	struct lack lack = room->lack;
	enum why_code code;
	const char *held = "";

	lack.never = false; /* of this bundle, not of the group */
	code = room->never			 ? WHY_INFEASIBLE
	       : room->takes && is_strict(g->pg) ? WHY_STRATEGY
						 : why_lack_code(&lack);
	if (!room->never && why_node_held(g->ask, in, &lack, &held, e))
		return -1;
	return why_say(g->ask, code, name, 0,
	    arena_printf(g->ask->c->arena, "node %s: %s", name, room_text(g, room, held)), e);
}

static int
open_say(struct group_asking *g, const struct image_node *in, const struct group_room *room,
    const char *name, struct err *e)
{
	uint64_t of = ref_make('P', g->pg->id);
	int kept = room->takes ? why_node_kept(g->ask, in, g->fit->demand, of, name, e) : 0;

	if (kept)
		return kept < 0 ? -1 : 0;
	if (room->taken)
		return why_say(g->ask, WHY_STRATEGY, name, 0,
		    arena_printf(g->ask->c->arena, "node %s: %s%s", name,
			g->pg->strategy == STRATEGY_STRICT_SPREAD
			    ? "it has one of the bundles already"
			    : "the other bundles are elsewhere",
			rule_text(g->pg)),
		    e);
	if (room->takes < room->of)
		return room_say(g, in, room, name, e);
	return why_say(g->ask, WHY_NOT_TICKED, name, 0,
	    arena_printf(g->ask->c->arena,
		"node %s: it fits, and is used when placement continues (gcs monitor)", name),
	    e);
}

/* Whether it could proceed if this node accepted work. */
static bool
helps(const struct pg *pg, const struct group_room *room)
{
	return room->takes >= (pg->strategy == STRATEGY_STRICT_PACK ? room->of : 1);
}

static int
node_look(struct group_asking *g, const struct image_node *in, bool named, struct err *e)
{
	struct arena *a = g->ask->c->arena;
	struct group_room room;
	struct node n = {0};
	struct lack lack;
	int takes = fit_takes(g->fit, in, &lack, e), suits = fit_suits(g->fit, in, NULL, e);

	if (takes < 0 || suits < 0)
		return -1;
	group_room(g->group, in, &room);
	g->lacking = room.of;
	g->could += suits && !room.taken && !room.never;
	if (!named)
		return 0;
	if (record_get_number(g->ask->c, kind_of(g->ask->c->kinds, KIND_NODE), in->id, &n, e) < 0)
		return -1;
	if (takes)
		return open_say(g, in, &room, n.name, e);
	return why_say(g->ask, why_lack_code(&lack), n.name, 0,
	    arena_printf(a, "node %s: %s%s", n.name, why_lack_text(&lack, a),
		suits && helps(g->pg, &room) ? why_node_opens(g->ask, in, n.name) : ""),
	    e);
}

/* The total demand of all bundles. */
static const char *
sum_text(struct group_asking *g)
{
	static const struct form plain;
	const struct bundle *b = g->pg->bundles.v;
	struct buf text = {.arena = g->ask->c->arena};
	struct demand sum = {0};
	size_t i, k;

	for (i = 0; i < g->pg->bundles.n; i++)
		for (k = 0; k < b[i].resources.n; k++) {
			struct amount more = b[i].resources.v[k];
			const struct amount *had = amounts_get(&sum.resources, more.name);

			more.value += had ? had->value : 0;
			amounts_set(&sum.resources, more, g->ask->c->arena);
		}
	field_text(rec_field(&rec_demand, "resources"), &sum, &plain, &text);
	return buf_string(&text);
}

static const char *
never_text(struct group_asking *g)
{
	const char *labels = g->fit->demand->selector ? " and labels " : "",
		   *selector = g->fit->demand->selector ? g->fit->demand->selector : "";
	struct arena *a = g->ask->c->arena;

	if (g->pg->strategy == STRATEGY_STRICT_SPREAD && g->could < g->lacking)
		return arena_printf(a,
		    "no nodes there are could ever take it: STRICT_SPREAD needs a node for each of "
		    "%zu bundles, and %zu could have one (gcs node register)",
		    g->lacking, g->could);
	if (g->pg->strategy == STRATEGY_STRICT_PACK)
		return arena_printf(a,
		    "no existing node could ever run it; what would: a node with %s%s%s (gcs node "
		    "register, gcs resource set)",
		    sum_text(g), labels, selector);
	return arena_printf(a,
	    "no nodes there are could ever have all its bundles at once: %s in all%s%s (gcs node "
	    "register, gcs resource set)",
	    sum_text(g), labels, selector);
}

static int
advice(struct group_asking *g, struct err *e)
{
	int ever = group_ever(g->group, GROUP_STEPS, true, e);

	if (ever < 0)
		return -1;
	if (!ever)
		return why_say(g->ask, WHY_INFEASIBLE, "", 0, never_text(g), e);
	return why_say(g->ask, WHY_WAITING, "", 0,
	    arena_printf(g->ask->c->arena,
		"it is placed as soon as %s fit at once (gcs lease list; gcs resource list)",
		g->lacking < g->pg->bundles.n ? "the bundles that it lacks" : "all its bundles"),
	    e);
}

int
why_group(struct asking *ask, const void *record, struct err *e)
{
	const struct pg *pg = record;
	struct group_asking g = {.ask = ask, .pg = pg};
	struct image *image;
	uint64_t *nodes;
	size_t i, told = 0;

	if (!pg_waits(pg))
		return 0;
	if (image_of(ask->c, &image, e) || pg_nodes(ask->c, pg, &nodes, e) ||
	    group_begin(ask->c, pg, nodes, &g.group, e))
		return -1;
	g.fit = group_fit(g.group);
	for (i = 0; i < image->n; i++)
		if (image->nodes[i]->state != NODE_DEAD &&
		    node_look(&g, image->nodes[i], ++told <= NODES_MOST, e))
			return -1;
	if (!told)
		return why_say(
		    ask, WHY_NO_NODES, "", 0, "there are no living nodes (gcs node register)", e);
	if (told > NODES_MOST &&
	    why_say(ask, WHY_MORE, "", 0,
		arena_printf(
		    ask->c->arena, "and %zu more nodes (gcs resource list)", told - NODES_MOST),
		e))
		return -1;
	return advice(&g, e);
}
