/* task submit, task cancel: further tasks of jobs. */
#include "cmd.h"

#include "cluster/job.h"
#include "cluster/task.h"
#include "state/record.h"
#include "work.h"

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
	struct task wanted, task;
	struct job job = {0};
	uint64_t id;

	(void)operands;
	if (job_option(ctx, p->job, &id, e))
		return -1;
	if (!id)
		return err_set(e, ERR_USAGE, "which job? (--job, or GCS_JOB_ID)");
	if (record_get_number(ctx->cluster, kind_of(KIND_JOB), id, &job, e) < 0 ||
	    work_task(ctx, &p->work, RETRIES_STANDARD, &wanted, e) ||
	    task_submit(ctx->cluster, &job, &wanted, &task, e))
		return -1;
	result_id(ctx, 'T', task.id, true);
	return 0;
}

static int
run_cancel(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct task_end end = {.state = TASK_CANCELLED,
	    .reason = END_CANCELLED,
	    .message = ctx->change.message,
	    .grace_ms = grace_option(&p->grace)};
	struct task *task;

	for (; *operands; operands++) {
		task = record_named(ctx->cluster, KIND_TASK, *operands, ctx_self(), e);
		if (!task || task_end(ctx->cluster, task, &end, e))
			return -1;
		result_id(ctx, 'T', task->id, false);
	}
	return 0;
}

static const struct opt opts[] = {
    {0, "job", OPT_TEXT, offsetof(struct params, job), "JOB", "job it belongs to ($GCS_JOB_ID)",
	NULL, "job"},
    WORK_RETRY_OPTS(struct params, work),
    WORK_LIMIT_OPTS(struct params, work),
    DEMAND_OPTS(struct params, work.demand),
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};
static const struct opt cancel_opts[] = {
    {0, "grace", OPT_DURATION, offsetof(struct params, grace), "D",
	"time between SIGTERM and SIGKILL (10s; 0: at once)", NULL, NULL},
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};
static const struct operand many[] = {{"TASK", OPERAND_MANY, "task"}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_task_submit = {"task submit", "add a task to a job", MODE_WRITE,
    CMD_MUTATES | CMD_CHILD, NULL, opts, sizeof(struct params), run, NULL, 0, prepare};
const struct command cmd_task_cancel = {"task cancel", "end tasks", MODE_WRITE,
    CMD_MUTATES | CMD_FREES, many, cancel_opts, sizeof(struct params), run_cancel, NULL, 0, NULL};
