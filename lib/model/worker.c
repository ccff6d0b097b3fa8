#include "model/worker.h"

#include <signal.h>
#include <string.h>

#include "base/arena.h"
#include "base/duration.h"
#include "base/err.h"
#include "base/number.h"
#include "model/lost_processes.h"
#include "model/passing.h"
#include "sched/lease.h"
#include "state/cascade.h"
#include "state/cluster.h"
#include "state/derive.h"
#include "state/index.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"
#include "store/txn.h"

static const struct kind *
worker_kind(const struct cluster *c)
{
	return kind_of(c->kinds, KIND_WORKER);
}

void
worker_derive(const struct kind *kind, const void *record, struct derived *to)
{
	const struct worker *w = record;
	struct key key = {.n = 0};

	key_u64(&key, w->id);
	derive_count(to, kind, w->state);
	if (w->state == WORKER_EXITED) {
		derive_ended(to, kind, w->end_ms, w->id);
		return;
	}
	derive_on_node(to, kind, w->node, w->id);
	derive_owned(to, kind, w->record, key_slice(&key));
	if (w->supervised)
		derive_live(to, kind, w->id);
}

/* --- start --- */

int
worker_placed(struct worker *w, uint64_t node, struct err *e)
{
	if (w->node && w->node != node)
		return err_set(e, ERR_REFUSED, "%c%llu is on N%llu, not on N%llu",
		    ref_letter(w->record), (unsigned long long)ref_number(w->record),
		    (unsigned long long)node, (unsigned long long)w->node);
	w->node = node;
	return 0;
}

/* What a process executes: the record it was started for, or the executor of that record. */
struct executed {
	const struct kind *kind;
	void *record;
};

static int
executed_get(struct cluster *c, struct worker *w, struct executed *x, struct err *e)
{
	x->kind = w->record ? kind_letter(c->kinds, ref_letter(w->record)) : NULL;
	if (!x->kind)
		return err_set(e, ERR_USAGE, "a process executes a task, an actor or a job");
	x->record = arena_alloc(c->arena, x->kind->rec->size);
	return record_get_number(c, x->kind, ref_number(w->record), x->record, e) < 0 ? -1 : 0;
}

static int
executed_find(struct cluster *c, struct worker *w, struct executed *x, struct err *e)
{
	uint64_t executor;

	if (executed_get(c, w, x, e))
		return -1;
	executor = x->kind->executor ? x->kind->executor(x->record) : 0;
	if (executor) {
		w->record = executor;
		if (executed_get(c, w, x, e))
			return -1;
	}
	if (x->kind->may_start)
		return x->kind->may_start(c, x->record, w, e);
	return err_set(
	    e, ERR_USAGE, "a process executes a task, an actor or a job, not a %s", x->kind->name);
}

int
worker_run(struct cluster *c, struct worker *wanted, uint64_t *seq, struct err *e)
{
	wanted->id = txn_counter_next(c->txn, 'W');
	wanted->state = WORKER_RUNNING;
	return record_put(c, worker_kind(c), wanted, 0, seq, e);
}

int
worker_start(struct cluster *c, struct worker *wanted, struct err *e)
{
	struct executed x;
	uint64_t seq;

	if (executed_find(c, wanted, &x, e) || worker_run(c, wanted, &seq, e))
		return -1;
	return x.kind->started(c, x.record, wanted, seq, e);
}

/* --- end --- */

static void
type_set(struct exit *how, const struct worker *w)
{
	if (how->signal && !how->code)
		how->code = 128 + how->signal;
	if (how->type)
		return;
	how->type = w->stop_ms			     ? EXIT_INTENDED_SYSTEM
		    : how->code == 0 && !how->signal ? EXIT_INTENDED_USER
						     : EXIT_SYSTEM_ERROR;
}

static int
record_left(struct cluster *c, const struct worker *w, const struct ended *ended, struct err *e)
{
	const struct kind *kind = kind_letter(c->kinds, ref_letter(w->record));
	void *record;
	int got;

	if (!kind || !kind->worker_ended)
		return 0;
	record = arena_alloc(c->arena, kind->rec->size);
	got = record_get_number(c, kind, ref_number(w->record), record, e);
	return got <= 0 ? got : kind->worker_ended(c, record, ended, e);
}

int
worker_exit(struct cluster *c, struct worker *w, const struct worker_end *end, struct err *e)
{
	struct exit *how = arena_copy(c->arena, &end->exit, sizeof *how);
	struct ended ended = {.worker = w->id, .how = how, .message = end->message};
	struct cascade owned = {.cause = CASCADE_OWNER, .of = ref_make('W', w->id)};
	uint64_t lease = w->lease;

	if (w->state == WORKER_EXITED)
		return 0;
	type_set(how, w);
	w->state = WORKER_EXITED;
	w->exit = how;
	w->message = end->message;
	w->end_ms = c->time_ms;
	w->cpu = end->cpu_ms;
	w->max_rss = end->max_rss;
	w->lease = 0;
	if (record_put(c, worker_kind(c), w, end->cause, &ended.seq, e))
		return -1;
	if (lease && lease_give(c, lease, 0, ended.seq, e))
		return -1;
	if (record_left(c, w, &ended, e))
		return -1;
	owned.seq = ended.seq;
	return cascade(c, &owned, e);
}

static int
stop(struct cluster *c, struct worker *w, const struct dismissal *how, struct err *e)
{
	uint64_t seq;

	if (!w->stop_ms) {
		w->stop_ms = c->time_ms;
		w->grace = how->grace_ms ? how->grace_ms : GRACE_MS;
	}
	if (how->lease)
		w->lease = how->lease;
	if (record_put(c, worker_kind(c), w, how->cause, &seq, e))
		return -1;
	return how->lease ? lease_give(c, how->lease, ref_make('W', w->id), seq, e) : 0;
}

int
worker_dismiss(struct cluster *c, const struct dismissal *how, struct err *e)
{
	struct worker_end gone = {.exit = {.type = EXIT_INTENDED_SYSTEM}, .cause = how->cause};
	struct worker *w = arena_alloc(c->arena, sizeof *w);
	struct node node = {0};
	int got = 0;

	if (how->worker)
		got = record_get_number(c, worker_kind(c), how->worker, w, e);
	if (got > 0 && w->state == WORKER_RUNNING)
		got = record_get_number(c, kind_of(c->kinds, KIND_NODE), w->node, &node, e);
	if (got < 0)
		return -1;
	if (w->state == WORKER_RUNNING && node.state == NODE_DEAD)
		return 0; /* both end with the node */
	if (w->state == WORKER_RUNNING && w->supervised)
		return w->stop_ms && !how->lease ? 0 : stop(c, w, how, e);
	if (w->state == WORKER_RUNNING && !w->supervised && worker_exit(c, w, &gone, e))
		return -1;
	return how->lease ? lease_give(c, how->lease, 0, how->cause, e) : 0;
}

int
worker_job_ended(struct cluster *c, void *record, struct cascade *from, struct err *e)
{
	struct dismissal how = {.worker = ((const struct worker *)record)->id,
	    .grace_ms = from->grace_ms,
	    .cause = from->seq};

	return worker_dismiss(c, &how, e);
}

enum end_reason
worker_exit_reason(const struct exit *how)
{
	if (how->type == EXIT_INTENDED_USER)
		return END_FINISHED;
	if (how->type == EXIT_NODE_OUT_OF_MEMORY)
		return END_WORKER_LOST;
	if (how->signal)
		return END_SIGNALED;
	/* without a code the report says only that it is gone */
	return how->code || how->type == EXIT_USER_ERROR ? END_NONZERO_EXIT : END_WORKER_LOST;
}

int
worker_node_ended(struct cluster *c, void *record, struct cascade *from, struct err *e)
{
	struct worker_end end = {
	    .exit = {.type = EXIT_SYSTEM_ERROR}, .message = "its node died", .cause = from->seq};

	return worker_exit(c, record, &end, e);
}

int
worker_process(struct cluster *c, uint64_t id, struct lost_process *o, struct err *e)
{
	struct worker w = {0};

	if (record_get_number(c, worker_kind(c), id, &w, e) < 0)
		return -1;
	*o = (struct lost_process){ref_make('W', id), w.rev, w.pid, w.started, w.boot_id, w.log};
	if (ref_letter(w.record) == 'K')
		o->name = arena_printf(c->arena, "W%llu", (unsigned long long)id);
	return 0;
}

int
worker_orphaned(struct cluster *c, const struct lost_process *o, struct err *e)
{
	static const struct worker_end end = {
	    .exit = {.type = EXIT_SYSTEM_ERROR}, .message = "its process vanished"};
	struct worker *w = arena_alloc(c->arena, sizeof *w);
	int got = record_get_number(c, worker_kind(c), ref_number(o->ref), w, e);

	if (got <= 0 || w->rev != o->rev)
		return got < 0 ? -1 : 0;
	return worker_exit(c, w, &end, e) || passing_end(c, w->node, w->rev, e) ? -1 : 0;
}

bool
worker_succeeded(const void *record)
{
	const struct exit *exit = ((const struct worker *)record)->exit;

	return exit && !exit->code && !exit->signal;
}

const char *
worker_reason_cell(struct cluster *c, const struct ending *death, uint64_t not_before_ms,
    uint64_t backoff, bool waits, const char *placed)
{
	const char *reason = death ? enum_text(&end_reasons, death->reason) : NULL;
	char text[NUMBER_SIZE];

	if (death && death->message)
		return arena_printf(c->arena, "%s: %s", reason ? reason : "?", death->message);
	if (death)
		return reason;
	if (not_before_ms)
		return arena_printf(c->arena, "backoff of %s", duration_short(text, backoff));
	return waits ? "waits for resources" : placed;
}

const char *
worker_exit_cell(struct cluster *c, const struct exit *how)
{
	const char *name;

	if (!how || (!how->signal && !how->code && how->type != EXIT_INTENDED_USER))
		return NULL; /* not reported */
	if (!how->signal)
		return arena_printf(c->arena, "%llu", (unsigned long long)how->code);
	name = sigabbrev_np((int)how->signal);
	return name ? arena_printf(c->arena, "SIG%s", name)
		    : arena_printf(c->arena, "signal %llu", (unsigned long long)how->signal);
}

int
worker_computed(struct cluster *c, void *record, const struct computed *from, struct err *e)
{
	struct worker *w = record;
	const struct exit *how = w->exit;

	w->age = c->now_ms > w->created_ms ? c->now_ms - w->created_ms : 0;
	w->code = worker_exit_cell(c, how);
	w->reason = w->message	 ? w->message
		    : how	 ? enum_text(&exit_types, how->type)
		    : w->stop_ms ? "is to stop"
				 : NULL;
	(void)from;
	(void)e;
	return 0;
}
