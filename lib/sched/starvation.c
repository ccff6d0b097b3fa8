/* starve: what has waited for too long, and what is kept for it. */
#include "sched/starvation_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "model/actor.h"
#include "model/pg.h"
#include "sched/schedule.h"
#include "model/task.h"
#include "place/image.h"
#include "place/policy.h"
#include "place/queue.h"
#include "rec/filter.h"
#include "state/cluster.h"
#include "state/config.h"
#include "state/kind.h"
#include "state/record.h"

static int
starving_order(const void *a, const void *b)
{
	const struct starving *x = a, *y = b;

	if (x->priority != y->priority)
		return x->priority > y->priority ? -1 : 1;
	return x->born < y->born ? -1 : x->born > y->born;
}

/* What those that wait have alike. A demand NULL, and no group: it cannot starve. */
struct waiter {
	const struct demand *demand;
	const struct pg *group;
	int64_t priority;
	uint64_t born, since_ms;
	bool waits;
};

static struct waiter
waiter_of(unsigned kind, const void *record)
{
	const struct actor *a = record;
	const struct task *t = record;
	const struct pg *pg = record;

	if (kind == KIND_ACTOR)
		return (struct waiter){
		    a->demand, NULL, a->priority, a->born, a->updated_ms, actor_waits(a)};
	if (kind == KIND_TASK)
		return (struct waiter){
		    t->demand, NULL, t->priority, t->born, t->queued_ms, task_waits(t)};
	if (kind == KIND_PG)
		return (struct waiter){
		    NULL, pg, pg_priority(pg), pg->born, pg->updated_ms, pg_waits(pg)};
	return (struct waiter){NULL, NULL, 0, 0, 0, false};
}

static int
waiter_get(struct cluster *c, unsigned kind, uint64_t id, struct waiter *waiter, struct err *e)
{
	void *record = arena_alloc(c->arena, kind_of(kind)->rec->size);

	if (record_get_number(c, kind_of(kind), id, record, e) < 0)
		return -1;
	*waiter = waiter_of(kind, record);
	return 0;
}

static int
starving_add(struct cluster *c, const struct waiter *w, uint64_t of, size_t most, struct err *e)
{
	struct starving *s;
	struct demand *copy;
	struct buf bytes = {.arena = c->kept};

	if (!c->starving_n)
		c->starving = arena_alloc(c->kept, most * sizeof *c->starving);
	s = &c->starving[c->starving_n++];
	*s = (struct starving){.priority = w->priority, .born = w->born, .of = of};
	if (w->group)
		return pg_could_have(c, w->group, &s->nodes, &s->n, e);
	copy = arena_alloc(c->kept, sizeof *copy);
	s->demand = copy;
	rec_encode(&rec_demand, w->demand, &bytes);
	return rec_decode(&rec_demand, copy, buf_slice(&bytes), c->kept, e);
}

#define STARVING_LOOK 8 /* so many of one shape are looked at: the first may have waited less */

/* The first of a shape that starves: those behind it are not later than it. */
static int
starving_of_shape(struct cluster *c, struct head head, uint64_t age, size_t most, struct err *e)
{
	int i;

	for (i = 0; i < STARVING_LOOK && !head.blocked; i++) {
		const struct kind *kind = kind_of(head.kind);
		struct waiter w;

		if (!kind || waiter_get(c, kind->number, head.id, &w, e))
			return -1;
		if ((w.demand || w.group) && w.since_ms + age < c->now_ms)
			return starving_add(c, &w, ref_make(kind->letter, head.id), most, e);
		if (queue_advance(c, &head, e))
			return -1;
	}
	return 0;
}

static int
starving_among(struct cluster *c, const struct heads *heads, uint64_t age, struct err *e)
{
	size_t i;

	for (i = 0; i < heads->n; i++)
		if (starving_of_shape(c, heads->v[i], age, heads->n, e))
			return -1;
	return 0;
}

int
starvation_find(struct cluster *c, struct err *e)
{
	struct arena_mark mark = arena_mark(c->arena);
	struct heads heads = {.n = 0};
	uint64_t age;
	int bad;

	if (c->starving_known)
		return 0;
	c->starving_known = true;
	c->starving_n = 0;
	bad = config_value(c, SETTING_STARVATION_AGE, &age, e) || queue_heads(c, &heads, e) < 0 ||
	      starving_among(c, &heads, age, e);
	if (c->starving_n)
		qsort(c->starving, c->starving_n, sizeof *c->starving, starving_order);
	if (c->arena != c->kept)
		arena_rewind(c->arena, mark);
	return bad ? -1 : 0;
}

/* Whether what waited has done so for too long. */
static bool
starved(struct cluster *c, const struct waiter *w)
{
	struct err ignored;
	uint64_t age;

	if (w->since_ms == c->now_ms || (c->starving_known && !c->starving_n))
		return false;
	return !config_value(c, SETTING_STARVATION_AGE, &age, &ignored) &&
	       w->since_ms + age < c->now_ms;
}

/* Whether a change of a record lets others go ahead, or itself: it has left the queue, or stands
 * elsewhere in it. */
static bool
makes_way(struct cluster *c, const struct kind *kind, const void *old, const void *new)
{
	struct waiter was, is = {NULL, NULL, 0, 0, 0, false};

	if (!old)
		return false;
	was = waiter_of(kind->number, old);
	if (new)
		is = waiter_of(kind->number, new);
	if (was.waits && is.waits)
		return was.priority != is.priority;
	return was.waits && starved(c, &was);
}

/* A node that offers less than before, or another thing, may be none any more that something starves
 * for. */
static bool
has_less(const struct node *old, const struct node *new)
{
	size_t i;

	if (old->state != new->state || old->cordoned != new->cordoned ||
	    field_compare(rec_field(&rec_node, "labels"), old, new))
		return true;

	for (i = 0; i < old->total.n; i++) {
		const struct amount *a = amounts_get(&new->total, old->total.v[i].name);

		if (!a || a->value < old->total.v[i].value)
			return true;
	}
	return false;
}

/* Whether a resource comes to have instances: it does on every node (gpu always has). */
static bool
indexes_more(const struct node *old, const struct node *new)
{
	const struct amount *a, *was;

	for (a = new->total.v; a < new->total.v + new->total.n; a++) {
		was = old ? amounts_get(&old->total, a->name) : NULL;
		if (a->indexed && strcmp(a->name, "gpu") && !(was && was->indexed))
			return true;
	}
	return false;
}

void
starvation_follow(struct cluster *c, const struct kind *kind, const void *old, const void *new)
{
	uint64_t seq = txn_seq(c->txn);
	const struct config *setting = new ? new : old;

	image_follow(c, kind, old, new);
	if (kind->number == KIND_NODE && old && new &&has_less(old, new) && !c->lessened_seq)
		c->lessened_seq = seq;
	if (makes_way(c, kind, old, new) ||
	    (kind->number == KIND_NODE && new != NULL &&indexes_more(old, new)))
		cluster_unblocked(c, seq);
	if (kind->number == KIND_CONFIG &&
	    !strcmp(setting->key, settings[SETTING_STARVATION_AGE].key))
		cluster_unblocked(c, seq);
}

int
starvation_count(struct cluster *c, int64_t priority, uint64_t born, size_t *n, struct err *e)
{
	struct starving at = {.priority = priority, .born = born};

	if (starvation_find(c, e))
		return -1;
	for (*n = c->starving_n; *n && starving_order(&c->starving[*n - 1], &at) >= 0;)
		--*n;
	return 0;
}

int
starvation_before(struct cluster *c, uint64_t of, size_t *n, struct err *e)
{
	const struct kind *kind = of ? kind_letter(ref_letter(of)) : NULL;
	struct waiter w;

	if (starvation_find(c, e))
		return -1;
	*n = c->starving_n;
	if (!*n || !kind)
		return 0;
	if (waiter_get(c, kind->number, ref_number(of), &w, e))
		return -1;
	return w.demand || w.group ? starvation_count(c, w.priority, w.born, n, e) : 0;
}

int
starvation_kept(struct cluster *c, struct image *image, const struct demand *demand, uint64_t of,
    const struct image_node *node, uint64_t *whom, struct err *e)
{
	const struct starving *kept;
	struct policy policy;

	if (policy_begin(c, image, demand, &policy, e) ||
	    starvation_before(c, of, &policy.starving_n, e))
		return -1;
	policy.starving = c->starving;
	if (policy_kept(&policy, node, &kept, e))
		return -1;
	*whom = kept ? kept->of : 0;
	return 0;
}
