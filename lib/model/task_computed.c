/* task_computed: computed fields of a task. */
#include "model/task.h"

#include "model/worker.h"
#include "place/demand.h"
#include "state/cluster.h"

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
	t->reason = worker_reason_cell(c, t->death, t->not_before_ms, t->backoff, task_waits(t),
	    t->state == TASK_RUNNING ? NULL : "placed, not started yet");
	(void)from;
	(void)e;
	return 0;
}
