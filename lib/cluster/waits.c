/* waits: why something has no node yet, node by node. */
#include "cluster/why_inner.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/number.h"
#include "cluster/lease.h"
#include "cluster/pg.h"
#include "cluster/schedule.h"
#include "place/demand.h"
#include "place/image.h"
#include "state/cluster.h"
#include "state/kind.h"
#include "state/record.h"

#define HOLDERS_MOST 3 /* named one by one */

enum why_code
why_node_code(const char *lacks, bool never)
{
	static const struct {
		const char *in;
		enum why_code code;
	} codes[] = {{"fragmented", WHY_FRAGMENTED}, {"draining", WHY_DRAINING},
	    {"cordoned", WHY_CORDONED}, {"labels", WHY_LABELS}, {"avoided", WHY_AVOIDED},
	    {"asked for", WHY_AFFINITY}};
	const char *colon = strchr(lacks, ':'); /* after a resource's name, which may be any word */
	size_t i;

	lacks = colon ? colon : lacks;
	for (i = 0; i < sizeof codes / sizeof *codes; i++)
		if (strstr(lacks, codes[i].in))
			return codes[i].code;
	return never ? WHY_INFEASIBLE : WHY_BUSY;
}

const char *
why_opens(struct asking *ask, const struct image_node *in, const char *name)
{
	bool drained = in->state == NODE_DRAINING;

	if (!drained && !in->cordoned)
		return "";
	return arena_printf(ask->c->arena, " (%s%s%s%s%s)", drained ? "gcs undrain " : "",
	    drained ? name : "", drained && in->cordoned ? "; " : "",
	    in->cordoned ? "gcs uncordon " : "", in->cordoned ? name : "");
}

int
why_label(struct asking *ask, uint64_t ref, const char **label, struct err *e)
{
	const struct kind *kind = kind_letter(ref_letter(ref));
	void *record = kind ? arena_alloc(ask->c->arena, kind->rec->size) : NULL;

	if (kind && record_get_number(ask->c, kind, ref_number(ref), record, e) < 0)
		return -1;
	*label = kind ? arena_printf(ask->c->arena, "%s %s", kind->name,
			    record_label(kind, record, ask->c->arena))
		      : "?";
	return 0;
}

/* --- who has it --- */

struct holders {
	const char *resource;
	uint64_t index; /* of the instance, INSTANCE_ALL: any */
	struct holder {
		struct lease lease;
		uint64_t amount;
	} * v;
	size_t n, size;
};

static uint64_t
holds(const struct lease *l, const struct holders *h)
{
	const struct amount *amount = amounts_get(&l->resources, h->resource);
	const struct instance *instance = l->instances.v;
	size_t i;

	if (h->index == INSTANCE_ALL)
		return amount ? amount->value : 0;
	for (i = 0; i < l->instances.n; i++)
		if (instance[i].index == h->index && !strcmp(instance[i].resource, h->resource))
			return instance[i].amount;
	return 0;
}

static int
holder_add(struct cluster *c, void *record, void *argument, struct err *e)
{
	const struct lease *l = record;
	struct holders *h = argument;
	uint64_t amount = holds(l, h);
	struct holder *more;

	(void)e;
	if (!amount)
		return 0;
	if (h->n == h->size) {
		h->size = h->size ? 2 * h->size : 16;
		more = arena_alloc(c->arena, h->size * sizeof *more);
		if (h->n)
			memcpy(more, h->v, h->n * sizeof *more);
		h->v = more;
	}
	h->v[h->n++] = (struct holder){*l, amount};
	return 0;
}

static int
larger_first(const void *a, const void *b)
{
	const struct holder *x = a, *y = b;

	if (x->amount != y->amount)
		return x->amount < y->amount ? 1 : -1;
	return (x->lease.id > y->lease.id) - (x->lease.id < y->lease.id);
}

static int
holder_text(struct asking *ask, const struct holder *h, const char *resource, struct buf *text,
    struct err *e)
{
	uint64_t since = h->lease.created_ms, now = ask->c->now_ms;
	const char *label = NULL;
	char amount[NUMBER_SIZE], age[NUMBER_SIZE];

	if (h->lease.owner && why_label(ask, h->lease.owner, &label, e))
		return -1;
	if (!label)
		label = arena_printf(ask->c->arena, "L%llu", (unsigned long long)h->lease.id);
	buf_printf(text, "%s (%s for %s%s%s)", label, resource_format(amount, resource, h->amount),
	    duration_short(age, now > since ? now - since : 0), h->lease.message ? ": " : "",
	    h->lease.message ? h->lease.message : "");
	return 0;
}

int
why_held(struct asking *ask, const struct image_node *in, const char *lacks, const char **held,
    struct err *e)
{
	size_t name_n = strcspn(lacks, ":"), i;
	const char *rest = lacks + name_n;
	struct holders h = {.resource = arena_strndup(ask->c->arena, lacks, name_n),
	    .index = *rest && rest[1] >= '0' && rest[1] <= '9' ? strtoull(rest + 1, NULL, 10)
							       : INSTANCE_ALL};
	struct buf text = {.arena = ask->c->arena};

	*held = "";
	if (records_on_node(ask->c, kind_of(KIND_LEASE), in->id, holder_add, &h, e))
		return -1;
	if (!h.n)
		return 0;
	qsort(h.v, h.n, sizeof *h.v, larger_first);
	for (i = 0; i < h.n && i < HOLDERS_MOST; i++) {
		buf_text(&text, i ? ", " : "; held by ");
		if (holder_text(ask, &h.v[i], h.resource, &text, e))
			return -1;
	}
	if (h.n > HOLDERS_MOST)
		buf_printf(&text, ", and %zu more", h.n - HOLDERS_MOST);
	*held = buf_string(&text);
	return 0;
}

/* --- one demand --- */

int
why_kept(struct asking *ask, const struct image_node *in, const struct demand *demand, uint64_t of,
    const char *name, struct err *e)
{
	struct image *image;
	const char *label;
	uint64_t whom;

	if (image_of(ask->c, &image, e) || schedule_kept(ask->c, image, demand, of, in, &whom, e))
		return -1;
	if (!whom)
		return 0;
	if (why_label(ask, whom, &label, e) ||
	    why_say(ask, WHY_QUEUE_BEHIND, name, 0,
		arena_printf(ask->c->arena,
		    "node %s: it fits, but is reserved for %s, which has waited for longer than "
		    "starvation_age (gcs why %c%llu)",
		    name, label, ref_letter(whom), (unsigned long long)ref_number(whom)),
		e))
		return -1;
	return 1;
}

/* Nothing is in the way: a transaction that placed many left it over. */
static int
node_takes(struct asking *ask, const struct image_node *in, const struct demand *demand,
    uint64_t of, const char *name, struct err *e)
{
	int kept = why_kept(ask, in, demand, of, name, e);

	if (kept)
		return kept < 0 ? -1 : 0;
	return why_say(ask, WHY_NOT_TICKED, name, 0,
	    arena_printf(ask->c->arena,
		"node %s: it would do, and is taken when placing goes on (gcs monitor)", name),
	    e);
}

/* What opens a node that then would do. */
static int
way_out(struct asking *ask, struct image *image, const struct image_node *in,
    const struct demand *demand, const char *name, const char **way, struct err *e)
{
	struct image_node open = *in;
	const char *short_of;
	uint64_t count;
	bool never;

	*way = "";
	if (in->state != NODE_DRAINING && !in->cordoned)
		return 0;
	open.state = NODE_ALIVE;
	open.cordoned = false;
	if (demand_count(ask->c, image, &open, demand, 1, &count, &short_of, &never, e))
		return -1;
	if (!short_of)
		*way = why_opens(ask, in, name);
	return 0;
}

static int
node_answer(struct asking *ask, struct image *image, const struct image_node *in,
    const struct demand *demand, uint64_t of, bool *ever, struct err *e)
{
	const char *short_of, *way, *held = "";
	enum why_code code;
	struct node n = {0};
	uint64_t count;
	bool never;

	if (demand_count(ask->c, image, in, demand, 1, &count, &short_of, &never, e) ||
	    record_get_number(ask->c, kind_of(KIND_NODE), in->id, &n, e) < 0)
		return -1;
	*ever |= !never;
	if (!short_of)
		return node_takes(ask, in, demand, of, n.name, e);
	code = why_node_code(short_of, never);
	if (way_out(ask, image, in, demand, n.name, &way, e) ||
	    ((code == WHY_BUSY || code == WHY_FRAGMENTED) && why_held(ask, in, short_of, &held, e)))
		return -1;
	return why_say(ask, code, n.name, 0,
	    arena_printf(ask->c->arena, "node %s: %s%s%s", n.name, short_of, held, way), e);
}

/* A dead node's id is never given again. */
static int
is_bound_to_dead(struct asking *ask, const struct demand *demand, bool *dead, struct err *e)
{
	struct node n = {0};
	int got = 0;

	*dead = false;
	if (!demand->on || demand->soft)
		return 0;
	got = record_get_number(ask->c, kind_of(KIND_NODE), demand->on, &n, e);
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
node_counts(struct asking *ask, struct image *image, const struct image_node *in,
    const struct demand *demand, bool *ever, struct err *e)
{
	struct arena_mark mark = arena_mark(ask->c->arena);
	const char *ignored;
	uint64_t count;
	bool never;

	if (*ever)
		return 0;
	if (demand_count(ask->c, image, in, demand, 1, &count, &ignored, &never, e))
		return -1;
	arena_rewind(ask->c->arena, mark); /* what lacks is not said; the image is older */
	*ever |= !never;
	return 0;
}

/* What has instances enough in all, though not on one node: asked for so many, people count those.
 */
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
demand_waits(struct asking *ask, const struct demand *demand, uint64_t of, struct err *e)
{
	struct image *image;
	bool ever = false;
	size_t i, told = 0;

	if (image_of(ask->c, &image, e))
		return -1;
	for (i = 0; i < image->n; i++) {
		const struct image_node *in = image->nodes[i];

		if (in->state == NODE_DEAD)
			continue;
		if (++told <= NODES_MOST ? node_answer(ask, image, in, demand, of, &ever, e)
					 : node_counts(ask, image, in, demand, &ever, e))
			return -1;
	}
	if (!told)
		return why_say(
		    ask, WHY_NO_NODES, "", 0, "there are no living nodes (gcs node register)", e);
	if (told > NODES_MOST &&
	    why_say(ask, WHY_MORE, "", 0,
		arena_printf(
		    ask->c->arena, "and %zu more nodes (gcs resource fit)", told - NODES_MOST),
		e))
		return -1;
	if (!ever && scattered(ask, image, demand, e))
		return -1;
	return advice(ask, demand, ever, e);
}

/* --- inside a group --- */

struct bundles {
	struct asking *ask;
	const struct demand *demand;
	const char *group;
	bool ever;
};

static int
bundle_answer(struct cluster *c, void *record, void *argument, struct err *e)
{
	const struct lease *l = record;
	struct bundles *b = argument;
	const char *lacks, *about;
	bool never;

	if (b->demand->bundle && b->demand->bundle != l->bundle)
		return 0;
	if (lease_lacks_inside(c, b->demand, l, &lacks, &never, e))
		return -1;
	b->ever |= !never;
	if (!lacks)
		return 0;
	about =
	    arena_printf(c->arena, "bundle %llu of %s", (unsigned long long)l->bundle, b->group);
	return why_say(b->ask, why_node_code(lacks, never), about, 0,
	    arena_printf(c->arena, "%s: %s", about, lacks), e);
}

static int
inside_waits(struct asking *ask, const struct demand *demand, struct err *e)
{
	struct bundles b = {ask, demand, NULL, false};
	struct pg pg = {0};

	if (record_get_number(ask->c, kind_of(KIND_PG), demand->pg, &pg, e) < 0)
		return -1;
	b.group = record_label(kind_of(KIND_PG), &pg, ask->c->arena);
	if (records_owned(
		ask->c, kind_of(KIND_LEASE), ref_make('P', demand->pg), bundle_answer, &b, e))
		return -1;
	if (pg_waits(&pg))
		return why_say(ask, WHY_GROUP, b.group, 0,
		    arena_printf(ask->c->arena, "its group %s is %s (gcs why P%llu)", b.group,
			enum_text(pg_states, pg.state), (unsigned long long)pg.id),
		    e);
	return why_say(ask, b.ever ? WHY_WAITING : WHY_INFEASIBLE, "", 0,
	    b.ever ? "it is placed as soon as enough is free in one bundle (gcs lease list)"
		   : "no bundle of its group could ever take it",
	    e);
}

int
why_waits(struct asking *ask, const struct demand *demand, uint64_t of, struct err *e)
{
	static const struct demand none;

	if (!demand)
		demand = &none;
	return demand->pg ? inside_waits(ask, demand, e) : demand_waits(ask, demand, of, e);
}
