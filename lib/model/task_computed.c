/* task_computed: computed fields of a task. */
#include "model/task.h"

#include "base/arena.h"
#include "base/duration.h"
#include "base/number.h"
#include "model/worker.h"
#include "place/demand.h"
#include "state/cluster.h"

static const char *
reason_of(struct cluster *c, const struct task *t)
{
	const struct ending *death = t->death;
	const char *reason = death ? enum_text(&end_reasons, death->reason) : NULL;
	char text[NUMBER_SIZE];

	if (death && death->message)
		return arena_printf(c->arena, "%s: %s", reason ? reason : "?", death->message);
	if (death)
		return reason;
	if (t->not_before_ms)
		return arena_printf(c->arena, "backoff of %s", duration_short(text, t->backoff));
	if (task_waits(t))
		return "waits for resources";
	return t->state == TASK_RUNNING ? NULL : "placed, not started yet";
}

int
task_computed(struct cluster *c, void *record, const struct computed *from, struct err *e)
{
	struct task *t = record;
	const struct ending *death = t->death;
	bool started = t->state == TASK_RUNNING || (death && t->start_ms >= t->queued_ms);
	uint64_t end = death ? death->end_ms : c->now_ms, till = started ? t->start_ms : end;

	t->resources = demand_cell(c, t->demand);
	t->waited = till > t->queued_ms ? till - t->queued_ms : 0;
	t->ran = started && end > t->start_ms ? end - t->start_ms : 0;
	t->code = worker_exit_cell(c, t->exit);
	t->reason = reason_of(c, t);
	(void)from;
	(void)e;
	return 0;
}
