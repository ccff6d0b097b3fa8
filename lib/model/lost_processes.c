#include "model/lost_processes.h"

#include "base/arena.h"
#include "base/err.h"
#include "store/scan.h"
#include "model/job.h"
#include "model/node.h"
#include "model/task.h"
#include "model/worker.h"
#include "place/queue.h"
#include "state/cluster.h"
#include "state/index.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"

static int
worker_observed(struct cluster *c, uint64_t id, struct lost_process *o, struct err *e)
{
	struct worker w = {0};

	if (record_get_number(c, kind_of(KIND_WORKER), id, &w, e) < 0)
		return -1;
	*o = (struct lost_process){ref_make('W', id), w.rev, w.pid, w.started, w.boot_id, w.log};
	if (ref_letter(w.record) == 'K')
		o->name = arena_printf(c->arena, "W%llu", (unsigned long long)id);
	return 0;
}

static int
task_observed(struct cluster *c, uint64_t id, struct lost_process *o, struct err *e)
{
	struct task t = {0};
	struct job j = {0};

	if (record_get_number(c, kind_of(KIND_TASK), id, &t, e) < 0 ||
	    record_get_number(c, kind_of(KIND_JOB), t.job, &j, e) < 0)
		return -1;
	*o = (struct lost_process){ref_make('T', id), t.rev, j.pid, j.started, j.boot_id, NULL};
	return 0;
}

int
lost_processes_list(struct cluster *c, struct lost_process **v, size_t *n, struct err *e)
{
	struct slice key, value;
	struct scan scan;
	int got, bad = 0;

	*n = 0;
	if (scan_table(&scan, c->txn, TABLE_LIVE, e))
		return -1;
	while (!bad && (got = scan_next(&scan, &key, &value, e)) > 0) {
		*v = arena_push(c->arena, *v, *n, sizeof **v);
		bad = key.p[0] == KIND_WORKER ? worker_observed(c, key_tail(key), &(*v)[*n], e)
					      : task_observed(c, key_tail(key), &(*v)[*n], e);
		++*n;
	}
	scan_close(&scan);
	return bad || got < 0 ? -1 : 0;
}

static int
worker_lost(struct cluster *c, const struct lost_process *o, struct err *e)
{
	static const struct worker_end end = {
	    .exit = {.type = EXIT_SYSTEM_ERROR}, .message = "its process vanished"};
	struct worker *w = arena_alloc(c->arena, sizeof *w);
	int got = record_get_number(c, kind_of(KIND_WORKER), ref_number(o->ref), w, e);

	if (got <= 0 || w->rev != o->rev)
		return got < 0 ? -1 : 0;
	return worker_exit(c, w, &end, e) || node_passes(c, w->node, w->rev, e) ? -1 : 0;
}

static int
submitter_lost(struct cluster *c, const struct lost_process *o, struct err *e)
{
	struct task_end end = {.state = TASK_CANCELLED,
	    .reason = END_WORKER_LOST,
	    .message = "its submitter vanished while it waited"};
	struct task *t = arena_alloc(c->arena, sizeof *t);
	int got = record_get_number(c, kind_of(KIND_TASK), ref_number(o->ref), t, e);
	const struct demand *demand = t->demand;

	if (got <= 0 || t->rev != o->rev)
		return got < 0 ? -1 : 0;
	if (task_end(c, t, &end, e))
		return -1;
	return demand && demand->on ? node_passes(c, demand->on, t->rev, e) : 0;
}

int
lost_processes_end(struct cluster *c, const struct lost_process *o, struct err *e)
{
	return ref_letter(o->ref) == 'W' ? worker_lost(c, o, e) : submitter_lost(c, o, e);
}

/* Whether something waits for this very node. */
static int
is_waited_for(struct cluster *c, uint64_t node, bool *waited, struct err *e)
{
	struct heads heads = {.n = 0};
	size_t i;

	*waited = false;
	if (queue_heads(c, &heads, e) < 0)
		return -1;
	for (i = 0; i < heads.n && !*waited; i++) {
		const struct key *key = &heads.v[i].key;
		const struct demand *demand;
		struct task t = {0};

		if (key->p[key->n - 9] != KIND_TASK)
			continue;
		if (record_get_number(c, kind_of(KIND_TASK), key_tail(key_slice(key)), &t, e) < 0)
			return -1;
		demand = t.demand;
		*waited = demand && demand->on == node;
	}
	return 0;
}

int
node_passes(struct cluster *c, uint64_t id, uint64_t cause, struct err *e)
{
	struct node *node = arena_alloc(c->arena, sizeof *node);
	int got = record_get_number(c, kind_of(KIND_NODE), id, node, e);
	uint64_t leases;
	bool waited;

	if (got <= 0 || !node->passing || node->state != NODE_ALIVE)
		return got < 0 ? -1 : 0;
	if (index_on_node_count(c, kind_of(KIND_LEASE), id, &leases, e) ||
	    is_waited_for(c, id, &waited, e))
		return -1;
	if (leases || waited)
		return 0;
	return node_end(
	    c, node, REASON_EXPECTED_TERMINATION, "its last job run has ended", 0, cause, e);
}
