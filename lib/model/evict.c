#include "model/evict.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/actor.h"
#include "sched/lease.h"
#include "model/pg.h"
#include "sched/schedule.h"
#include "rec/records.h"
#include "state/cluster.h"
#include "state/index.h"
#include "state/kind.h"
#include "state/record.h"

/* --- what is on the node --- */

struct crowd {
	struct lease *v;
	size_t n;
};

static int
crowd_add(struct cluster *c, void *lease, void *argument, struct err *e)
{
	struct crowd *crowd = argument;

	(void)e;
	crowd->v = arena_push(c->arena, crowd->v, crowd->n, sizeof *crowd->v);
	crowd->v[crowd->n++] = *(struct lease *)lease;
	return 0;
}

static void *
owner_get(struct cluster *c, const struct lease *l, struct err *e)
{
	const struct kind *kind = kind_letter(c->kinds, ref_letter(l->owner));
	void *record = arena_alloc(c->arena, kind->rec->size);

	return record_get_number(c, kind, ref_number(l->owner), record, e) < 0 ? NULL : record;
}

/* --- what keeps a bundle --- */

struct inside {
	const char *keeps; /* the part that cannot move; NULL: all of it can */
};

static int
inside_look(struct cluster *c, void *lease, void *argument, struct err *e)
{
	const struct lease *l = lease;
	const struct kind *kind = kind_letter(c->kinds, ref_letter(l->owner));
	struct inside *in = argument;
	const void *owner;

	if (in->keeps)
		return 0;
	if (!kind->may_move) {
		in->keeps = arena_printf(c->arena, "%c%llu runs in it", kind->letter,
		    (unsigned long long)ref_number(l->owner));
		return 0;
	}
	if (!(owner = owner_get(c, l, e)))
		return -1;
	if (!kind->may_move(owner))
		in->keeps = arena_printf(c->arena, "%s %s in it may not be restarted", kind->name,
		    record_label(kind, owner, c->arena));
	return 0;
}

/* The work in a group's bundles on the node that cannot move, or NULL. */
static int
group_kept(struct cluster *c, const struct lease *of, const char **keeps, struct err *e)
{
	struct inside in = {NULL};
	struct crowd crowd = {.n = 0};
	size_t i;

	if (index_owned(c, kind_of(c->kinds, KIND_LEASE), of->owner, crowd_add, &crowd, e))
		return -1;
	for (i = 0; i < crowd.n; i++)
		if (crowd.v[i].node == of->node &&
		    index_owned(c, kind_of(c->kinds, KIND_LEASE), ref_make('L', crowd.v[i].id),
			inside_look, &in, e))
			return -1;
	*keeps = in.keeps;
	return 0;
}

int
evict_stays(struct cluster *c, const struct lease *l, struct stay *stay, struct err *e)
{
	const struct kind *kind = kind_letter(c->kinds, ref_letter(l->owner));
	const void *owner;
	const char *keeps = NULL;

	if (!l->owner || !kind) {
		stay->who = arena_printf(c->arena, "L%llu", (unsigned long long)l->id);
		stay->why = l->message ? l->message : "it is held";
		return 0;
	}
	if (!(owner = owner_get(c, l, e)))
		return -1;
	stay->who = record_label(kind, owner, c->arena);
	if (!l->bundle) {
		stay->who = arena_printf(c->arena, "%s %s", kind->name, stay->who);
		stay->why = !kind->may_move	    ? "it runs"
			    : kind->may_move(owner) ? "it fits nowhere else"
						    : "it may not be restarted";
		return 0;
	}
	stay->who = arena_printf(
	    c->arena, "bundle %llu of group %s", (unsigned long long)l->bundle, stay->who);
	if (group_kept(c, l, &keeps, e))
		return -1;
	stay->why = keeps ? keeps : "it fits nowhere else";
	return 0;
}

static int
stays(struct cluster *c, const struct lease *l, bool strict, struct err *e)
{
	struct stay stay;

	if (!strict)
		return 0;
	if (evict_stays(c, l, &stay, e))
		return -1;
	return err_set(e, ERR_UNSATISFIABLE, "%s cannot move: %s", stay.who, stay.why);
}

/* --- moving --- */

static const struct loss preempted = {.reason = END_NODE_DIED, .preempted = true};

static int
actor_leaves(struct cluster *c, const struct lease *l, bool strict, uint64_t cause, struct err *e)
{
	struct actor *a = owner_get(c, l, e);
	struct seeking elsewhere = {.demand = a ? a->demand : NULL};
	struct loss loss = preempted;
	uint64_t node;
	int got = 0;

	if (!a)
		return -1;
	if (a->lease != l->id)
		return 0;
	if (actor_may_move(a))
		got = schedule_pick(c, &elsewhere, &node, e);
	if (got <= 0)
		return got < 0 ? -1 : stays(c, l, strict, e);
	loss.cause = cause;
	/* Placed at once: the next move must see what is left. */
	return actor_lost(c, a, &loss, e) || actor_place(c, a, &elsewhere.among, a->rev, e) < 0 ? -1
												: 0;
}

static int
each_inside(struct cluster *c, const struct crowd *bundles, struct crowd *inside, struct err *e)
{
	size_t i;

	for (i = 0; i < bundles->n; i++)
		if (index_owned(c, kind_of(c->kinds, KIND_LEASE), ref_make('L', bundles->v[i].id),
			crowd_add, inside, e))
			return -1;
	return 0;
}

/* Each returns to its bundle, so that all have room again. */
static int
inside_return(
    struct cluster *c, const struct crowd *bundles, const struct crowd *inside, struct err *e)
{
	size_t i, k;

	for (i = 0; i < inside->n; i++) {
		struct actor *a = owner_get(c, &inside->v[i], e);

		if (!a)
			return -1;
		for (k = 0; k < bundles->n; k++)
			if (bundles->v[k].id == inside->v[i].parent && actor_waits(a) &&
			    actor_put_inside(c, a, bundles->v[k].bundle, a->rev, e) < 0)
				return -1;
	}
	return 0;
}

static int
bundles_leave(
    struct cluster *c, struct pg *pg, const struct crowd *bundles, uint64_t cause, struct err *e)
{
	struct crowd inside = {.n = 0};
	struct loss loss = preempted;
	uint64_t seq;
	size_t i;

	if (each_inside(c, bundles, &inside, e) || pg_moves(c, pg, bundles->n, cause, &seq, e))
		return -1;
	loss.cause = seq;
	for (i = 0; i < inside.n; i++) {
		struct actor *a = owner_get(c, &inside.v[i], e);

		if (!a || actor_lost(c, a, &loss, e))
			return -1;
	}
	for (i = 0; i < bundles->n; i++)
		if (lease_release(c, &bundles->v[i], seq, e))
			return -1;
	return pg_place(c, pg, NULL, seq, e) < 0 ? -1 : inside_return(c, bundles, &inside, e);
}

static int
group_leaves(struct cluster *c, const struct lease *first, const struct crowd *all, bool strict,
    uint64_t cause, struct err *e)
{
	struct crowd bundles = {.n = 0};
	struct pg *pg = owner_get(c, first, e);
	const char *keeps;
	size_t i;
	int got = 0;

	if (!pg || group_kept(c, first, &keeps, e))
		return -1;
	if (!keeps)
		got = pg_fits_without(c, pg, first->node, e);
	if (got <= 0)
		return got < 0 ? -1 : stays(c, first, strict, e);
	for (i = 0; i < all->n; i++)
		if (all->v[i].owner == first->owner)
			crowd_add(c, &all->v[i], &bundles, e);
	return bundles_leave(c, pg, &bundles, cause, e);
}

static bool
is_first_of(const struct crowd *crowd, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (crowd->v[k].owner == crowd->v[i].owner)
			return false;
	return true;
}

/* Moves work outside bundles; holds and tasks stay. */
static int
lease_leaves(struct cluster *c, const struct lease *l, bool strict, uint64_t cause, struct err *e)
{
	const struct kind *kind = kind_letter(c->kinds, ref_letter(l->owner));

	return kind && kind->may_move ? actor_leaves(c, l, strict, cause, e) : 0;
}

int
evict_node(struct cluster *c, uint64_t node, bool strict, uint64_t cause, struct err *e)
{
	struct crowd crowd = {.n = 0};
	size_t i;

	if (index_on_node(c, kind_of(c->kinds, KIND_LEASE), node, crowd_add, &crowd, e))
		return -1;
	for (i = 0; i < crowd.n; i++)
		if (crowd.v[i].bundle && is_first_of(&crowd, i) &&
		    group_leaves(c, &crowd.v[i], &crowd, strict, cause, e))
			return -1;
	for (i = 0; i < crowd.n; i++)
		if (!crowd.v[i].bundle && lease_leaves(c, &crowd.v[i], strict, cause, e))
			return -1;
	return 0;
}
