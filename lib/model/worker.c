#include "model/worker.h"

#include <signal.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/actor.h"
#include "model/job.h"
#include "sched/lease.h"
#include "model/cascade.h"
#include "model/task.h"
#include "state/cluster.h"
#include "state/derive.h"
#include "state/index.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"

static const struct kind *
worker_kind(void)
{
	return kind_of(KIND_WORKER);
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

/* --- starting --- */

static int
elsewhere(const struct worker *w, uint64_t node, struct err *e)
{
	if (!w->node || w->node == node)
		return 0;
	return err_set(e, ERR_REFUSED, "%c%llu is on N%llu, not on N%llu", ref_letter(w->record),
	    (unsigned long long)ref_number(w->record), (unsigned long long)node,
	    (unsigned long long)w->node);
}

static int
start_for_task(struct cluster *c, struct worker *w, uint64_t seq, struct task *t, struct err *e)
{
	if (seq)
		return task_started(c, t, w, seq, e);
	if (task_may_start(t, e) || elsewhere(w, t->node, e))
		return -1;
	w->node = t->node;
	return 0;
}

static int
start_for_actor(struct cluster *c, struct worker *w, uint64_t seq, struct actor *a, struct err *e)
{
	if (seq)
		return actor_started(c, a, w, seq, e);
	if (actor_may_start(a, e) || elsewhere(w, a->node, e))
		return -1;
	w->node = a->node;
	return 0;
}

static int
node_lives(struct cluster *c, uint64_t id, struct err *e)
{
	struct node node = {0};

	if (!id)
		return 0;
	if (record_get_number(c, kind_of(KIND_NODE), id, &node, e) < 0)
		return -1;
	if (node.state == NODE_DEAD)
		return err_set(e, ERR_REFUSED, "node N%llu is DEAD", (unsigned long long)id);
	return 0;
}

static int
note_worker(struct cluster *c, void *record, void *argument, struct err *e)
{
	const struct worker *w = record;

	(void)c;
	(void)e;
	*(uint64_t *)argument = w->id;
	return 0;
}

static int
start_for_job(struct cluster *c, struct worker *w, uint64_t seq, struct job *j, struct err *e)
{
	uint64_t other = 0;

	if (seq)
		return job_driver_started(c, j, w, seq, e);
	if (job_driver_may_start(j, e) || node_lives(c, w->node, e) ||
	    index_owned(c, worker_kind(), w->record, note_worker, &other, e))
		return -1;
	if (!other)
		return 0;
	return err_set(e, ERR_REFUSED, "job J%llu runs already, as W%llu",
	    (unsigned long long)j->id, (unsigned long long)other);
}

/* A job that has a task 0 is executed by that. */
static int
record_of(
    struct cluster *c, struct worker *w, const struct kind **kind, void **record, struct err *e)
{
	const struct job *j;
	int got;

	*kind = w->record ? kind_letter(ref_letter(w->record)) : NULL;
	if (!*kind)
		return err_set(e, ERR_USAGE, "a process executes a task, an actor or a job");
	*record = arena_alloc(c->arena, (*kind)->rec->size);
	got = record_get_number(c, *kind, ref_number(w->record), *record, e);
	if (got < 0)
		return -1;
	j = (*kind)->number == KIND_JOB ? *record : NULL;
	if (!j || !j->driver)
		return 0;
	w->record = ref_make('T', j->driver);
	*kind = kind_of(KIND_TASK);
	*record = arena_alloc(c->arena, sizeof(struct task));
	return record_get_number(c, *kind, j->driver, *record, e) < 0 ? -1 : 0;
}

/* Twice: with seq 0 before the process has a record (may it start?), then with that event's. */
static int
start_for(struct cluster *c, struct worker *w, uint64_t seq, const struct kind *kind, void *record,
    struct err *e)
{
	if (kind->number == KIND_TASK)
		return start_for_task(c, w, seq, record, e);
	if (kind->number == KIND_ACTOR)
		return start_for_actor(c, w, seq, record, e);
	if (kind->number == KIND_JOB)
		return start_for_job(c, w, seq, record, e);
	return err_set(
	    e, ERR_USAGE, "a process executes a task, an actor or a job, not a %s", kind->name);
}

int
worker_run(struct cluster *c, struct worker *wanted, uint64_t *seq, struct err *e)
{
	wanted->id = txn_counter_next(c->txn, 'W');
	wanted->state = WORKER_RUNNING;
	return record_put(c, worker_kind(), wanted, 0, seq, e);
}

int
worker_start(struct cluster *c, struct worker *wanted, struct err *e)
{
	const struct kind *kind;
	void *record = NULL;
	uint64_t seq;

	if (record_of(c, wanted, &kind, &record, e) || start_for(c, wanted, 0, kind, record, e))
		return -1;
	if (worker_run(c, wanted, &seq, e))
		return -1;
	return start_for(c, wanted, seq, kind, record, e);
}

/* --- ending --- */

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
	const struct kind *kind = kind_letter(ref_letter(w->record));
	void *record;
	int got;

	if (!kind || kind->number == KIND_LOCK) /* that one it owned */
		return 0;
	record = arena_alloc(c->arena, kind->rec->size);
	got = record_get_number(c, kind, ref_number(w->record), record, e);
	if (got <= 0)
		return got;
	if (kind->number == KIND_TASK)
		return task_worker_ended(c, record, ended, e);
	if (kind->number == KIND_ACTOR)
		return actor_worker_ended(c, record, ended, e);
	return job_worker_ended(c, record, ended, e);
}

int
worker_exit(struct cluster *c, struct worker *w, const struct worker_end *end, struct err *e)
{
	struct exit *how = arena_copy(c->arena, &end->exit, sizeof *how);
	struct ended ended = {.worker = w->id, .how = how, .message = end->message};
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
	if (record_put(c, worker_kind(), w, end->cause, &ended.seq, e))
		return -1;
	if (lease && lease_give(c, lease, 0, ended.seq, e))
		return -1;
	if (record_left(c, w, &ended, e))
		return -1;
	return cascade_owned(c, ref_make('W', w->id), ended.seq, e);
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
	if (record_put(c, worker_kind(), w, how->cause, &seq, e))
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
		got = record_get_number(c, worker_kind(), how->worker, w, e);
	if (got > 0 && w->state == WORKER_RUNNING)
		got = record_get_number(c, kind_of(KIND_NODE), w->node, &node, e);
	if (got < 0)
		return -1;
	if (w->state == WORKER_RUNNING && node.state == NODE_DEAD)
		return 0; /* both go with the node */
	if (w->state == WORKER_RUNNING && w->supervised)
		return w->stop_ms && !how->lease ? 0 : stop(c, w, how, e);
	if (w->state == WORKER_RUNNING && !w->supervised && worker_exit(c, w, &gone, e))
		return -1;
	return how->lease ? lease_give(c, how->lease, 0, how->cause, e) : 0;
}

static int
dismiss_one(struct cluster *c, void *record, void *argument, struct err *e)
{
	const struct worker *w = record;
	struct dismissal how = *(const struct dismissal *)argument;

	how.worker = w->id;
	return worker_dismiss(c, &how, e);
}

int
workers_dismiss(struct cluster *c, uint64_t record, const struct dismissal *how, struct err *e)
{
	return index_owned(c, worker_kind(), record, dismiss_one, (void *)how, e);
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
	/* Without a code somebody says no more than that it is gone. */
	return how->code || how->type == EXIT_USER_ERROR ? END_NONZERO_EXIT : END_WORKER_LOST;
}

static int
ends_with_node(struct cluster *c, void *record, void *argument, struct err *e)
{
	struct worker_end end = {.exit = {.type = EXIT_SYSTEM_ERROR},
	    .message = "its node died",
	    .cause = *(uint64_t *)argument};

	return worker_exit(c, record, &end, e);
}

int
workers_node_ended(struct cluster *c, uint64_t node, uint64_t cause, struct err *e)
{
	return index_on_node(c, worker_kind(), node, ends_with_node, &cause, e);
}

const char *
worker_exit_cell(struct cluster *c, const struct exit *how)
{
	const char *name;

	if (!how || (!how->signal && !how->code && how->type != EXIT_INTENDED_USER))
		return NULL; /* nobody said */
	if (!how->signal)
		return arena_printf(c->arena, "%llu", (unsigned long long)how->code);
	name = sigabbrev_np((int)how->signal);
	return name ? arena_printf(c->arena, "SIG%s", name)
		    : arena_printf(c->arena, "signal %llu", (unsigned long long)how->signal);
}

void
worker_computed(struct cluster *c, struct worker *w)
{
	const struct exit *how = w->exit;

	w->age = c->now_ms > w->created_ms ? c->now_ms - w->created_ms : 0;
	w->code = worker_exit_cell(c, how);
	w->reason = w->message	 ? w->message
		    : how	 ? enum_text(&exit_types, how->type)
		    : w->stop_ms ? "is to stop"
				 : NULL;
}
