/* task submit, task cancel: further tasks of jobs. */
#include "core/cmd.h"

#include "model/job.h"
#include "model/task.h"
#include "state/record.h"
#include "core/work.h"

struct params {
	struct work_params work;
	const char *job;
	struct opt_number grace;
};

static int
prepare(struct ctx *ctx, struct err *e)
{
	struct params *p = ctx->params;

	return work_prepare(ctx, &p->work, e);
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct task wanted, *task;
	struct job job = {0};
	uint64_t id;

	(void)operands;
	if (work_job_named(ctx, p->job, &id, e))
		return -1;
	if (!id)
		return err_set(e, ERR_USAGE, "which job? (--job, or GCS_JOB_ID)");
	if (record_get_number(ctx->cluster, kind_of(ctx->kinds, KIND_JOB), id, &job, e) < 0 ||
	    work_task(ctx, &p->work, RETRIES_STANDARD, &wanted, e) ||
	    !(task = task_submit(ctx->cluster, &job, &wanted, e)))
		return -1;
	result_id(ctx, 'T', task->id, true);
	return 0;
}

static int
cancel(struct ctx *ctx, const void *params, void *record, struct err *e)
{
	const struct params *p = params;
	struct task_end end = {.state = TASK_CANCELLED,
	    .reason = END_CANCELLED,
	    .message = ctx->change.message,
	    .grace_ms = work_grace(&p->grace)};
	struct task *task = record;

	if (task_end(ctx->cluster, task, &end, e))
		return -1;
	result_id(ctx, 'T', task->id, false);
	return 0;
}

static const struct opt opts[] = {
    OPT(0, "job", OPT_TEXT, job, "JOB", "job it belongs to ($GCS_JOB_ID)", .completes = "job"),
    WORK_RETRY_OPTS(struct params, work),
    WORK_LIMIT_OPTS(struct params, work),
    DEMAND_OPTS(struct params, work.demand),
};
static const struct opt cancel_opts[] = {
    OPT(0, "grace", OPT_DURATION, grace, "D", "time between SIGTERM and SIGKILL (10s; 0: at once)"),
};

const struct command cmd_task_submit = {
    .name = "task submit",
    .help = "add a task to a job",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES | CMD_CHILD,
    .opts = OPTS(opts, struct params),
    .run = run,
    .prepare = prepare,
};
const struct command cmd_task_cancel = {
    .name = "task cancel",
    .help = "end tasks",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES | CMD_FREES,
    .operands = OPERANDS({.name = "TASK", .count = OPERAND_MANY, .kind = KIND_TASK}),
    .opts = OPTS(cancel_opts, struct params),
    .each = cancel,
};
