/* work: the options of everything that runs once (job submit, job run, task submit), and what they
 * make: the template of a task, and what a job sets for all of its tasks. */
#ifndef CMD_CORE_WORK_H
#define CMD_CORE_WORK_H

#include "core/demand.h"

struct work_params {
	struct demand_params demand;
	const char *cwd, *script_name, *priority;
	struct texts env;
	bool clean_env, retry_exit;
	struct opt_number max_retries, time_limit, queue_timeout, grace;
	const char *script; /* read before the transaction */
};

/* clang-format off */
/* Where it runs and with what: for a job as a whole. */
#define WORK_PLACE_OPTS(params, member) \
	OPT_OF(params, 0, "cwd", OPT_TEXT, member.cwd, "DIR", "directory it runs in (the current one)", .completes = "dir"), \
	OPT_OF(params, 0, "env", OPT_TEXTS, member.env, "K[=V]", "environment, readable by everybody; K alone: inherit the value; may be repeated"), \
	OPT_OF(params, 0, "clean-env", OPT_FLAG, member.clean_env, NULL, "do not inherit PATH, HOME, LANG, VIRTUAL_ENV and CONDA_* from this shell"), \
	OPT_OF(params, 0, "priority", OPT_TEXT, member.priority, "N", "larger runs first (0)")
/* How it is run. */
#define WORK_LIMIT_OPTS(params, member) \
	OPT_OF(params, 0, "time-limit", OPT_DURATION, member.time_limit, "D", "kill it after running for D"), \
	OPT_OF(params, 0, "queue-timeout", OPT_DURATION, member.queue_timeout, "D", "end it after waiting for D"), \
	OPT_OF(params, 0, "grace", OPT_DURATION, member.grace, "D", "time between SIGTERM and SIGKILL when it is stopped (10s; 0: at once)")
#define WORK_RETRY_OPTS(params, member) \
	OPT_OF(params, 0, "max-retries", OPT_U64, member.max_retries, "N", "how often it is retried after it was lost"), \
	OPT_OF(params, 0, "retry-exit", OPT_FLAG, member.retry_exit, NULL, "retry after a non-zero exit, too"), \
	OPT_OF(params, 0, "script", OPT_TEXT, member.script_name, "FILE|-", "run this script, stored with the job; its arguments follow --", .completes = "file")
/* clang-format on */

/* Reads the script, before the store is opened. */
int work_prepare(struct ctx *ctx, struct work_params *p, struct err *e);

/* Makes the template of a task. ERR_USAGE, ERR_NO (nodes). retries: the default. */
int work_task(struct ctx *ctx, const struct work_params *p, uint64_t retries, struct task *task,
    struct err *e);

/* Fills a job's submitter, and where and with what its tasks run. */
int work_job(struct ctx *ctx, const struct work_params *p, struct job *job, struct err *e);

/* Fills the environment of a command that runs elsewhere: what nearly every program needs from this
 * one, unless it is to be clean, and what --env sets (K=V, or K with its value here). ERR_USAGE. */
int work_env(
    const struct texts *given, bool clean, struct labels *env, struct arena *a, struct err *e);

/* --grace as records store it: 0 means not given; a given 0 becomes the shortest grace. */
uint64_t work_grace(const struct opt_number *grace);

/* The words after --, as texts. */
struct texts work_argv(const struct ctx *ctx);

/* The job that --job (default: $GCS_JOB_ID) names; 0: none. */
int work_job_named(struct ctx *ctx, const char *text, uint64_t *job, struct err *e);

#endif
