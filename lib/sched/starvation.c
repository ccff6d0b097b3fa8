#include "sched/starvation.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "place/image.h"
#include "place/policy.h"
#include "place/queue.h"
#include "sched/sched_internal.h"
#include "state/cluster.h"
#include "state/config.h"
#include "state/kind.h"
#include "state/record.h"

#define STARVING_LOOK 8 /* records of one shape examined: the first may have waited less */

static int
starving_order(const void *a, const void *b)
{
	const struct starving *x = a, *y = b;

	if (x->priority != y->priority)
		return x->priority > y->priority ? -1 : 1;
	return x->born < y->born ? -1 : x->born > y->born;
}

/* A record in the queue. */
struct standing {
	const struct kind *kind;
	uint64_t id;
	void *record;
	struct waiter waiter;
};

static int
standing_get(
    struct cluster *c, const struct kind *kind, uint64_t id, struct standing *s, struct err *e)
{
	*s = (struct standing){.kind = kind, .id = id};
	if (!kind || !kind->waiter)
		return 0;
	s->record = arena_alloc(c->arena, kind->rec->size);
	if (record_get_number(c, kind, id, s->record, e) < 0)
		return -1;
	kind->waiter(s->record, &s->waiter);
	return 0;
}

/* A demand for nothing but a node never starves. */
static bool
can_starve(const struct waiter *w)
{
	return w->demand || w->group;
}

/* In c->kept, because it outlives the records read. */
static int
starving_add(struct cluster *c, const struct standing *at, struct err *e)
{
	struct starvation *s = &sched_of(c)->starvation;
	const struct waiter *w = &at->waiter;
	struct starving *to;
	struct demand *copy;
	struct buf bytes = {.arena = c->kept};

	s->v = arena_push(c->kept, s->v, s->n, sizeof *s->v);
	to = &s->v[s->n++];
	*to = (struct starving){
	    .priority = w->priority, .born = w->born, .of = ref_make(at->kind->letter, at->id)};
	if (w->group)
		return at->kind->could_have(c, at->record, &to->nodes, &to->n, e);
	copy = arena_alloc(c->kept, sizeof *copy);
	to->demand = copy;
	rec_encode(&rec_demand, w->demand, &bytes);
	return rec_decode(&rec_demand, copy, buf_slice(&bytes), c->kept, e);
}

/* Adds the first starving record of a shape; those behind it do not precede it. */
static int
starving_of_shape(struct cluster *c, struct head head, uint64_t age, struct err *e)
{
	struct standing at;
	int i;

	for (i = 0; i < STARVING_LOOK && !head.blocked; i++) {
		if (standing_get(c, kind_of(c->kinds, head.kind), head.id, &at, e))
			return -1;
		if (can_starve(&at.waiter) && at.waiter.since_ms + age < c->now_ms)
			return starving_add(c, &at, e);
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
		if (starving_of_shape(c, heads->v[i], age, e))
			return -1;
	return 0;
}

int
starvation_find(struct cluster *c, struct err *e)
{
	struct starvation *s = &sched_of(c)->starvation;
	struct arena_mark mark = arena_mark(c->arena);
	struct heads heads = {.n = 0};
	uint64_t age;
	int bad;

	if (s->known)
		return 0;
	*s = (struct starvation){.known = true};
	bad = config_value(c, SETTING_STARVATION_AGE, &age, e) || queue_heads(c, &heads, e) < 0 ||
	      starving_among(c, &heads, age, e);
	if (s->n)
		qsort(s->v, s->n, sizeof *s->v, starving_order);
	if (c->arena != c->kept)
		arena_rewind(c->arena, mark);
	return bad ? -1 : 0;
}

void
starvation_forget(struct cluster *c, bool all)
{
	struct starvation *s = &sched_of(c)->starvation;

	if (s->n || all)
		s->known = false;
}

int
starvation_starved(struct cluster *c, const struct waiter *w, bool *starved, struct err *e)
{
	const struct starvation *s = &sched_of(c)->starvation;
	uint64_t age;

	*starved = false;
	if (w->since_ms == c->now_ms || (s->known && !s->n))
		return 0;
	if (config_value(c, SETTING_STARVATION_AGE, &age, e))
		return -1;
	*starved = w->since_ms + age < c->now_ms;
	return 0;
}

int
starvation_ahead(
    struct cluster *c, int64_t priority, uint64_t born, struct starving_list *ahead, struct err *e)
{
	struct starving at = {.priority = priority, .born = born};
	struct starvation *s = &sched_of(c)->starvation;

	if (starvation_find(c, e))
		return -1;
	*ahead = (struct starving_list){s->v, s->n};
	while (ahead->n && starving_order(&ahead->v[ahead->n - 1], &at) >= 0)
		ahead->n--;
	return 0;
}

int
starvation_before(struct cluster *c, uint64_t of, struct starving_list *before, struct err *e)
{
	struct starvation *s = &sched_of(c)->starvation;
	struct standing at;

	if (starvation_find(c, e))
		return -1;
	*before = (struct starving_list){s->v, s->n};
	if (!s->n || !of)
		return 0;
	if (standing_get(c, kind_letter(c->kinds, ref_letter(of)), ref_number(of), &at, e))
		return -1;
	return can_starve(&at.waiter)
		   ? starvation_ahead(c, at.waiter.priority, at.waiter.born, before, e)
		   : 0;
}

int
starvation_kept(struct cluster *c, const struct demand *demand, uint64_t of,
    const struct image_node *node, uint64_t *whom, struct err *e)
{
	const struct starving *kept;
	struct starving_list before;
	struct policy policy;
	struct image *image;

	if (image_of(c, &image, e) || policy_begin(c, image, demand, &policy, e) ||
	    starvation_before(c, of, &before, e))
		return -1;
	policy.starving = before.v;
	policy.starving_n = before.n;
	if (policy_kept(&policy, node, &kept, e))
		return -1;
	*whom = kept ? kept->of : 0;
	return 0;
}
