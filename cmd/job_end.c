/* job add, finish, cancel, update: jobs whose drivers run elsewhere, and the end of jobs. */
#include "core/cmd.h"

#include "base/number.h"
#include "model/job.h"
#include "core/work.h"

struct params {
	struct opt_number pid, exit, grace, time_limit, queue_timeout, max_retries;
	const char *address, *priority;
	bool failed;
	struct labels labels, config;
};

static int
run_add(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct job job = {.name = operands[0],
	    .user = ctx->by.user,
	    .uid = ctx->by.uid,
	    .pid = p->pid.value,
	    .address = p->address,
	    .labels = p->labels,
	    .config = p->config};

	if (job_add(ctx->cluster, &job, e))
		return -1;
	result_id(ctx, 'J', job.id, true);
	return 0;
}

static int
finish(struct ctx *ctx, const void *params, void *record, struct err *e)
{
	const struct params *p = params;
	struct exit exit = {.code = p->exit.given ? p->exit.value : p->failed};
	struct job_end end = {.exit = &exit, .message = ctx->change.message};
	struct job *job = record;

	if (exit.code > 255)
		return err_set(e, ERR_USAGE, "--exit: 0 to 255");
	if (p->failed && !exit.code)
		return err_set(e, ERR_USAGE, "--failed does not go with --exit 0");
	exit.type = exit.code ? EXIT_SYSTEM_ERROR : EXIT_INTENDED_USER;
	end.state = exit.code ? JOB_FAILED : JOB_STOPPED;
	end.reason = exit.code ? END_NONZERO_EXIT : END_FINISHED;
	result_id(ctx, 'J', job->id, false);
	return job_finish(ctx->cluster, job, &end, e);
}

static int
cancel(struct ctx *ctx, const void *params, void *record, struct err *e)
{
	const struct params *p = params;
	struct job *job = record;

	if (job_cancel(ctx->cluster, job, work_grace(&p->grace), e))
		return -1;
	result_id(ctx, 'J', job->id, false);
	return 0;
}

static int
update(struct ctx *ctx, const void *params, void *record, struct err *e)
{
	const struct params *p = params;
	struct job_change change = {.priority_given = p->priority != NULL,
	    .time_limit_given = p->time_limit.given,
	    .queue_timeout_given = p->queue_timeout.given,
	    .retries_given = p->max_retries.given,
	    .time_limit = p->time_limit.value,
	    .queue_timeout = p->queue_timeout.value,
	    .max_retries = p->max_retries.value,
	    .labels = &p->labels,
	    .config = &p->config};
	struct job *job = record;

	if (p->priority && number_i64(p->priority, &change.priority, e))
		return err_wrap(e, "--priority");
	if (job_update(ctx->cluster, job, &change, e))
		return -1;
	result_id(ctx, 'J', job->id, false);
	return 0;
}

#define KEPT_OPTS \
	OPT(0, "config", OPT_LABELS, config, "k=v", \
	    "setting stored with the job; may be repeated"), \
	    OPT(0, "label", OPT_LABELS, labels, "k=v", "label; may be repeated")

static const struct opt add_opts[] = {
    OPT(0, "pid", OPT_U64, pid, "P", "process of its driver"),
    OPT(0, "address", OPT_TEXT, address, "A", "address at which the driver is reached"),
    KEPT_OPTS,
};
static const struct opt finish_opts[] = {
    OPT(0, "exit", OPT_U64, exit, "N", "exit code of its driver (0)"),
    OPT(0, "failed", OPT_FLAG, failed, NULL, "it failed (exit code 1 unless given)"),
};
static const struct opt cancel_opts[] = {
    OPT(0, "grace", OPT_DURATION, grace, "D", "time between SIGTERM and SIGKILL (10s; 0: at once)"),
};
static const struct opt update_opts[] = {
    OPT(0, "priority", OPT_TEXT, priority, "N", "larger runs first"),
    OPT(0, "time-limit", OPT_DURATION, time_limit, "D", "how long it may run; 0: without limit"),
    OPT(0, "queue-timeout", OPT_DURATION, queue_timeout, "D",
	"how long it may wait; 0: without limit"),
    OPT(0, "max-retries", OPT_U64, max_retries, "N", "how often it is retried after it was lost"),
    KEPT_OPTS,
};

const struct command cmd_job_add = {
    .name = "job add",
    .help = "add a job whose driver runs elsewhere",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES,
    .operands = OPERANDS({.name = "NAME", .count = OPERAND_OPTIONAL}),
    .opts = OPTS(add_opts, struct params),
    .run = run_add,
};
const struct command cmd_job_finish = {
    .name = "job finish",
    .help = "report that the driver of a job has ended",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES,
    .operands = OPERANDS({.name = "JOB", .kind = KIND_JOB}),
    .opts = OPTS(finish_opts, struct params),
    .each = finish,
};
const struct command cmd_job_cancel = {
    .name = "job cancel",
    .help = "end jobs and everything that belongs to them",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES | CMD_FREES,
    .operands = OPERANDS({.name = "JOB", .count = OPERAND_MANY, .kind = KIND_JOB}),
    .opts = OPTS(cancel_opts, struct params),
    .each = cancel,
};
const struct command cmd_job_update = {
    .name = "job update",
    .help = "change priority, limits, labels and settings of jobs",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES,
    .operands = OPERANDS({.name = "JOB", .count = OPERAND_MANY, .kind = KIND_JOB}),
    .opts = OPTS(update_opts, struct params),
    .each = update,
};
