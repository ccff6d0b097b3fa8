#include "model/lock.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "model/worker.h"
#include "state/cascade.h"
#include "state/cluster.h"
#include "state/derive.h"
#include "state/index.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"
#include "store/txn.h"

static const struct kind *
lock_kind(const struct cluster *c)
{
	return kind_of(c->kinds, KIND_LOCK);
}

void
lock_derive(const struct kind *kind, const void *record, struct derived *to)
{
	const struct lock *l = record;
	struct key key = {.n = 0};

	key_u64(&key, l->id);
	derive_count(to, kind, 0);
	derive_name(to, kind, "", l->name, false, l->id);
	derive_owned(to, kind, ref_make('W', l->holder), key_slice(&key));
	derive_on_node(to, kind, l->node, l->id);
	derive_due(to, kind, l->expires_ms, key_slice(&key));
}

/* The current holders. */
struct others {
	const struct lock *wanted;
	uint64_t n, slots;
	bool alone;	      /* one holder does not share it */
	unsigned char *taken; /* by slot, from 1 */
};

static int
count_other(struct cluster *c, void *record, void *argument, struct err *e)
{
	const struct lock *l = record;
	struct others *o = argument;

	(void)c;
	(void)e;
	o->n++;
	o->alone |= l->mode != o->wanted->mode || l->mode == LOCK_EXCLUSIVE;
	o->slots = l->slots ? l->slots : o->slots;
	if (l->slot <= o->wanted->slots)
		o->taken[l->slot] = 1;
	return 0;
}

static int
wanted_check(const struct lock *wanted, struct err *e)
{
	if (!text_is_name(wanted->name))
		return err_value(e, ERR_USAGE, wanted->name,
		    "'%s' is not a valid lock name (letters, digits, . _ -; not like an id)",
		    wanted->name);
	if (wanted->slots > LOCK_SLOTS_MAX || (wanted->mode == LOCK_SLOT && !wanted->slots))
		return err_set(e, ERR_USAGE, "a lock has 1 to %d slots", LOCK_SLOTS_MAX);
	return 0;
}

int
lock_fits(struct cluster *c, struct lock *wanted, struct err *e)
{
	struct others others = {.wanted = wanted};

	wanted->slot = 0;
	if (wanted_check(wanted, e))
		return -1;
	others.taken = arena_alloc(c->arena, wanted->slots + 1);
	if (index_named(c, lock_kind(c), wanted->name, count_other, &others, e))
		return -1;
	if (wanted->slots && others.slots && others.slots != wanted->slots)
		return err_value(e, ERR_REFUSED, wanted->name,
		    "lock '%s' is held with %llu slots, not %llu", wanted->name,
		    (unsigned long long)others.slots, (unsigned long long)wanted->slots);
	if (others.alone || (wanted->mode == LOCK_EXCLUSIVE && others.n))
		return 0;
	if (wanted->mode != LOCK_SLOT)
		return 1;
	for (wanted->slot = 1; wanted->slot <= wanted->slots; wanted->slot++)
		if (!others.taken[wanted->slot])
			return 1;
	wanted->slot = 0;
	return 0;
}

static int
node_check(struct cluster *c, uint64_t id, struct err *e)
{
	struct node node = {0};
	int got = id ? record_get_number(c, kind_of(c->kinds, KIND_NODE), id, &node, e) : 0;

	if (got <= 0 || node.state != NODE_DEAD)
		return got < 0 ? -1 : 0;
	return err_value(e, ERR_REFUSED, node.name,
	    "node %s (N%llu) is DEAD: nothing there gets a lock", node.name,
	    (unsigned long long)id);
}

int
lock_grant(struct cluster *c, struct lock *wanted, struct worker *holder, struct err *e)
{
	uint64_t seq;
	int fits = lock_fits(c, wanted, e);

	if (fits <= 0)
		return fits;
	if (node_check(c, holder->node, e))
		return -1;
	wanted->id = txn_counter_next(c->txn, 'K');
	holder->record = ref_make('K', wanted->id);
	if (worker_run(c, holder, &seq, e))
		return -1;
	wanted->holder = holder->id;
	wanted->node = holder->node;
	wanted->pid = holder->pid;
	return record_put(c, lock_kind(c), wanted, seq, NULL, e) ? -1 : 1;
}

int
lock_owner_ended(struct cluster *c, void *record, struct cascade *from, struct err *e)
{
	return record_remove(c, lock_kind(c), record, from->seq, NULL, e) < 0 ? -1 : 0;
}

int
lock_due(struct cluster *c, struct slice key, struct err *e)
{
	struct lock l = {0};
	int got = record_get(c, lock_kind(c), key, &l, e);

	if (got <= 0 || !l.expires_ms || l.expires_ms > c->now_ms)
		return got < 0 ? -1 : 0;
	return record_remove(c, lock_kind(c), &l, 0, NULL, e) < 0 ? -1 : 0;
}

int
lock_computed(struct cluster *c, void *record, const struct computed *from, struct err *e)
{
	struct lock *l = record;

	(void)from;
	(void)e;
	l->fence = l->born;
	l->age = c->now_ms > l->created_ms ? c->now_ms - l->created_ms : 0;
	return 0;
}
