/* worker start, worker exit: reports from scripts that run processes themselves. */
#include "core/cmd.h"

#include "model/worker.h"

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
	const struct found *of = ctx->records;

	(void)operands;
	if (p->node && !(node = resolve_kind(ctx->cluster, KIND_NODE, p->node, ctx_self(), e)))
		return err_wrap(e, "--node");
	w.record =
	    of->kind->letter ? ref_make(of->kind->letter, record_number(of->kind, of->record)) : 0;
	w.node = node ? node->id : 0;
	if (worker_start(ctx->cluster, &w, e))
		return -1;
	result_id(ctx, 'W', w.id, true);
	return 0;
}

static int
report_exit(struct ctx *ctx, const void *params, void *record, struct err *e)
{
	const struct params *p = params;
	struct worker_end end = {
	    .exit = {.code = p->exit.value, .signal = p->signal.value, .type = p->type},
	    .message = ctx->change.message};
	struct worker *w = record;

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
    OPT(0, "pid", OPT_U64, pid, "P", "id of the process"),
    OPT(0, "node", OPT_TEXT, node, "NODE", "node it runs on", .completes = "node"),
};
static const struct opt exit_opts[] = {
    OPT(0, "exit", OPT_U64, exit, "N", "exit code of the process"),
    OPT(0, "signal", OPT_U64, signal, "S", "signal that ended it"),
    OPT(0, "type", OPT_CHOICE, type, "T", "type of exit", .sub = &exit_types),
};

const struct command cmd_worker_start = {
    .name = "worker start",
    .help = "report that a process was started for a task, an actor or a job",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES,
    .operands = OPERANDS({.name = "REC", .kind = ANY_KIND}),
    .opts = OPTS(start_opts, struct params),
    .run = run_start,
};
const struct command cmd_worker_exit = {
    .name = "worker exit",
    .help = "report that a process has ended",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES,
    .operands = OPERANDS({.name = "WORKER", .kind = KIND_WORKER}),
    .opts = OPTS(exit_opts, struct params),
    .each = report_exit,
};
