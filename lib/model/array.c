/* array: jobs of many tasks made from one template. */
#include "model/job_internal.h"

#include "base/arena.h"
#include "base/err.h"
#include "model/task.h"
#include "state/cluster.h"
#include "state/kind.h"
#include "state/record.h"

#define AHEAD 1000 /* default number of unfinished tasks of an array */

int
array_check(const struct array *a, struct err *e)
{
	if (a->first > a->last || a->last > ARRAY_INDEX_MOST)
		return err_set(e, ERR_USAGE, "FIRST-LAST[%%N], not beyond %d", ARRAY_INDEX_MOST);
	return 0;
}

static uint64_t
unfinished(const struct array *a)
{
	return a->next - a->first - a->ended;
}

int
array_go_on(struct cluster *c, struct job *j, uint64_t cause, struct err *e)
{
	struct array *a = arena_copy(c->arena, j->array, sizeof *a);
	uint64_t most = a->at_once ? a->at_once : AHEAD, index = a->next, seq;

	while (a->next <= a->last && unfinished(a) < most)
		a->next++;
	j->array = a;
	j->tasks = a->next ? a->next - 1 : 0;
	if (record_put(c, kind_of(c->kinds, KIND_JOB), j, cause, &seq, e))
		return -1;
	for (; index < a->next; index++)
		if (!task_make(c, j, index, j->work, seq, e))
			return -1;
	return 0;
}

static int
array_end(struct cluster *c, struct job *j, uint64_t cause, struct err *e)
{
	const struct array *a = j->array;
	struct job_end end = {.state = a->failed ? JOB_FAILED : JOB_STOPPED,
	    .reason = a->failed ? END_TASKS_FAILED : END_FINISHED,
	    .cause = cause};
	struct exit exit = {.code = 1, .type = EXIT_SYSTEM_ERROR};

	if (a->failed) {
		end.exit = &exit;
		end.message = arena_printf(c->arena, "%llu of %llu tasks",
		    (unsigned long long)a->failed, (unsigned long long)a->ended);
	}
	return job_finish(c, j, &end, e);
}

int
array_task_ended(
    struct cluster *c, struct job *j, const struct task *task, uint64_t cause, struct err *e)
{
	struct array *a = arena_copy(c->arena, j->array, sizeof *a);
	const struct ending *death = task->death;
	struct job_end gone = {.state = JOB_FAILED, .reason = END_PG_REMOVED, .cause = cause};

	a->ended++;
	a->failed += task->state != TASK_FINISHED;
	j->array = a;
	if (death && death->reason == END_PG_REMOVED)
		return job_finish(c, j, &gone, e);
	if (a->ended == a->last - a->first + 1)
		return array_end(c, j, cause, e);
	return array_go_on(c, j, cause, e);
}
