/* actor create: asks for an actor; it is placed now if it fits, else when it does. */
#include "cmd.h"

#include "base/number.h"
#include "cluster/actor.h"
#include "wait.h"
#include "work.h"

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
	    .argv = child_texts(ctx),
	    .start_timeout = p->start_timeout.value,
	    .grace = grace_option(&p->grace)};

	/* Without a command it is started by somebody who has an environment. */
	if (work_env(&p->env, p->clean_env || !a.argv.n, &a.env, ctx->turn, e))
		return -1;
	if (job_option(ctx, p->job, &a.job, e))
		return -1;
	if (p->get_or_create && !a.name)
		return err_set(e, ERR_USAGE, "--get-or-create needs a name");
	if (p->max_restarts && number_i64(p->max_restarts, &a.max_restarts, e))
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
    {0, "class", OPT_TEXT, offsetof(struct params, class), "C", "class name", NULL, NULL},
    {0, "namespace", OPT_TEXT, offsetof(struct params, namespace), "NS", "namespace (default)",
	NULL, NULL},
    {0, "detached", OPT_FLAG, offsetof(struct params, detached), NULL, "keep it after its job ends", NULL,
	NULL},
    {0, "max-restarts", OPT_TEXT, offsetof(struct params, max_restarts), "N",
	"how often it may be restarted (0); -1: without limit", NULL, NULL},
    {0, "get-or-create", OPT_FLAG, offsetof(struct params, get_or_create), NULL,
	"if the name is taken, print the id of that actor", NULL, NULL},
    {0, "priority", OPT_TEXT, offsetof(struct params, priority), "N", "larger runs first (0)", NULL,
	NULL},
    {0, "label", OPT_LABELS, offsetof(struct params, labels), "k=v", "label; may be repeated",
	NULL, NULL},
    {0, "env", OPT_TEXTS, offsetof(struct params, env), "K[=V]",
	"environment of its process, readable by everybody; may be repeated", NULL, NULL},
    {0, "clean-env", OPT_FLAG, offsetof(struct params, clean_env), NULL,
	"do not inherit PATH, HOME, LANG, VIRTUAL_ENV and CONDA_* from this shell", NULL, NULL},
    {0, "job", OPT_TEXT, offsetof(struct params, job), "JOB", "job it belongs to ($GCS_JOB_ID)",
	NULL, "job"},
    {0, "reports", OPT_FLAG, offsetof(struct params, reports), NULL,
	"it reports when it is ready (gcs actor ready); otherwise it is ready once its command runs", NULL,
	NULL},
    {0, "start-timeout", OPT_DURATION, offsetof(struct params, start_timeout), "D",
	"treat it as lost if it is not ready within this time", NULL, NULL},
    {0, "grace", OPT_DURATION, offsetof(struct params, grace), "D",
	"time between SIGTERM and SIGKILL when it is stopped (10s; 0: at once)", NULL, NULL},
    {0, "cwd", OPT_TEXT, offsetof(struct params, cwd), "DIR", "directory it runs in", NULL, "dir"},
    DEMAND_OPTS(struct params, demand),
    WAIT_OPTS(struct params, wait, "then wait until it is ALIVE (exit 5 if it ends)"),
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};

static const struct operand operands[] = {
    {"NAME", OPERAND_OPTIONAL, NULL}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_actor_create = {"actor create", "create an actor", MODE_WRITE,
    CMD_MUTATES | CMD_CHILD, operands, opts, sizeof(struct params), run, NULL, 0, prepare};
