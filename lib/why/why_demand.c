/* why_demand: why a demand has no node yet, node by node. */
#include "why/why_internal.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/duration.h"
#include "base/err.h"
#include "sched/lease.h"
#include "model/pg.h"
#include "place/demand.h"
#include "place/fit.h"
#include "place/image.h"
#include "state/cluster.h"
#include "state/index.h"
#include "state/kind.h"
#include "state/record.h"

struct demand_asking {
	struct asking *ask;
	struct fitting fit;
	uint64_t of;	   /* ref of the queued record */
	const char *group; /* the requested group, NULL: none */
	bool ever;	   /* some node, or bundle, could take it */
};

/* Nothing prevents it: left over by a transaction that placed many. */
static int
node_takes(struct demand_asking *d, const struct image_node *in, const char *name, struct err *e)
{
	int kept = why_node_kept(d->ask, in, d->fit.demand, d->of, name, e);

	if (kept)
		return kept < 0 ? -1 : 0;
	return why_say(d->ask, WHY_NOT_TICKED, name, 0,
	    arena_printf(d->ask->c->arena,
		"node %s: it fits, and is used when placement continues (gcs monitor)", name),
	    e);
}

/* What would open a node on which it then fits. */
static int
way_out(struct demand_asking *d, const struct image_node *in, const char *name, const char **way,
    struct err *e)
{
	struct image_node open = *in;
	int fits;

	*way = "";
	if (in->state != NODE_DRAINING && !in->cordoned)
		return 0;
	open.state = NODE_ALIVE;
	open.cordoned = false;
	fits = fit_node(&d->fit, &open, NULL, e);
	if (fits > 0)
		*way = why_node_opens(d->ask, in, name);
	return fits < 0 ? -1 : 0;
}

static int
node_answer(struct demand_asking *d, const struct image_node *in, struct err *e)
{
	struct arena *a = d->ask->c->arena;
	const char *way, *held = "";
	enum why_code code;
	struct node n = {0};
	struct lack lack;
	int fits = fit_node(&d->fit, in, &lack, e);

	if (fits < 0 ||
	    record_get_number(d->ask->c, kind_of(d->ask->c->kinds, KIND_NODE), in->id, &n, e) < 0)
		return -1;
	d->ever |= !lack.never;
	if (fits)
		return node_takes(d, in, n.name, e);
	code = why_lack_code(&lack);
	if (way_out(d, in, n.name, &way, e) || ((code == WHY_BUSY || code == WHY_FRAGMENTED) &&
						   why_node_held(d->ask, in, &lack, &held, e)))
		return -1;
	return why_say(d->ask, code, n.name, 0,
	    arena_printf(a, "node %s: %s%s%s", n.name, why_lack_text(&lack, a), held, way), e);
}

/* The id of a dead node is never reused. */
static int
is_bound_to_dead(struct asking *ask, const struct demand *demand, bool *dead, struct err *e)
{
	struct node n = {0};
	int got = 0;

	*dead = false;
	if (!demand->on || demand->soft)
		return 0;
	got = record_get_number(ask->c, kind_of(ask->c->kinds, KIND_NODE), demand->on, &n, e);
	*dead = !got || n.state == NODE_DEAD;
	return got < 0 ? -1 : 0;
}

static int
advice(struct asking *ask, const struct demand *demand, bool ever, struct err *e)
{
	struct buf text = {.arena = ask->c->arena};
	bool dead;

	if (is_bound_to_dead(ask, demand, &dead, e))
		return -1;
	if (dead)
		return why_say(ask, WHY_INFEASIBLE, "", 0,
		    arena_printf(ask->c->arena,
			"it is to run on N%llu alone, which is DEAD and does not come back: end "
			"it, and create it anew for another node, or with --soft",
			(unsigned long long)demand->on),
		    e);
	demand_text(demand, &text);
	if (!ever)
		return why_say(ask, WHY_INFEASIBLE, "", 0,
		    arena_printf(ask->c->arena,
			"no existing node could ever run it; what would: %s%s%s%s%s (gcs "
			"node register, gcs resource set)",
			demand->avoid.n ? "another node" : "a node", text.n ? " with " : "",
			buf_string(&text), demand->selector ? " and labels " : "",
			demand->selector ? demand->selector : ""),
		    e);
	return why_say(ask, WHY_WAITING, "", 0,
	    arena_printf(ask->c->arena,
		"it is placed as soon as %s are free on one node (gcs lease list; gcs resource fit "
		"-r %s)",
		buf_string(&text), buf_string(&text)),
	    e);
}

/* Nodes that are not named count as well. */
static int
node_counts(struct demand_asking *d, const struct image_node *in, struct err *e)
{
	struct arena_mark mark = arena_mark(d->ask->c->arena);
	struct lack lack;

	if (d->ever)
		return 0;
	if (fit_node(&d->fit, in, &lack, e) < 0)
		return -1;
	arena_rewind(d->ask->c->arena, mark); /* the labels that it read */
	d->ever |= !lack.never;
	return 0;
}

/* Resources with enough instances in all, though not on one node: users count those. */
static int
scattered(struct asking *ask, const struct image *image, const struct demand *demand, struct err *e)
{
	const struct amount *want = demand->resources.v, *end = want + demand->resources.n;
	char sum_text[NUMBER_SIZE], most_text[NUMBER_SIZE];
	size_t i;

	for (; want < end; want++) {
		int r = image_resource(image, want->name);
		uint64_t sum = 0, most = 0;

		for (i = 0; r >= 0 && image->resources[r].indexed && i < image->n; i++) {
			const struct image_node *in = image->nodes[i];
			bool has = in->state != NODE_DEAD && (size_t)r < in->width;

			sum += has ? in->total[r] : 0;
			most = has && in->total[r] > most ? in->total[r] : most;
		}
		if (sum < want->value || most >= want->value)
			continue;
		resource_format(sum_text, want->name, sum);
		resource_format(most_text, want->name, most);
		if (why_say(ask, WHY_FRAGMENTED, "", 0,
			arena_printf(ask->c->arena,
			    "%s: %s in all, but fragmented: no node has more than %s", want->name,
			    sum_text, most_text),
			e))
			return -1;
	}
	return 0;
}

static int
demand_waits(struct demand_asking *d, struct err *e)
{
	const struct image *image = d->fit.image;
	size_t i, told = 0;

	for (i = 0; i < image->n; i++) {
		const struct image_node *in = image->nodes[i];

		if (in->state == NODE_DEAD)
			continue;
		if (++told <= NODES_MOST ? node_answer(d, in, e) : node_counts(d, in, e))
			return -1;
	}
	if (!told)
		return why_say(d->ask, WHY_NO_NODES, "", 0,
		    "there are no living nodes (gcs node register)", e);
	if (told > NODES_MOST &&
	    why_say(d->ask, WHY_MORE, "", 0,
		arena_printf(
		    d->ask->c->arena, "and %zu more nodes (gcs resource fit)", told - NODES_MOST),
		e))
		return -1;
	if (!d->ever && scattered(d->ask, image, d->fit.demand, e))
		return -1;
	return advice(d->ask, d->fit.demand, d->ever, e);
}

/* --- inside a group --- */

static int
bundle_answer(struct cluster *c, void *record, void *argument, struct err *e)
{
	const struct lease *l = record;
	struct demand_asking *d = argument;
	const char *about, *text;
	struct lack lack;

	if (d->fit.demand->bundle && d->fit.demand->bundle != l->bundle)
		return 0;
	if (bundle_lease_lacks(&d->fit, l, &lack, e))
		return -1;
	d->ever |= !lack.never;
	if (!lack.code)
		return 0;
	text = lack.code == LACK_DRAINING ? "its node is draining" : why_lack_text(&lack, c->arena);
	about =
	    arena_printf(c->arena, "bundle %llu of %s", (unsigned long long)l->bundle, d->group);
	return why_say(d->ask, why_lack_code(&lack), about, 0,
	    arena_printf(c->arena, "%s: %s", about, text), e);
}

static int
inside_waits(struct demand_asking *d, struct err *e)
{
	struct cluster *c = d->ask->c;
	uint64_t group = d->fit.demand->pg;
	struct pg pg = {0};

	if (record_get_number(c, kind_of(c->kinds, KIND_PG), group, &pg, e) < 0)
		return -1;
	d->group = record_label(kind_of(c->kinds, KIND_PG), &pg, c->arena);
	if (index_owned(
		c, kind_of(c->kinds, KIND_LEASE), ref_make('P', group), bundle_answer, d, e))
		return -1;
	if (pg_waits(&pg))
		return why_say(d->ask, WHY_GROUP, d->group, 0,
		    arena_printf(c->arena, "its group %s is %s (gcs why P%llu)", d->group,
			enum_text(&pg_states, pg.state), (unsigned long long)pg.id),
		    e);
	return why_say(d->ask, d->ever ? WHY_WAITING : WHY_INFEASIBLE, "", 0,
	    d->ever ? "it is placed as soon as enough is free in one bundle (gcs lease list)"
		    : "no bundle of its group could ever take it",
	    e);
}

int
why_demand(struct asking *ask, const struct demand *demand, uint64_t of, struct err *e)
{
	struct demand_asking d = {.ask = ask, .of = of};
	struct image *image;

	if (image_of(ask->c, &image, e) || fit_begin(&d.fit, ask->c, image, demand, e))
		return -1;
	return d.fit.demand->pg ? inside_waits(&d, e) : demand_waits(&d, e);
}
