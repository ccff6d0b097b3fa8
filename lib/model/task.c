#include "model/task.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/backoff.h"
#include "model/job.h"
#include "model/lost_processes.h"
#include "model/passing.h"
#include "sched/lease.h"
#include "sched/dirt.h"
#include "sched/schedule.h"
#include "model/worker.h"
#include "place/demand.h"
#include "place/queue.h"
#include "state/cascade.h"
#include "state/cluster.h"
#include "state/derive.h"
#include "state/index.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"
#include "store/txn.h"

static const struct kind *
task_kind(const struct cluster *c)
{
	return kind_of(c->kinds, KIND_TASK);
}

bool
task_has_ended(const struct task *t)
{
	return t->state != TASK_PENDING && t->state != TASK_RUNNING;
}

bool
task_waits(const struct task *t)
{
	return t->state == TASK_PENDING && !t->lease && !t->not_before_ms;
}

/* --- deadlines --- */

static void
earlier(uint64_t *least, uint64_t since_ms, uint64_t after_ms)
{
	if (since_ms && after_ms && (!*least || since_ms + after_ms < *least))
		*least = since_ms + after_ms;
}

static uint64_t
due_ms(const struct task *t)
{
	uint64_t least = t->not_before_ms;

	if (t->state == TASK_PENDING)
		earlier(&least, t->queued_ms, t->queue_timeout);
	if (t->state == TASK_RUNNING)
		earlier(&least, t->start_ms, t->time_limit);
	return least;
}

void
task_derive(const struct kind *kind, const void *record, struct derived *to)
{
	const struct task *t = record;
	const struct ending *death = t->death;
	const struct demand *demand = t->demand;
	struct key key = {.n = 0};

	key_u64(&key, t->id);
	derive_count(to, kind, t->state);
	if (task_has_ended(t)) {
		derive_ended(to, kind, death ? death->end_ms : 0, t->id);
		return;
	}
	derive_on_node(to, kind, t->node, t->id);
	derive_owned(to, kind, ref_make('J', t->job), key_slice(&key));
	if (demand && demand->pg)
		derive_owned(to, kind, ref_make('P', demand->pg), key_slice(&key));
	derive_due(to, kind, due_ms(t), key_slice(&key));
	if (t->attached && t->state == TASK_PENDING)
		derive_live(to, kind, t->id);
	if (task_waits(t))
		queue_derive(
		    to, kind, demand_shape(demand, to->arena), t->priority, t->born, t->id);
}

int
task_due(struct cluster *c, struct slice key, struct err *e)
{
	struct task_end end = {.state = TASK_FAILED, .reason = END_QUEUE_TIMEOUT};
	struct task *t = arena_alloc(c->arena, sizeof *t);
	int got = record_get(c, task_kind(c), key, t, e);
	uint64_t seq;

	if (got <= 0 || !due_ms(t) || due_ms(t) > c->now_ms)
		return got < 0 ? -1 : 0;
	if (t->state == TASK_RUNNING)
		end.reason = END_TIME_LIMIT;
	if (t->state == TASK_RUNNING ||
	    (t->queue_timeout && t->queued_ms + t->queue_timeout <= c->now_ms))
		return task_end(c, t, &end, e);
	t->not_before_ms = 0;
	if (record_put(c, task_kind(c), t, 0, &seq, e))
		return -1;
	dirt_waits(c, task_kind(c), t->id, seq);
	return 0;
}

/* --- start --- */

struct task *
task_make(struct cluster *c, const struct job *job, uint64_t index, const struct task *template,
    uint64_t cause, struct err *e)
{
	struct task *task = arena_copy(c->arena, template, sizeof *template);
	uint64_t seq;

	task->id = txn_counter_next(c->txn, 'T');
	task->job = job->id;
	task->index = index;
	task->state = TASK_PENDING;
	task->priority = job->priority;
	task->queued_ms = c->now_ms;
	if (record_put(c, task_kind(c), task, cause, &seq, e))
		return NULL;
	dirt_waits(c, task_kind(c), task->id, seq);
	return task;
}

struct task *
task_template(struct cluster *c, const struct task *t)
{
	struct task *like = arena_alloc(c->arena, sizeof *like);

	rec_copy(&rec_task, like, t, FF_RERUN, c->arena);
	return like;
}

static int
takes_tasks(const struct job *job, struct err *e)
{
	if (job->state != JOB_PENDING && job->state != JOB_RUNNING)
		return err_set(e, ERR_REFUSED, "job J%llu is %s: it takes no more tasks",
		    (unsigned long long)job->id, enum_text(&job_states, job->state));
	if (job->array)
		return err_set(e, ERR_REFUSED, "job J%llu is an array: it makes its own tasks",
		    (unsigned long long)job->id);
	return 0;
}

struct task *
task_submit(struct cluster *c, struct job *job, const struct task *wanted, struct err *e)
{
	if (takes_tasks(job, e))
		return NULL;
	job->tasks++;
	if (record_put(c, kind_of(c->kinds, KIND_JOB), job, 0, NULL, e))
		return NULL;
	return task_make(c, job, job->tasks, wanted, 0, e);
}

void
task_waiter(const void *record, struct waiter *to)
{
	const struct task *t = record;

	*to = (struct waiter){.demand = t->demand,
	    .priority = t->priority,
	    .born = t->born,
	    .since_ms = t->queued_ms,
	    .waits = task_waits(t)};
}

static struct seeking
seeking_of(const struct task *t)
{
	return (struct seeking){.demand = t->demand, .of = ref_make('T', t->id)};
}

int
task_place(
    struct cluster *c, void *record, const struct among *nodes, uint64_t cause, struct err *e)
{
	struct seeking seeking = seeking_of(record);
	struct task *t = record;
	struct lease lease;
	int got;

	seeking.among = *nodes;
	got = schedule_lease(c, &seeking, cause, &lease, e);
	if (got <= 0)
		return got;
	t->node = lease.node;
	t->lease = lease.id;
	return record_put(c, task_kind(c), t, lease.born, NULL, e) ? -1 : 1;
}

int
task_fits(struct cluster *c, const void *record, struct err *e)
{
	struct seeking seeking = seeking_of(record);

	return schedule_fits(c, &seeking, e);
}

int
task_may_start(struct cluster *c, const void *record, struct worker *worker, struct err *e)
{
	const struct task *t = record;
	unsigned long long id = (unsigned long long)t->id;

	(void)c;
	if (t->state != TASK_PENDING)
		return err_set(e, ERR_REFUSED, "task T%llu is %s: cannot become RUNNING", id,
		    enum_text(&task_states, t->state));
	if (!t->lease)
		return err_set(e, ERR_REFUSED, "task T%llu has no resources yet", id);
	return worker_placed(worker, t->node, e);
}

int
task_started(
    struct cluster *c, void *record, const struct worker *worker, uint64_t seq, struct err *e)
{
	struct task *t = record;
	uint64_t at;

	t->state = TASK_RUNNING;
	t->worker = worker->id;
	t->attempt++;
	t->start_ms = c->now_ms;
	t->exit = NULL;
	if (record_put(c, task_kind(c), t, seq, &at, e))
		return -1;
	return kind_of(c->kinds, KIND_JOB)->task_started(c, t, at, e);
}

/* --- end --- */

static struct dismissal
dismissal_of(const struct task *t, const struct task_end *end, uint64_t seq)
{
	uint64_t grace = end->grace_ms ? end->grace_ms : t->grace;

	return (struct dismissal){t->state == TASK_RUNNING ? t->worker : 0, t->lease, grace, seq};
}

int
task_end(struct cluster *c, struct task *t, const struct task_end *end, struct err *e)
{
	struct cascade owned = {.cause = CASCADE_OWNER, .of = ref_make('T', t->id)};
	struct dismissal dismissal = dismissal_of(t, end, 0);
	struct ending *death;

	if (task_has_ended(t))
		return 0;
	death = arena_alloc(c->arena, sizeof *death);
	*death =
	    (struct ending){.reason = end->reason, .message = end->message, .end_ms = c->time_ms};
	t->death = death;
	t->exit = end->exit ? (void *)arena_copy(c->arena, end->exit, sizeof *end->exit) : t->exit;
	t->state = end->state;
	t->lease = 0;
	t->not_before_ms = 0;
	if (record_put(c, task_kind(c), t, end->cause, &dismissal.cause, e) ||
	    worker_dismiss(c, &dismissal, e))
		return -1;
	owned.seq = dismissal.cause;
	if (cascade(c, &owned, e))
		return -1;
	return kind_of(c->kinds, KIND_JOB)->task_ended(c, t, dismissal.cause, e);
}

/* Requeues the task: after a run, as a retry. */
static int
task_again(
    struct cluster *c, struct task *t, const struct task_end *end, bool failed, struct err *e)
{
	struct dismissal dismissal = dismissal_of(t, end, 0);
	uint64_t ran = c->now_ms > t->start_ms ? c->now_ms - t->start_ms : 0;
	bool ran_before = t->state == TASK_RUNNING;

	if (failed) {
		t->backoff = backoff_next(t->backoff, ran);
		t->not_before_ms = c->now_ms + t->backoff;
	}
	t->lost += ran_before;
	if (ran_before)
		t->exit =
		    end->exit ? (void *)arena_copy(c->arena, end->exit, sizeof *end->exit) : NULL;
	t->state = TASK_PENDING;
	t->lease = t->node = 0;
	t->queued_ms = ran_before ? c->now_ms : t->queued_ms;
	if (record_put(c, task_kind(c), t, end->cause, &dismissal.cause, e) ||
	    worker_dismiss(c, &dismissal, e))
		return -1;
	if (task_waits(t))
		dirt_waits(c, task_kind(c), t->id, dismissal.cause);
	return ran_before ? kind_of(c->kinds, KIND_JOB)->task_again(c, t, dismissal.cause, e) : 0;
}

int
task_lost(struct cluster *c, struct task *t, const struct task_end *end, struct err *e)
{
	bool retried = end->reason != END_NONZERO_EXIT && end->reason != END_SIGNALED;

	if (task_has_ended(t))
		return 0;
	if (t->state == TASK_PENDING) /* it never ran: no retry is used */
		return t->lease ? task_again(c, t, end, false, e) : 0;
	if (t->lost >= t->max_retries || (!retried && !t->retry_exit))
		return task_end(c, t, end, e);
	return task_again(c, t, end, end->reason != END_NODE_DIED, e);
}

int
task_worker_ended(struct cluster *c, void *record, const struct ended *ended, struct err *e)
{
	struct task *t = record;
	const struct exit *how = ended->how;
	struct task_end end = {.state = TASK_FAILED,
	    .reason = worker_exit_reason(how),
	    .exit = how,
	    .message = ended->message,
	    .cause = ended->seq};

	if (t->state != TASK_RUNNING || t->worker != ended->worker)
		return 0;
	if (end.reason == END_FINISHED)
		end.state = TASK_FINISHED;
	if (end.reason == END_FINISHED || how->type == EXIT_USER_ERROR)
		return task_end(c, t, &end, e);
	return task_lost(c, t, &end, e);
}

int
task_node_ended(struct cluster *c, void *record, struct cascade *from, struct err *e)
{
	struct task_end end = {.state = TASK_FAILED, .reason = END_NODE_DIED, .cause = from->seq};

	return task_lost(c, record, &end, e);
}

int
task_job_ended(struct cluster *c, void *record, struct cascade *from, struct err *e)
{
	struct task_end end = {.state = from->cancelled ? TASK_CANCELLED : TASK_FAILED,
	    .reason = from->cancelled ? END_CANCELLED : END_OWNER_DIED,
	    .grace_ms = from->grace_ms,
	    .cause = from->seq};

	return task_end(c, record, &end, e);
}

int
task_group_ended(struct cluster *c, void *record, struct cascade *from, struct err *e)
{
	struct task_end end = {.state = TASK_FAILED, .reason = END_PG_REMOVED, .cause = from->seq};

	return task_end(c, record, &end, e);
}

int
task_process(struct cluster *c, uint64_t id, struct lost_process *o, struct err *e)
{
	struct task t = {0};
	struct job j = {0};

	if (record_get_number(c, task_kind(c), id, &t, e) < 0 ||
	    record_get_number(c, kind_of(c->kinds, KIND_JOB), t.job, &j, e) < 0)
		return -1;
	*o = (struct lost_process){ref_make('T', id), t.rev, j.pid, j.started, j.boot_id, NULL};
	return 0;
}

int
task_orphaned(struct cluster *c, const struct lost_process *o, struct err *e)
{
	struct task_end end = {.state = TASK_CANCELLED,
	    .reason = END_WORKER_LOST,
	    .message = "its submitter vanished while it waited"};
	struct task *t = arena_alloc(c->arena, sizeof *t);
	int got = record_get_number(c, task_kind(c), ref_number(o->ref), t, e);
	const struct demand *demand = t->demand;

	if (got <= 0 || t->rev != o->rev)
		return got < 0 ? -1 : 0;
	if (task_end(c, t, &end, e))
		return -1;
	return demand && demand->on ? passing_end(c, demand->on, t->rev, e) : 0;
}

bool
task_succeeded(const void *record)
{
	return ((const struct task *)record)->state == TASK_FINISHED;
}

struct leaving {
	uint64_t cause;
	bool strict;
};

static int
leave(struct cluster *c, void *record, void *argument, struct err *e)
{
	const struct leaving *l = argument;
	struct task_end end = {.cause = l->cause};
	struct task *t = record;

	if (t->state == TASK_PENDING)
		return task_again(c, t, &end, false, e);
	if (!l->strict || task_has_ended(t))
		return 0;
	return err_set(
	    e, ERR_UNSATISFIABLE, "task T%llu cannot move: it runs", (unsigned long long)t->id);
}

int
tasks_leave(struct cluster *c, uint64_t node, bool strict, uint64_t cause, struct err *e)
{
	struct leaving l = {cause, strict};

	return index_on_node(c, task_kind(c), node, leave, &l, e);
}

void
task_change(struct task *t, const struct job_change *change)
{
	if (change->priority_given)
		t->priority = change->priority;
	if (change->time_limit_given)
		t->time_limit = change->time_limit;
	if (change->queue_timeout_given)
		t->queue_timeout = change->queue_timeout;
	if (change->retries_given)
		t->max_retries = change->max_retries;
}

static int
change_one(struct cluster *c, void *record, void *argument, struct err *e)
{
	task_change(record, *(const struct job_change **)argument);
	return record_put(c, task_kind(c), record, 0, NULL, e);
}

int
tasks_change(struct cluster *c, uint64_t job, const struct job_change *change, struct err *e)
{
	return index_owned(c, task_kind(c), ref_make('J', job), change_one, &change, e);
}
