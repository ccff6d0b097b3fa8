#include "sched/dirt.h"

#include "base/arena.h"
#include "sched/sched_internal.h"
#include "state/cluster.h"
#include "state/kind.h"

struct sched *
sched_of(struct cluster *c)
{
	if (!c->sched)
		c->sched = arena_alloc(c->kept, sizeof *c->sched);
	return c->sched;
}

static struct dirt *
dirt_of(struct cluster *c)
{
	return &sched_of(c)->dirt;
}

void
dirt_freed(struct cluster *c, uint64_t node, uint64_t seq)
{
	struct dirt *d = dirt_of(c);
	size_t i;

	for (i = d->dead_n; i-- > 0;)
		if (d->dead[i] == node)
			return;
	if (!d->freed_n)
		d->freed_seq = seq;
	if (d->freed_n && d->freed[d->freed_n - 1] == node)
		return;
	d->freed = arena_push(c->kept, d->freed, d->freed_n, sizeof *d->freed);
	d->freed[d->freed_n++] = node;
}

void
dirt_node_ended(struct cluster *c, uint64_t node)
{
	struct dirt *d = dirt_of(c);

	d->dead = arena_push(c->kept, d->dead, d->dead_n, sizeof *d->dead);
	d->dead[d->dead_n++] = node;
}

void
dirt_unblocked(struct cluster *c, uint64_t seq)
{
	struct dirt *d = dirt_of(c);

	if (!d->unblocked)
		d->unblocked_seq = seq;
	d->unblocked = true;
}

void
dirt_lessened(struct cluster *c, uint64_t seq)
{
	struct dirt *d = dirt_of(c);

	if (!d->lessened_seq)
		d->lessened_seq = seq;
}

void
dirt_waits(struct cluster *c, const struct kind *kind, uint64_t id, uint64_t seq)
{
	struct dirt *d = dirt_of(c);

	d->waits = ref_make(kind->letter, id);
	if (!d->waits_n++)
		d->waits_seq = seq;
}

static void
cause_of(struct dirty *to, bool happened, uint64_t seq)
{
	if (happened && (!to->cause || seq < to->cause))
		to->cause = seq;
}

bool
dirt_take(struct cluster *c, struct dirty *to)
{
	struct dirt *d = dirt_of(c);

	*to = (struct dirty){.freed = {d->freed, d->freed_n},
	    .waits = d->waits,
	    .waits_n = d->waits_n,
	    .unblocked = d->unblocked || d->lessened_seq};
	cause_of(to, d->freed_n, d->freed_seq);
	cause_of(to, d->waits_n, d->waits_seq);
	cause_of(to, d->unblocked, d->unblocked_seq);
	if (!to->cause)
		to->cause = d->lessened_seq;
	*d = (struct dirt){.dead = d->dead, .dead_n = d->dead_n};
	return to->freed.n || to->waits_n || to->unblocked;
}
