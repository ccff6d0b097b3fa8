/* job wait: waits for jobs to end; exits with their exit code. */
#include "follow/job_wait.h"

#include <unistd.h>

#include "base/clock.h"
#include "model/job.h"
#include "state/index.h"
#include "state/record.h"
#include "state/resolve.h"
#include "ui/progress.h"

#define CODE_NONE 125 /* of a job without an exit code */

struct params {
	struct opt_number timeout;
};

struct awaited {
	const char **jobs;
	const char **ids; /* "J3": a name may pass to another job meanwhile */
	size_t n;
	struct progress progress;
	uint64_t looked_ms; /* CLOCK_MONOTONIC */
	uint64_t all, ended, failed, running;
};

static int
find_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct awaited *w = argument;
	const struct job *job;
	size_t i;

	for (i = 0; i < w->n; i++) {
		job = resolve_kind(ctx->cluster, KIND_JOB, w->jobs[i], ctx_self(), e);
		if (!job)
			return -1;
		w->ids[i] = arena_printf(ctx->arena, "J%llu", (unsigned long long)job->id);
	}
	return 0;
}

static int
job_get(struct ctx *ctx, const char *id, const struct job **job, struct err *e)
{
	*job = resolve_kind(ctx->cluster, KIND_JOB, id, NULL, e);
	return *job ? 0 : -1;
}

/* --- progress --- */

static int
task_count(struct cluster *c, void *record, void *argument, struct err *e)
{
	const struct task *t = record;
	struct awaited *w = argument;

	(void)c;
	(void)e;
	w->running += t->state == TASK_RUNNING;
	return 0;
}

/* A job counts as one, an array as the number of its tasks. */
static int
job_count(struct ctx *ctx, struct awaited *w, const struct job *job, struct err *e)
{
	const struct array *array = job->array;
	uint64_t tasks = array ? array->last - array->first + 1 : 1;

	w->all += tasks;
	w->ended += job_has_ended(job) ? tasks : array ? array->ended : 0;
	w->failed += array ? array->failed : job->state == JOB_FAILED;
	if (!array)
		w->running += job->state == JOB_RUNNING;
	else if (!job_has_ended(job))
		return index_owned(ctx->cluster, kind_of(ctx->kinds, KIND_TASK),
		    ref_make('J', job->id), task_count, w, e);
	return 0;
}

static int
count_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct awaited *w = argument;
	const struct job *job;
	size_t i;

	w->all = w->ended = w->failed = w->running = 0;
	for (i = 0; i < w->n; i++)
		if (job_get(ctx, w->ids[i], &job, e) || job_count(ctx, w, job, e))
			return -1;
	return 0;
}

static int
progress(struct ctx *ctx, void *argument, struct err *e)
{
	struct awaited *w = argument;
	uint64_t now = clock_monotonic_ms();

	if (w->progress.fd < 0 || now < w->looked_ms + PROGRESS_PERIOD_MS)
		return 0;
	if (ctx_read(ctx, count_body, w, e))
		return -1;
	w->looked_ms = now;
	progress_show(&w->progress, now, "%llu of %llu ended, %llu failed, %llu running",
	    (unsigned long long)w->ended, (unsigned long long)w->all, (unsigned long long)w->failed,
	    (unsigned long long)w->running);
	return 0;
}

/* --- outcomes --- */

static int
code_of(struct ctx *ctx, const struct job *job)
{
	const struct ending *death = job->death;
	const struct exit *how = job->exit;
	unsigned reason = death ? death->reason : 0;

	if (how && how->signal)
		return 128 + (int)how->signal;
	if (how && (how->code || reason == END_FINISHED))
		return (int)how->code;
	if (reason == END_FINISHED)
		return 0;
	note(ctx, "%s: J%llu has no exit code: it is %s, %s", ctx->command->name,
	    (unsigned long long)job->id, enum_text(&job_states, job->state),
	    enum_text(&end_reasons, reason));
	return CODE_NONE;
}

static int
code_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct awaited *w = argument;
	const struct job *job;
	size_t i;

	ctx->code = 0;
	for (i = 0; i < w->n && !ctx->code; i++) {
		if (job_get(ctx, w->ids[i], &job, e))
			return -1;
		ctx->code = code_of(ctx, job);
	}
	return 0;
}

/* Waits until the jobs have ended; ctx->code is their exit code. */
static int
jobs_wait(
    struct ctx *ctx, const struct texts *jobs, const struct opt_number *timeout, struct err *e)
{
	static const char *ended = "ended";
	struct awaited w = {.jobs = jobs->v, .n = jobs->n};
	struct wait_for what = {
	    .expressions = {&ended, 1}, .timeout = *timeout, .meanwhile = progress, .argument = &w};
	int bad;

	w.ids = arena_alloc(ctx->arena, w.n * sizeof *w.ids);
	if (ctx_read(ctx, find_body, &w, e))
		return -1;
	what.records = (struct texts){w.ids, w.n};
	what.since = arena_printf(ctx->arena, "%llu", (unsigned long long)ctx->seq);
	progress_begin(&w.progress, STDERR_FILENO, !ctx->globals.quiet);
	bad = wait_run(ctx, &what, e);
	progress_clear(&w.progress);
	return bad ? -1 : ctx_read(ctx, code_body, &w, e);
}

static int
after_change(struct ctx *ctx, struct err *e)
{
	struct texts jobs = wait_records(ctx);

	return jobs_wait(ctx, &jobs, &ctx->after.timeout, e);
}

int
job_wait_prepare(struct ctx *ctx, const struct wait_params *p, struct err *e)
{
	if (wait_prepare(ctx, p, "ended", NULL, e))
		return -1;
	if (p->wait) {
		ctx->after.run = after_change;
		ctx->after.stands = true;
	}
	return 0;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct texts jobs = {(const char **)operands, ctx->parsed.n};

	return jobs_wait(ctx, &jobs, &p->timeout, e);
}

static const struct opt opts[] = {
    OPT(0, "timeout", OPT_DURATION, timeout, "D", "give up after this time (exit 124)"),
};

const struct command cmd_job_wait = {
    .name = "job wait",
    .help = "wait until jobs have ended; exits with their code",
    .mode = MODE_OPEN,
    .flags = CMD_LONG | CMD_READS | CMD_STANDS,
    .operands = OPERANDS({.name = "JOB", .count = OPERAND_MANY, .completes = "job"}),
    .opts = OPTS(opts, struct params),
    .run = run,
};
