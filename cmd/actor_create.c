/* actor create: requests an actor, which is placed now if it fits, else as soon as it does. */
#include "core/cmd.h"

#include "base/number.h"
#include "model/actor.h"
#include "follow/wait.h"
#include "core/work.h"

struct params {
	struct demand_params demand;
	const char *class, *namespace, *max_restarts, *priority, *cwd, *job;
	struct labels labels;
	struct texts env;
	bool detached, get_or_create, reports, clean_env;
	struct opt_number start_timeout, grace;
	struct wait_params wait;
};

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct demand demand;
	struct actor a = {.name = operands[0],
	    .namespace = p->namespace ? p->namespace : "default",
	    .class = p->class,
	    .detached = p->detached,
	    .demand = &demand,
	    .labels = p->labels,
	    .cwd = p->cwd,
	    .uid = ctx->by.uid,
	    .argv = work_argv(ctx),
	    .start_timeout = p->start_timeout.value,
	    .grace = work_grace(&p->grace)};

	/* Without a command, whatever starts the actor provides the environment. */
	if (work_env(&p->env, p->clean_env || !a.argv.n, &a.env, ctx->turn, e))
		return -1;
	if (work_job_named(ctx, p->job, &a.job, e))
		return -1;
	if (p->get_or_create && !a.name)
		return err_set(e, ERR_USAGE, "--get-or-create needs a name");
	if (p->max_restarts && (number_i64(p->max_restarts, &a.max_restarts, e) ||
				   actor_restarts_check(a.max_restarts, e)))
		return err_wrap(e, "--max-restarts");
	if (p->priority && number_i64(p->priority, &a.priority, e))
		return err_wrap(e, "--priority");
	a.ready_on_start = a.argv.n && !p->reports;
	if (demand_of(ctx, &p->demand, &demand, e) ||
	    actor_create(ctx->cluster, &a, p->get_or_create, e))
		return -1;
	result_id(ctx, 'A', a.id, true);
	return 0;
}

static int
prepare(struct ctx *ctx, struct err *e)
{
	const struct params *p = ctx->params;

	return wait_prepare(ctx, &p->wait, "ALIVE", NULL, e);
}

static const struct opt opts[] = {
    OPT(0, "class", OPT_TEXT, class, "C", "class name"),
    OPT(0, "namespace", OPT_TEXT, namespace, "NS", "namespace (default)"),
    OPT(0, "detached", OPT_FLAG, detached, NULL, "keep it after its job ends"),
    OPT(0, "max-restarts", OPT_TEXT, max_restarts, "N",
	"how often it may be restarted (0); -1: without limit"),
    OPT(0, "get-or-create", OPT_FLAG, get_or_create, NULL,
	"if the name is taken, print the id of that actor"),
    OPT(0, "priority", OPT_TEXT, priority, "N", "larger runs first (0)"),
    OPT(0, "label", OPT_LABELS, labels, "k=v", "label; may be repeated"),
    OPT(0, "env", OPT_TEXTS, env, "K[=V]",
	"environment of its process, readable by everybody; may be repeated"),
    OPT(0, "clean-env", OPT_FLAG, clean_env, NULL,
	"do not inherit PATH, HOME, LANG, VIRTUAL_ENV and CONDA_* from this shell"),
    OPT(0, "job", OPT_TEXT, job, "JOB", "job it belongs to ($GCS_JOB_ID)", .completes = "job"),
    OPT(0, "reports", OPT_FLAG, reports, NULL,
	"it reports when it is ready (gcs actor ready); otherwise it is ready once its command "
	"runs"),
    OPT(0, "start-timeout", OPT_DURATION, start_timeout, "D",
	"treat it as lost if it is not ready within this time"),
    OPT(0, "grace", OPT_DURATION, grace, "D",
	"time between SIGTERM and SIGKILL when it is stopped (10s; 0: at once)"),
    OPT(0, "cwd", OPT_TEXT, cwd, "DIR", "directory it runs in", .completes = "dir"),
    DEMAND_OPTS(struct params, demand),
    WAIT_OPTS(struct params, wait, "then wait until it is ALIVE (exit 5 if it ends)"),
};

const struct command cmd_actor_create = {
    .name = "actor create",
    .help = "create an actor",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES | CMD_CHILD,
    .operands = OPERANDS({.name = "NAME", .count = OPERAND_OPTIONAL}),
    .opts = OPTS(opts, struct params),
    .run = run,
    .prepare = prepare,
};
