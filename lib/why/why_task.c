/* why_task: why an actor, a task or a job does not run yet. */
#include "why/why_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/duration.h"
#include "model/actor.h"
#include "model/task.h"
#include "state/cluster.h"
#include "state/index.h"
#include "state/kind.h"
#include "state/record.h"

int
why_backoff(struct asking *ask, uint64_t not_before_ms, struct err *e)
{
	uint64_t now = ask->c->now_ms;
	char text[NUMBER_SIZE];

	if (not_before_ms <= now)
		return why_say(ask, WHY_NOT_TICKED, "", 0,
		    "its backoff is over, but no monitor advances time (gcs monitor)", e);
	return why_say(ask, WHY_BACKOFF, "", 0,
	    arena_printf(ask->c->arena, "it failed before, and waits %s more",
		duration_short(text, not_before_ms - now)),
	    e);
}

int
why_actor(struct asking *ask, const void *record, struct err *e)
{
	const struct actor *a = record;

	if (a->not_before_ms)
		return why_backoff(ask, a->not_before_ms, e);
	if (actor_waits(a))
		return why_demand(ask, a->demand, ref_make('A', a->id), e);
	if (a->node && a->state != ACTOR_ALIVE)
		return why_say(ask, WHY_NO_AGENT, "", 0,
		    arena_printf(ask->c->arena,
			"it is placed on N%llu, but is not reported as running yet (gcs actor "
			"ready)",
			(unsigned long long)a->node),
		    e);
	return 0;
}

/* Placed but not started: does anything exist that would start it? */
static int
unstarted(struct asking *ask, const struct task *t, struct err *e)
{
	struct node node = {0};
	struct job job = {0};
	const char *text, *name;

	if (record_get_number(ask->c, kind_of(ask->c->kinds, KIND_NODE), t->node, &node, e) < 0 ||
	    record_get_number(ask->c, kind_of(ask->c->kinds, KIND_JOB), t->job, &job, e) < 0)
		return -1;
	name = node.name ? node.name : "?";
	if (t->attached)
		text = "it has its resources, and its submitter is about to run it (gcs job run)";
	else if (!t->argv.n && !t->script)
		text = "it has no command: a script reports for it (gcs worker start)";
	else if (!node.agent)
		text = arena_printf(ask->c->arena,
		    "it is placed on node %s, which has no agent to start it (gcs agent %s)", name,
		    name);
	else if (strcmp(node.agent, "any") && strtoull(node.agent, NULL, 10) != job.uid)
		text = arena_printf(ask->c->arena,
		    "it is placed on node %s, whose agent runs work of uid %s only, not of uid "
		    "%llu",
		    name, node.agent, (unsigned long long)job.uid);
	else
		text = arena_printf(ask->c->arena,
		    "it is placed on node %s, whose agent has not started it yet", name);
	return why_say(ask, WHY_NO_AGENT, name, 0, text, e);
}

/* Added to the reason: once timers are applied, it no longer waits. */
static int
overdue(struct asking *ask, const struct task *t, struct err *e)
{
	if (!t->queue_timeout || t->created_ms + t->queue_timeout > ask->c->now_ms)
		return 0;
	return why_say(ask, WHY_NOT_TICKED, "", 0,
	    "its queue timeout has passed, but no monitor advances time (gcs monitor)", e);
}

int
why_task(struct asking *ask, const void *record, struct err *e)
{
	const struct task *t = record;

	if (task_waits(t) && overdue(ask, t, e))
		return -1;
	if (t->not_before_ms)
		return why_backoff(ask, t->not_before_ms, e);
	if (task_waits(t))
		return why_demand(ask, t->demand, ref_make('T', t->id), e);
	return t->state == TASK_PENDING && t->lease ? unstarted(ask, t, e) : 0;
}

static int
dependency(struct asking *ask, const struct after *after, struct err *e)
{
	struct job before = {0};
	const char *label;

	if (after->met)
		return 0;
	if (record_get_number(ask->c, kind_of(ask->c->kinds, KIND_JOB), after->job, &before, e) <
		0 ||
	    why_label(ask, ref_make('J', after->job), &label, e))
		return -1;
	return why_say(ask, WHY_DEPENDENCY, label, 0,
	    arena_printf(ask->c->arena, "%s must %s first: it is %s", label,
		after->how == AFTER_OK ? "finish well" : "end",
		enum_text(&job_states, before.state)),
	    e);
}

/* A job answers for its driver; an array for the first of its tasks that does not run. */
struct first {
	struct asking *ask;
	bool told;
};

static int
first_task(struct cluster *c, void *record, void *argument, struct err *e)
{
	struct first *first = argument;
	const struct task *t = record;

	(void)c;
	if (first->told || t->state != TASK_PENDING)
		return 0;
	first->told = true;
	return why_say(first->ask, WHY_TASK,
		   arena_printf(first->ask->c->arena, "T%llu", (unsigned long long)t->id), 0,
		   arena_printf(first->ask->c->arena, "its task %llu (T%llu) does not run yet:",
		       (unsigned long long)t->index, (unsigned long long)t->id),
		   e) ||
		       why_task(first->ask, t, e)
		   ? -1
		   : 0;
}

int
why_job(struct asking *ask, const void *record, struct err *e)
{
	const struct job *j = record;
	const struct after *after = j->after.v;
	struct first first = {ask, false};
	size_t i;

	if (j->state != JOB_PENDING && !(j->array && j->state == JOB_RUNNING))
		return 0;
	for (i = 0; i < j->after.n; i++)
		if (dependency(ask, &after[i], e))
			return -1;
	return index_owned(
	    ask->c, kind_of(ask->c->kinds, KIND_TASK), ref_make('J', j->id), first_task, &first, e);
}
