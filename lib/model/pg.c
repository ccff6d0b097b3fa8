#include "model/pg.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "sched/lease.h"
#include "sched/dirt.h"
#include "sched/schedule.h"
#include "sched/starvation.h"
#include "place/demand.h"
#include "place/fit.h"
#include "place/group.h"
#include "place/image.h"
#include "place/queue.h"
#include "state/cascade.h"
#include "state/cluster.h"
#include "state/derive.h"
#include "state/index.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"
#include "state/resolve.h"
#include "store/txn.h"

static const struct kind *
pg_kind(const struct cluster *c)
{
	return kind_of(c->kinds, KIND_PG);
}

bool
pg_waits(const struct pg *pg)
{
	return pg->state == PG_PENDING || pg->state == PG_RESCHEDULING;
}

int64_t
pg_priority(const struct pg *pg)
{
	return pg->state == PG_RESCHEDULING ? INT64_MAX : pg->priority;
}

/* The queue shape of a group: everything that decides where it fits. */
static struct slice
pg_shape(const struct pg *pg, struct arena *a)
{
	struct pg like = {.strategy = pg->strategy, .bundles = pg->bundles, .demand = pg->demand};
	struct buf shape = {.arena = a};

	/* A group that already has bundles has a shape of its own. */
	if (pg->state == PG_RESCHEDULING)
		like.id = pg->id;
	rec_encode(&rec_pg, &like, &shape);
	return buf_slice(&shape);
}

void
pg_derive(const struct kind *kind, const void *record, struct derived *to)
{
	const struct pg *pg = record;
	const struct ending *death = pg->death;
	bool ended = pg->state == PG_REMOVED;
	struct key key = {.n = 0};

	derive_count(to, kind, pg->state);
	derive_name(to, kind, pg->namespace, pg->name, ended, pg->id);
	key_u64(&key, pg->id);
	if (ended)
		derive_ended(to, kind, death ? death->end_ms : 0, pg->id);
	else if (!pg->detached && pg->job)
		derive_owned(to, kind, ref_make('J', pg->job), key_slice(&key));
	if (pg_waits(pg))
		queue_derive(to, kind, pg_shape(pg, to->arena), pg_priority(pg), pg->born, pg->id);
}

static int
wanted_check(struct cluster *c, const struct pg *wanted, struct err *e)
{
	uint64_t holder;

	if (wanted->name && !text_is_name(wanted->name))
		return err_value(e, ERR_USAGE, wanted->name,
		    "'%s' is not a valid placement group name", wanted->name);
	if (!text_is_namespace(wanted->namespace))
		return err_value(e, ERR_USAGE, wanted->namespace, "'%s' is not a valid namespace",
		    wanted->namespace);
	if (!wanted->bundles.n || wanted->bundles.n > BUNDLES_MOST)
		return err_set(e, ERR_USAGE, "a placement group has 1 to %d bundles", BUNDLES_MOST);
	if (!wanted->name)
		return 0;
	if (resolve_holder(c, pg_kind(c), wanted->namespace, wanted->name, &holder, e))
		return -1;
	if (!holder)
		return 0;
	return err_value(e, ERR_REFUSED, wanted->name,
	    "placement group name '%s/%s' is already used by P%llu", wanted->namespace,
	    wanted->name, (unsigned long long)holder);
}

int
pg_create(struct cluster *c, struct pg *wanted, struct err *e)
{
	uint64_t seq;

	if (wanted_check(c, wanted, e))
		return -1;
	wanted->id = txn_counter_next(c->txn, 'P');
	wanted->state = PG_PENDING;
	wanted->missing = wanted->bundles.n;
	if (record_put(c, pg_kind(c), wanted, 0, &seq, e))
		return -1;
	dirt_waits(c, pg_kind(c), wanted->id, seq);
	return 0;
}

/* Calls visit for each lease of the group. */
struct having {
	uint64_t *nodes, *leases;
	size_t n;
};

static int
have_lease(struct cluster *c, void *record, void *argument, struct err *e)
{
	const struct lease *l = record;
	struct having *h = argument;

	(void)c;
	(void)e;
	if (l->bundle && l->bundle <= h->n) {
		h->nodes[l->bundle - 1] = l->node;
		h->leases[l->bundle - 1] = l->id;
	}
	return 0;
}

static int
bundles_have(struct cluster *c, const struct pg *pg, struct having *h, struct err *e)
{
	h->n = pg->bundles.n;
	h->nodes = arena_alloc(c->arena, (h->n + 1) * sizeof *h->nodes);
	h->leases = arena_alloc(c->arena, (h->n + 1) * sizeof *h->leases);
	return index_owned(
	    c, kind_of(c->kinds, KIND_LEASE), ref_make('P', pg->id), have_lease, h, e);
}

int
pg_nodes(struct cluster *c, const struct pg *pg, uint64_t **nodes, struct err *e)
{
	struct having have;

	if (bundles_have(c, pg, &have, e))
		return -1;
	*nodes = have.nodes;
	return 0;
}

static int
bundle_grant(
    struct cluster *c, const struct pg *pg, size_t i, uint64_t node, uint64_t cause, struct err *e)
{
	const struct bundle *b = (const struct bundle *)pg->bundles.v + i;
	struct demand demand = {.resources = b->resources};
	struct lease lease = {.node = node, .owner = ref_make('P', pg->id), .bundle = i + 1};
	struct lack lack;
	int got = lease_grant(c, &demand, &lease, cause, &lack, e);

	if (!got)
		err_set(e, ERR_UNSATISFIABLE, "N%llu has no room for it", (unsigned long long)node);
	return got <= 0 ? err_wrap(e, "bundle %zu", i + 1) : 0;
}

/* Finds nodes for the bundles without one, for a group of this queue priority. */
static int
nodes_find(struct cluster *c, const struct pg *pg, int64_t priority, uint64_t *nodes, struct err *e)
{
	struct group_how how = {.steps = GROUP_STEPS};
	struct starving_list ahead;
	struct group *group;

	if (group_begin(c, pg, nodes, &group, e) ||
	    starvation_ahead(c, priority, pg->born, &ahead, e))
		return -1;
	how.starving = ahead.v;
	how.starving_n = ahead.n;
	return group_find(group, how, e);
}

int
pg_fits(struct cluster *c, const void *record, struct err *e)
{
	const struct pg *pg = record;
	struct having have;

	if (bundles_have(c, pg, &have, e))
		return -1;
	return nodes_find(c, pg, pg_priority(pg), have.nodes, e);
}

int
pg_place(struct cluster *c, void *record, const struct among *nodes, uint64_t cause, struct err *e)
{
	struct pg *pg = record;
	struct having have;
	uint64_t seq;
	size_t i;
	int got;

	(void)nodes; /* all its bundles at once, wherever they fit */
	if (bundles_have(c, pg, &have, e))
		return -1;
	got = nodes_find(c, pg, pg_priority(pg), have.nodes, e);
	if (got <= 0)
		return got;
	pg->state = PG_CREATED;
	pg->missing = 0;
	if (record_put(c, pg_kind(c), pg, cause, &seq, e))
		return -1;
	for (i = 0; i < have.n; i++) {
		if (have.leases[i])
			continue;
		if (bundle_grant(c, pg, i, have.nodes[i], seq, e))
			return -1;
		dirt_freed(c, have.nodes[i], seq); /* work queued for the group may now fit */
	}
	return 1;
}

int
pg_fits_without(struct cluster *c, const struct pg *pg, uint64_t node, struct err *e)
{
	struct having have;
	size_t i;

	if (bundles_have(c, pg, &have, e))
		return -1;
	for (i = 0; i < have.n; i++)
		if (have.nodes[i] == node)
			have.nodes[i] = 0;
	return nodes_find(c, pg, INT64_MAX, have.nodes, e);
}

int
pg_could_have(
    struct cluster *c, const void *record, const uint64_t **nodes, size_t *n, struct err *e)
{
	const struct pg *pg = record;
	struct having have;
	struct image *image;
	struct group *group;
	uint64_t *could;
	size_t i;
	int ever;

	*n = 0;
	if (bundles_have(c, pg, &have, e) || image_of(c, &image, e) ||
	    group_begin(c, pg, have.nodes, &group, e))
		return -1;
	ever = group_ever(group, GROUP_STEPS, false, e);
	if (ever <= 0)
		return ever;
	could = arena_alloc(c->kept, (image->n + 1) * sizeof *could);
	for (i = 0; i < image->n; i++) {
		struct group_room room;
		int takes = fit_takes(group_fit(group), image->nodes[i], NULL, e);

		if (takes < 0)
			return -1;
		if (!takes)
			continue;
		group_room(group, image->nodes[i], &room);
		if (!room.taken && !room.never)
			could[(*n)++] = image->nodes[i]->id;
	}
	*nodes = could;
	return 0;
}

int
pg_moves(struct cluster *c, struct pg *pg, uint64_t bundles, uint64_t cause, uint64_t *seq,
    struct err *e)
{
	pg->missing += bundles;
	pg->state = PG_RESCHEDULING;
	return record_put_as(
	    c, pg_kind(c), pg, (struct told){EVENT_PG_RESCHEDULING, cause}, seq, e);
}

int
pg_bereft(struct cluster *c, uint64_t id, uint64_t cause, struct err *e)
{
	struct pg *pg = arena_alloc(c->arena, sizeof *pg);
	int got = record_get_number(c, pg_kind(c), id, pg, e);
	struct having have;
	uint64_t seq;
	size_t i;

	if (got <= 0 || pg->state == PG_REMOVED)
		return got < 0 ? -1 : 0;
	if (bundles_have(c, pg, &have, e))
		return -1;
	pg->missing = 0;
	for (i = 0; i < have.n; i++)
		pg->missing += !have.leases[i];
	if (pg->state == PG_CREATED)
		pg->state = PG_RESCHEDULING;
	if (record_put(c, pg_kind(c), pg, cause, &seq, e))
		return -1;
	dirt_waits(c, pg_kind(c), id, seq);
	return 0;
}

int
pg_remove(struct cluster *c, struct pg *pg, uint64_t cause, struct err *e)
{
	struct cascade parts = {.cause = CASCADE_GROUP, .of = ref_make('P', pg->id)};
	struct ending *death;

	if (pg->state == PG_REMOVED)
		return 0;
	death = arena_alloc(c->arena, sizeof *death);
	death->reason = cause ? END_OWNER_DIED : END_KILLED;
	death->message = cause ? NULL : c->audit.message;
	death->end_ms = c->time_ms;
	pg->death = death;
	pg->state = PG_REMOVED;
	if (record_put(c, pg_kind(c), pg, cause, &parts.seq, e))
		return -1;
	return cascade(c, &parts, e);
}

int
pg_job_ended(struct cluster *c, void *record, struct cascade *from, struct err *e)
{
	return pg_remove(c, record, from->seq, e);
}

void
pg_waiter(const void *record, struct waiter *to)
{
	const struct pg *pg = record;

	*to = (struct waiter){.group = pg,
	    .priority = pg_priority(pg),
	    .born = pg->born,
	    .since_ms = pg->updated_ms,
	    .waits = pg_waits(pg)};
}

int
pg_computed(struct cluster *c, void *record, const struct computed *from, struct err *e)
{
	struct pg *pg = record;
	const struct ending *death = pg->death;
	struct bundle *b = pg->bundles.v;
	struct having have;
	size_t i;

	(void)from;
	if (bundles_have(c, pg, &have, e))
		return -1;
	for (i = 0; i < have.n; i++) {
		b[i].node = have.nodes[i];
		b[i].lease = have.leases[i];
	}
	pg->age = c->now_ms > pg->created_ms ? c->now_ms - pg->created_ms : 0;
	pg->size = arena_printf(
	    c->arena, "%llu/%zu", (unsigned long long)(pg->bundles.n - pg->missing), pg->bundles.n);
	if (death)
		pg->reason =
		    death->message ? death->message : enum_text(&end_reasons, death->reason);
	else if (pg_waits(pg))
		pg->reason = "waits for resources";
	return 0;
}
