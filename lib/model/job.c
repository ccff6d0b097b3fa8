#include "model/job_internal.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "model/task.h"
#include "model/worker.h"
#include "place/demand.h"
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
job_kind(const struct cluster *c)
{
	return kind_of(c->kinds, KIND_JOB);
}

bool
job_has_ended(const struct job *j)
{
	return j->state == JOB_STOPPED || j->state == JOB_FAILED;
}

void
job_derive(const struct kind *kind, const void *record, struct derived *to)
{
	const struct job *j = record;
	const struct ending *death = j->death;
	const struct task *work = j->work;
	const struct demand *demand = work ? work->demand : NULL;
	struct key key = {.n = 0};

	key_u64(&key, j->id);
	derive_count(to, kind, j->state);
	derive_name(to, kind, "", j->name, job_has_ended(j), j->id);
	if (job_has_ended(j)) {
		derive_ended(to, kind, death ? death->end_ms : 0, j->id);
		return;
	}
	after_derive(kind, j, key_slice(&key), to);
	if (demand && demand->pg)
		derive_owned(to, kind, ref_make('P', demand->pg), key_slice(&key));
}

/* --- start --- */

static int
wanted_check(struct cluster *c, const struct job *wanted, struct err *e)
{
	uint64_t holder;

	if (!wanted->name)
		return 0;
	if (!text_is_name(wanted->name))
		return err_value(e, ERR_USAGE, wanted->name,
		    "'%s' is not a valid job name (letters, digits, . _ -; not like an id)",
		    wanted->name);
	if (resolve_holder(c, job_kind(c), "", wanted->name, &holder, e))
		return -1;
	if (!holder)
		return 0;
	return err_value(e, ERR_REFUSED, wanted->name, "job name '%s' is already used by J%llu",
	    wanted->name, (unsigned long long)holder);
}

int
job_add(struct cluster *c, struct job *wanted, struct err *e)
{
	if (wanted_check(c, wanted, e))
		return -1;
	wanted->id = txn_counter_next(c->txn, 'J');
	wanted->state = JOB_RUNNING;
	wanted->start_ms = c->time_ms;
	return record_put(c, job_kind(c), wanted, 0, NULL, e);
}

/* 1: the placement group of the work no longer exists. */
static int
group_gone(struct cluster *c, const struct task *work, struct err *e)
{
	const struct demand *demand = work ? work->demand : NULL;
	struct pg pg = {0};

	if (!demand || !demand->pg)
		return 0;
	if (record_get_number(c, kind_of(c->kinds, KIND_PG), demand->pg, &pg, e) < 0)
		return -1;
	return !pg.state || pg.state == PG_REMOVED;
}

int
job_begin(struct cluster *c, struct job *j, uint64_t cause, struct err *e)
{
	const struct task *work = j->work;
	struct job_end gone = {.state = JOB_FAILED, .reason = END_PG_REMOVED, .cause = cause};
	uint64_t seq;
	int got = group_gone(c, work, e);

	if (got)
		return got < 0 ? -1 : job_close(c, j, &gone, e);
	if (j->array)
		return array_go_on(c, j, cause, e);
	j->driver = txn_counter(c->txn, 'T') + 1;
	j->work = NULL;
	if (record_put(c, job_kind(c), j, cause, &seq, e))
		return -1;
	return task_make(c, j, 0, work, seq, e) ? 0 : -1;
}

int
job_submit(struct cluster *c, struct job *wanted, struct err *e)
{
	uint64_t failed, seq;
	int gone;

	if (wanted_check(c, wanted, e) || (wanted->array && array_check(wanted->array, e)))
		return -1;
	wanted->id = txn_counter_next(c->txn, 'J');
	wanted->state = JOB_PENDING;
	if (after_begin(c, wanted, &failed, e))
		return -1;
	gone = group_gone(c, wanted->work, e);
	if (gone)
		return gone < 0 ? -1 : err_set(e, ERR_REFUSED, "its placement group is REMOVED");
	if (!failed && after_stands(wanted))
		return job_begin(c, wanted, 0, e);
	if (record_put(c, job_kind(c), wanted, 0, &seq, e))
		return -1;
	return failed ? after_failed(c, wanted, failed, seq, e) : 0;
}

int
job_rerun(
    struct cluster *c, const struct job *job, const struct by *by, struct job *again, struct err *e)
{
	struct task *driver = arena_alloc(c->arena, sizeof *driver);
	struct array *array;

	*again = (struct job){.user = by->user, .uid = by->uid, .work = job->work};
	rec_copy(&rec_job, again, job, FF_RERUN, c->arena);
	array = again->array;
	if (array)
		array->next = array->first;
	if (!again->work && job->driver &&
	    record_get_number(c, kind_of(c->kinds, KIND_TASK), job->driver, driver, e) < 0)
		return -1;
	if (!again->work && !driver->id)
		return err_set(e, ERR_REFUSED, "job J%llu has nothing to run again",
		    (unsigned long long)job->id);
	if (!again->work)
		again->work = task_template(c, driver);
	return job_submit(c, again, e);
}

/* --- end --- */

int
job_close(struct cluster *c, struct job *j, const struct job_end *end, struct err *e)
{
	struct ending *death = arena_alloc(c->arena, sizeof *death);
	struct cascade parts = {.cause = CASCADE_JOB,
	    .of = ref_make('J', j->id),
	    .cancelled = end->reason == END_CANCELLED,
	    .grace_ms = end->grace_ms};

	*death =
	    (struct ending){.reason = end->reason, .message = end->message, .end_ms = c->time_ms};
	j->death = death;
	j->exit = end->exit ? arena_copy(c->arena, end->exit, sizeof *end->exit) : NULL;
	j->state = end->state;
	if (record_put(c, job_kind(c), j, end->cause, &parts.seq, e) || cascade(c, &parts, e))
		return -1;
	return after_ended(c, j->id, e);
}

int
job_finish(struct cluster *c, struct job *j, const struct job_end *end, struct err *e)
{
	struct task_end driver_end = {
	    .state = end->state == JOB_STOPPED ? TASK_FINISHED : TASK_FAILED,
	    .reason = end->reason,
	    .exit = end->exit,
	    .message = end->message,
	    .cause = end->cause,
	    .grace_ms = end->grace_ms};
	struct task *driver;

	if (job_has_ended(j))
		return 0;
	if (!j->driver && j->state == JOB_PENDING && end->state == JOB_STOPPED)
		return err_set(e, ERR_REFUSED, "job J%llu is PENDING: cannot become STOPPED",
		    (unsigned long long)j->id);
	if (!j->driver)
		return job_close(c, j, end, e);
	driver = arena_alloc(c->arena, sizeof *driver);
	if (record_get_number(c, kind_of(c->kinds, KIND_TASK), j->driver, driver, e) < 0)
		return -1;
	return task_end(c, driver, &driver_end, e);
}

int
job_cancel(struct cluster *c, struct job *j, uint64_t grace_ms, struct err *e)
{
	struct job_end end = {.state = JOB_STOPPED,
	    .reason = END_CANCELLED,
	    .message = c->audit.message,
	    .grace_ms = grace_ms};

	return job_has_ended(j) ? 0 : job_close(c, j, &end, e);
}

int
job_group_ended(struct cluster *c, void *record, struct cascade *from, struct err *e)
{
	struct job_end end = {.state = JOB_FAILED, .reason = END_PG_REMOVED, .cause = from->seq};

	return job_has_ended(record) ? 0 : job_close(c, record, &end, e);
}

int
job_update(struct cluster *c, struct job *j, const struct job_change *change, struct err *e)
{
	struct task *work = j->work;
	size_t i;

	if (job_has_ended(j))
		return err_set(e, ERR_REFUSED, "job J%llu is %s: nothing of it can be changed",
		    (unsigned long long)j->id, enum_text(&job_states, j->state));
	if (change->priority_given)
		j->priority = change->priority;
	for (i = 0; i < change->labels->n; i++)
		labels_set(
		    &j->labels, change->labels->v[i].key, change->labels->v[i].value, c->arena);
	for (i = 0; i < change->config->n; i++)
		labels_set(
		    &j->config, change->config->v[i].key, change->config->v[i].value, c->arena);
	if (work)
		task_change(work, change);
	if (record_put(c, job_kind(c), j, 0, NULL, e))
		return -1;
	return tasks_change(c, j->id, change, e);
}

/* --- reports of its tasks and driver --- */

static int
job_of(struct cluster *c, const struct task *t, struct job **job, struct err *e)
{
	*job = arena_alloc(c->arena, sizeof **job);
	return record_get_number(c, job_kind(c), t->job, *job, e);
}

/* Whether the job ends with this task. */
static bool
carries(const struct job *j, const struct task *t)
{
	return j->array || j->driver == t->id;
}

int
job_task_started(struct cluster *c, const struct task *t, uint64_t cause, struct err *e)
{
	struct job *j;
	int got = job_of(c, t, &j, e);

	if (got <= 0 || !carries(j, t) || j->state != JOB_PENDING)
		return got < 0 ? -1 : 0;
	j->state = JOB_RUNNING;
	if (!j->start_ms)
		j->start_ms = c->time_ms;
	return record_put(c, job_kind(c), j, cause, NULL, e);
}

int
job_task_again(struct cluster *c, const struct task *t, uint64_t cause, struct err *e)
{
	struct job *j;
	int got = job_of(c, t, &j, e);

	if (got <= 0 || j->array || j->driver != t->id || j->state != JOB_RUNNING)
		return got < 0 ? -1 : 0;
	j->state = JOB_PENDING;
	return record_put(c, job_kind(c), j, cause, NULL, e);
}

static enum job_state
state_after(const struct task *t)
{
	return t->state == TASK_FAILED ? JOB_FAILED : JOB_STOPPED;
}

int
job_task_ended(struct cluster *c, const struct task *t, uint64_t cause, struct err *e)
{
	const struct ending *death = t->death;
	struct job_end end = {.state = state_after(t),
	    .reason = death->reason,
	    .exit = t->exit,
	    .message = death->message,
	    .cause = cause};
	struct job *j;
	int got = job_of(c, t, &j, e);

	if (got <= 0 || job_has_ended(j) || !carries(j, t))
		return got < 0 ? -1 : 0;
	return j->array ? array_task_ended(c, j, t, cause, e) : job_close(c, j, &end, e);
}

/* --- a driver that runs outside and is not a task --- */

uint64_t
job_executor(const void *record)
{
	const struct job *j = record;

	return j->driver ? ref_make('T', j->driver) : 0;
}

static int
note_worker(struct cluster *c, void *record, void *argument, struct err *e)
{
	(void)c;
	(void)e;
	*(uint64_t *)argument = ((const struct worker *)record)->id;
	return 0;
}

static int
node_lives(struct cluster *c, uint64_t id, struct err *e)
{
	struct node node = {0};

	if (id && record_get_number(c, kind_of(c->kinds, KIND_NODE), id, &node, e) < 0)
		return -1;
	if (node.state == NODE_DEAD)
		return err_set(e, ERR_REFUSED, "node N%llu is DEAD", (unsigned long long)id);
	return 0;
}

int
job_may_start(struct cluster *c, const void *record, struct worker *worker, struct err *e)
{
	const struct job *j = record;
	unsigned long long id = (unsigned long long)j->id;
	uint64_t other = 0;

	if (job_has_ended(j))
		return err_set(
		    e, ERR_REFUSED, "job J%llu is %s", id, enum_text(&job_states, j->state));
	if (j->array || j->state != JOB_RUNNING)
		return err_set(
		    e, ERR_REFUSED, "job J%llu has no driver to start: start its tasks", id);
	if (node_lives(c, worker->node, e) || index_owned(c, kind_of(c->kinds, KIND_WORKER),
						  ref_make('J', j->id), note_worker, &other, e))
		return -1;
	if (!other)
		return 0;
	return err_set(
	    e, ERR_REFUSED, "job J%llu runs already, as W%llu", id, (unsigned long long)other);
}

int
job_started(
    struct cluster *c, void *record, const struct worker *worker, uint64_t seq, struct err *e)
{
	struct job *j = record;

	j->pid = worker->pid;
	return record_put(c, job_kind(c), j, seq, NULL, e);
}

int
job_worker_ended(struct cluster *c, void *record, const struct ended *ended, struct err *e)
{
	enum end_reason reason = worker_exit_reason(ended->how);
	struct job_end end = {.state = reason == END_FINISHED ? JOB_STOPPED : JOB_FAILED,
	    .reason = reason,
	    .exit = ended->how,
	    .message = ended->message,
	    .cause = ended->seq};

	return job_has_ended(record) ? 0 : job_close(c, record, &end, e);
}

bool
job_succeeded(const void *record)
{
	const struct job *j = record;
	const struct ending *death = j->death;

	return j->state == JOB_STOPPED && death && death->reason == END_FINISHED;
}

/* --- display --- */

static const char *
reason_of(struct cluster *c, const struct job *j, const struct task *driver)
{
	const struct ending *death = j->death;
	const struct array *array = j->array;
	const char *reason = death ? enum_text(&end_reasons, death->reason) : NULL;

	if (death && death->message)
		return arena_printf(c->arena, "%s: %s", reason ? reason : "?", death->message);
	if (death)
		return reason;
	if (array && after_stands(j))
		return arena_printf(c->arena, "%llu of %llu tasks ended",
		    (unsigned long long)array->ended,
		    (unsigned long long)(array->last - array->first + 1));
	return driver->id ? driver->reason : after_waits(c, j);
}

int
job_computed(struct cluster *c, void *record, const struct computed *from, struct err *e)
{
	struct job *j = record;
	const struct task *work = j->work;
	const struct ending *death = j->death;
	struct task driver = {0};
	uint64_t end = death ? death->end_ms : c->now_ms;
	uint64_t start = j->start_ms ? j->start_ms : end;

	if (j->driver &&
	    record_get_number(c, kind_of(c->kinds, KIND_TASK), j->driver, &driver, e) < 0)
		return -1;
	if (driver.id && task_computed(c, &driver, from, e))
		return -1;
	j->node = driver.node;
	j->resources = driver.id ? driver.resources : demand_cell(c, work ? work->demand : NULL);
	j->waited = start > j->created_ms ? start - j->created_ms : 0;
	j->ran = j->start_ms && end > j->start_ms ? end - j->start_ms : 0;
	j->code = worker_exit_cell(c, j->exit);
	j->reason = reason_of(c, j, &driver);
	return 0;
}
