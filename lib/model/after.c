/* after: jobs that depend on other jobs. */
#include "model/job_internal.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "state/cluster.h"
#include "state/derive.h"
#include "state/index.h"
#include "state/kind.h"
#include "state/record.h"

bool
after_stands(const struct job *j)
{
	const struct after *after = j->after.v;
	size_t i;

	for (i = 0; i < j->after.n; i++)
		if (!after[i].met)
			return false;
	return true;
}

void
after_derive(const struct kind *kind, const struct job *j, struct slice key, struct derived *to)
{
	const struct after *after = j->after.v;
	size_t i, k;

	for (i = 0; i < j->after.n; i++) {
		for (k = 0; k < i && after[k].job != after[i].job; k++)
			continue;
		if (k == i && !after[i].met) /* a job named twice has one row */
			derive_owned(to, kind, ref_make('J', after[i].job), key);
	}
}

/* Records that a job has ended. failed: it failed but had to succeed. */
static void
after_look(struct job *j, const struct job *before, bool *failed)
{
	struct after *after = j->after.v;
	size_t i;

	for (i = 0; i < j->after.n; i++) {
		if (after[i].job != before->id || after[i].met)
			continue;
		after[i].met = true;
		*failed |= after[i].how == AFTER_OK && !job_succeeded(before);
	}
}

int
after_begin(struct cluster *c, struct job *j, uint64_t *failed, struct err *e)
{
	const struct after *after = j->after.v;
	size_t i;

	*failed = 0;
	for (i = 0; i < j->after.n; i++) {
		struct job before = {0};
		bool bad = false;

		if (record_get_number(c, kind_of(c->kinds, KIND_JOB), after[i].job, &before, e) < 0)
			return -1;
		if (before.state && !job_has_ended(&before))
			continue;
		before.id = after[i].job;
		after_look(j, &before, &bad);
		*failed = bad ? before.id : *failed;
	}
	return 0;
}

int
after_failed(struct cluster *c, struct job *j, uint64_t before, uint64_t cause, struct err *e)
{
	struct job_end end = {.state = JOB_FAILED,
	    .reason = END_DEPENDENCY_FAILED,
	    .message = arena_printf(c->arena, "J%llu", (unsigned long long)before),
	    .cause = cause};

	return job_close(c, j, &end, e);
}

static int
follow(struct cluster *c, void *record, void *argument, struct err *e)
{
	const struct job *before = argument;
	struct job *j = record;
	bool failed = false;

	if (job_has_ended(j))
		return 0;
	after_look(j, before, &failed);
	if (failed)
		return after_failed(c, j, before->id, before->rev, e);
	if (after_stands(j))
		return job_begin(c, j, before->rev, e);
	return record_put(c, kind_of(c->kinds, KIND_JOB), j, before->rev, NULL, e);
}

static int
followers(struct cluster *c, uint64_t job, struct err *e)
{
	struct job *before = arena_alloc(c->arena, sizeof *before);

	if (record_get_number(c, kind_of(c->kinds, KIND_JOB), job, before, e) < 0)
		return -1;
	return index_owned(c, kind_of(c->kinds, KIND_JOB), ref_make('J', job), follow, before, e);
}

/* Ended jobs whose followers must still be notified. */
struct ended_jobs {
	uint64_t *v;
	size_t n;
};

/* A failing job may end others: they are queued here, not recursed into, because chains are
 * long. */
int
after_ended(struct cluster *c, uint64_t job, struct err *e)
{
	struct ended_jobs *ended;
	size_t i;
	int bad = 0;

	if (!c->ended)
		c->ended = arena_alloc(c->kept, sizeof *c->ended);
	ended = c->ended;
	ended->v = arena_push(c->kept, ended->v, ended->n, sizeof *ended->v);
	ended->v[ended->n++] = job;
	if (ended->n > 1)
		return 0;
	for (i = 0; i < ended->n && !bad; i++)
		bad = followers(c, ended->v[i], e);
	ended->n = 0;
	return bad;
}

const char *
after_waits(struct cluster *c, const struct job *j)
{
	const struct after *after = j->after.v;
	size_t i;

	for (i = 0; i < j->after.n; i++)
		if (!after[i].met)
			return arena_printf(
			    c->arena, "waits for J%llu to end", (unsigned long long)after[i].job);
	return NULL;
}
