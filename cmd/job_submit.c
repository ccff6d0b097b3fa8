/* job submit, job rerun: work that an agent runs when its turn comes. */
#include "core/cmd.h"

#include <string.h>

#include "base/number.h"
#include "model/job.h"
#include "follow/job_wait.h"
#include "core/work.h"
#include "state/resolve.h"

struct params {
	struct work_params work;
	struct texts after;
	const char *array;
	struct labels labels, config;
	struct wait_params wait;
};

static int
prepare(struct ctx *ctx, struct err *e)
{
	struct params *p = ctx->params;

	return job_wait_prepare(ctx, &p->wait, e) || work_prepare(ctx, &p->work, e) ? -1 : 0;
}

/* "J3", "J3:ok", "name:any". */
static int
after_add(struct ctx *ctx, const char *text, struct after *after, struct err *e)
{
	const char *colon = strrchr(text, ':');
	size_t n = colon ? (size_t)(colon - text) : strlen(text);
	const struct job *job;

	after->how = AFTER_OK;
	if (colon && !enum_parse(&after_conditions, colon + 1, &after->how))
		return err_value(
		    e, ERR_USAGE, text, "--after: '%s' (as J3, J3:ok or J3:any)", text);
	job =
	    resolve_kind(ctx->cluster, KIND_JOB, arena_strndup(ctx->turn, text, n), ctx_self(), e);
	if (!job)
		return err_wrap(e, "--after");
	after->job = job->id;
	return 0;
}

static int
after_parse(struct ctx *ctx, const struct params *p, struct job *job, struct err *e)
{
	struct after *v = arena_alloc(ctx->turn, (p->after.n + 1) * sizeof *v);
	size_t i;

	for (i = 0; i < p->after.n; i++)
		if (after_add(ctx, p->after.v[i], &v[i], e))
			return -1;
	job->after = (struct list_of){v, p->after.n};
	return 0;
}

static int
array_bad(const char *text, struct err *e)
{
	return err_value(e, ERR_USAGE, text, "--array: '%s' (as 1-100, or 1-100%%8)", text);
}

/* "1-100", "1-100%8", "7". */
static int
array_parse(struct ctx *ctx, const char *text, struct job *job, struct err *e)
{
	size_t n = strcspn(text, "-%"), m;
	struct array *a = arena_alloc(ctx->turn, sizeof *a);
	struct err bad;

	if (number_u64(arena_strndup(ctx->turn, text, n), &a->first, &bad))
		return array_bad(text, e);
	a->last = a->first;
	if (text[n] == '-') {
		m = strcspn(text + n + 1, "%");
		if (number_u64(arena_strndup(ctx->turn, text + n + 1, m), &a->last, &bad))
			return array_bad(text, e);
		n += 1 + m;
	}
	if (text[n] == '%' && (number_u64(text + n + 1, &a->at_once, &bad) || !a->at_once))
		return array_bad(text, e);
	if (array_check(a, e))
		return err_wrap(e, "--array");
	a->next = a->first;
	job->array = a;
	return 0;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct task work;
	struct job job = {
	    .name = operands[0], .labels = p->labels, .config = p->config, .work = &work};

	if (work_task(ctx, &p->work, 0, &work, e) || work_job(ctx, &p->work, &job, e) ||
	    after_parse(ctx, p, &job, e))
		return -1;
	if (p->array && array_parse(ctx, p->array, &job, e))
		return -1;
	if (job_submit(ctx->cluster, &job, e))
		return -1;
	result_id(ctx, 'J', job.id, true);
	return 0;
}

static int
again(struct ctx *ctx, const void *params, void *record, struct err *e)
{
	struct job copy;

	(void)params;
	if (job_rerun(ctx->cluster, record, &ctx->by, &copy, e))
		return -1;
	result_id(ctx, 'J', copy.id, true);
	return 0;
}

static const struct opt opts[] = {
    OPT(0, "after", OPT_TEXTS, after, "JOB[:ok|:any]",
	"start after this job has succeeded, or with :any ended; may be repeated",
	.completes = "job"),
    OPT(0, "array", OPT_TEXT, array, "A-B[%N]",
	"tasks A to B instead of a driver, at most N unfinished at a time"),
    WORK_RETRY_OPTS(struct params, work),
    WORK_LIMIT_OPTS(struct params, work),
    WORK_PLACE_OPTS(struct params, work),
    OPT(0, "config", OPT_LABELS, config, "k=v", "setting stored with the job; may be repeated"),
    OPT(0, "label", OPT_LABELS, labels, "k=v", "label; may be repeated"),
    DEMAND_OPTS(struct params, work.demand),
    WAIT_OPTS(struct params, wait, "then wait until it has ended; exit with its code"),
};

const struct command cmd_job_submit = {
    .name = "job submit",
    .help = "submit a job, to be run once its resources are free",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES | CMD_CHILD,
    .operands = OPERANDS({.name = "NAME", .count = OPERAND_OPTIONAL}),
    .opts = OPTS(opts, struct params),
    .run = run,
    .prepare = prepare,
};
const struct command cmd_job_rerun = {
    .name = "job rerun",
    .help = "submit jobs again as they were",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES,
    .operands = OPERANDS({.name = "JOB", .count = OPERAND_MANY, .kind = KIND_JOB}),
    .each = again,
};
