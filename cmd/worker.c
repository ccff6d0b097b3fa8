/* worker start, worker exit: what scripts that run processes themselves report. */
#include "cmd.h"

#include "cluster/worker.h"

struct params {
	struct opt_number pid, exit, signal;
	const char *node;
	unsigned type;
};

static int
run_start(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct worker w = {.pid = p->pid.value, .uid = ctx->by.uid};
	const struct node *node = NULL;
	struct found found;

	if (record_find(ctx->cluster, NULL, operands[0], ctx_self(), &found, e) < 0)
		return -1;
	if (p->node && !(node = record_named(ctx->cluster, KIND_NODE, p->node, ctx_self(), e)))
		return err_wrap(e, "--node");
	w.record = found.kind->letter
		       ? ref_make(found.kind->letter, record_number(found.kind, found.record))
		       : 0;
	w.node = node ? node->id : 0;
	if (worker_start(ctx->cluster, &w, e))
		return -1;
	result_id(ctx, 'W', w.id, true);
	return 0;
}

static int
run_exit(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct worker_end end = {
	    .exit = {.code = p->exit.value, .signal = p->signal.value, .type = p->type},
	    .message = ctx->change.message};
	struct worker *w = record_named(ctx->cluster, KIND_WORKER, operands[0], ctx_self(), e);

	if (!w)
		return -1;
	if (p->exit.given + p->signal.given + (p->type != 0) == 0)
		return err_set(e, ERR_USAGE, "how did it end? (--exit, --signal or --type)");
	if (p->exit.given && p->signal.given)
		return err_set(e, ERR_USAGE, "--exit does not go with --signal");
	if (p->exit.value > 255)
		return err_set(e, ERR_USAGE, "--exit: 0 to 255");
	if (p->signal.given && (!p->signal.value || p->signal.value > 64))
		return err_set(e, ERR_USAGE, "--signal: 1 to 64");
	result_id(ctx, 'W', w->id, false);
	return worker_exit(ctx->cluster, w, &end, e);
}

static const struct opt start_opts[] = {
    {0, "pid", OPT_U64, offsetof(struct params, pid), "P", "id of the process", NULL, NULL},
    {0, "node", OPT_TEXT, offsetof(struct params, node), "NODE", "node it runs on", NULL, "node"},
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};
static const struct opt exit_opts[] = {
    {0, "exit", OPT_U64, offsetof(struct params, exit), "N", "exit code of the process", NULL, NULL},
    {0, "signal", OPT_U64, offsetof(struct params, signal), "S", "signal that ended it", NULL,
	NULL},
    {0, "type", OPT_CHOICE, offsetof(struct params, type), "T", "type of exit",
	exit_types, NULL},
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};
static const struct operand record[] = {{"REC", OPERAND_ONE, "record"}, {NULL, OPERAND_ONE, NULL}};
static const struct operand one[] = {{"WORKER", OPERAND_ONE, "worker"}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_worker_start = {"worker start",
    "report that a process was started for a task, an actor or a job", MODE_WRITE, CMD_MUTATES,
    record, start_opts, sizeof(struct params), run_start, NULL, 0, NULL};
const struct command cmd_worker_exit = {"worker exit", "report that a process has ended",
    MODE_WRITE, CMD_MUTATES, one, exit_opts, sizeof(struct params), run_exit, NULL, 0, NULL};
