/* invariants_work: the invariants of jobs, tasks and workers, and between them. */
#include "doctor/invariants_internal.h"

#include "base/arena.h"
#include "state/cluster.h"
#include "state/index.h"
#include "state/record.h"

/* --- jobs --- */

static bool
has_ended(const struct kind *kind, const void *record)
{
	return record_ended(kind, record);
}

static int
count(struct cluster *c, void *record, void *argument, struct err *e)
{
	(void)c;
	(void)record;
	(void)e;
	++*(uint64_t *)argument;
	return 0;
}

/* An array counts its made and ended tasks: the difference must exist. */
static int
array_rules(struct check *check, const struct kind *kind, const struct job *j, struct err *e)
{
	const struct array *a = j->array;
	uint64_t tasks = 0;

	check_holds(check, kind, j, !j->driver, "is an array, but has a driver");
	check_holds(check, kind, j, a->next >= a->first && a->next <= a->last + 1,
	    "is an array that has left its bounds");
	check_holds(check, kind, j, a->failed <= a->ended, "has more tasks that failed than ended");
	if (has_ended(kind, j))
		return 0;
	if (index_owned(check->c, kind_of(check->c->kinds, KIND_TASK), ref_make('J', j->id), count,
		&tasks, e))
		return -1;
	check_holds(check, kind, j, tasks == a->next - a->first - a->ended,
	    "counts other tasks as unfinished than there are");
	return 0;
}

/* A job is in the state of its driver. */
static int
driver_rules(struct check *check, const struct kind *kind, const struct job *j, struct err *e)
{
	struct task t = {0};
	int got =
	    record_get_number(check->c, kind_of(check->c->kinds, KIND_TASK), j->driver, &t, e);

	if (got <= 0)
		return got;
	check_holds(check, kind, j, t.job == j->id && !t.index, "has a driver that is another's");
	if (has_ended(kind, j))
		return 0;
	check_holds(check, kind, j, (j->state == JOB_RUNNING) == (t.state == TASK_RUNNING),
	    "is not in the state of its driver");
	return 0;
}

int
invariants_job(struct check *check, const struct kind *kind, const void *record, struct err *e)
{
	const struct job *j = record;
	const struct after *after = j->after.v;
	bool ended = has_ended(kind, j), all = true;
	size_t i;

	for (i = 0; i < j->after.n; i++)
		all &= after[i].met;
	check_holds(
	    check, kind, j, ended == !!j->death, "has ended without a reason, or not at all");
	check_holds(check, kind, j, ended || all || j->state == JOB_PENDING,
	    "runs, though it was to come after another");
	check_holds(check, kind, j,
	    ended || !all || j->driver || j->array || j->state == JOB_RUNNING,
	    "waits for nothing, but has no driver");
	if (j->array && array_rules(check, kind, j, e))
		return -1;
	return j->driver ? driver_rules(check, kind, j, e) : 0;
}

/* --- tasks --- */

static int
runs_rules(struct check *check, const struct kind *kind, const struct task *t, struct err *e)
{
	struct worker w = {0};

	if (record_get_number(check->c, kind_of(check->c->kinds, KIND_WORKER), t->worker, &w, e) <
	    0)
		return -1;
	check_holds(check, kind, t, w.state == WORKER_RUNNING && w.record == ref_make('T', t->id),
	    "is RUNNING without a process of its own");
	check_holds(check, kind, t, w.node == t->node, "runs on another node than it is placed on");
	return 0;
}

int
invariants_task(struct check *check, const struct kind *kind, const void *record, struct err *e)
{
	const struct task *t = record;
	bool ended = has_ended(kind, t);
	struct place has = {t->demand, t->node, t->lease};

	check_holds(
	    check, kind, t, ended == !!t->death, "has ended without a reason, or not at all");
	check_holds(check, kind, t, t->job, "is of no job");
	check_holds(
	    check, kind, t, ended || !t->lease == !t->node, "has a lease or a node, but not both");
	check_holds(
	    check, kind, t, t->state != TASK_RUNNING || t->lease, "is RUNNING, but on no node");
	check_holds(check, kind, t, t->state == TASK_PENDING || !t->not_before_ms,
	    "has a backoff, but is not PENDING");
	check_holds(check, kind, t, !t->not_before_ms || !t->lease, "has a backoff and a lease");
	check_holds(
	    check, kind, t, t->lost <= t->attempt, "was lost more often than it was started");
	if (t->lease && invariants_place(check, kind, t, &has, e))
		return -1;
	return t->state == TASK_RUNNING ? runs_rules(check, kind, t, e) : 0;
}

/* --- workers --- */

/* The record agrees about the process, or no longer uses it. */
static int
executes(struct check *check, const struct kind *kind, const struct worker *w, struct err *e)
{
	const struct kind *of = kind_letter(check->c->kinds, ref_letter(w->record));
	const struct field *f = of ? rec_field(of->rec, "worker") : NULL;
	void *record;
	int got;

	if (!f || w->stop_ms)
		return 0;
	record = arena_alloc(check->c->arena, of->rec->size);
	got = record_get_number(check->c, of, ref_number(w->record), record, e);
	if (got < 0)
		return -1;
	check_holds(check, kind, w,
	    got && !has_ended(of, record) && *(const uint64_t *)field_at(f, record) == w->id,
	    "is not to stop, but executes what knows nothing of it");
	return 0;
}

int
invariants_worker(struct check *check, const struct kind *kind, const void *record, struct err *e)
{
	const struct worker *w = record;
	bool ended = has_ended(kind, w);
	struct lease l = {0};

	check_holds(check, kind, w, ended == !!w->exit, "is gone without an exit, or not at all");
	check_holds(check, kind, w, !w->lease || w->stop_ms, "has a lease, but is not to stop");
	if (ended)
		return 0;
	if (record_get_number(check->c, kind_of(check->c->kinds, KIND_LEASE), w->lease, &l, e) < 0)
		return -1;
	check_holds(check, kind, w, !w->lease || l.owner == ref_make('W', w->id),
	    "has a lease that is another's");
	return executes(check, kind, w, e);
}
