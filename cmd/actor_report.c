/* actor ready, fail, kill: what becomes of actors, as scripts and people say. */
#include "cmd.h"

#include "cluster/actor.h"

struct params {
	struct opt_number pid;
	const char *address;
	bool no_restart, restart;
};

static int
run_ready(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct actor *a;

	if (!(a = record_named(ctx->cluster, KIND_ACTOR, operands[0] ? operands[0] : "@self",
		  ctx_self(), e)))
		return -1;
	result_id(ctx, 'A', a->id, false);
	return actor_ready(ctx->cluster, a, p->pid.value, p->address, e);
}

static int
run_fail(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct loss loss = {.reason = END_WORKER_DIED,
	    .message = ctx->change.message,
	    .final = p->no_restart,
	    .backoff = true};
	struct actor *a;

	if (!(a = record_named(ctx->cluster, KIND_ACTOR, operands[0], ctx_self(), e)))
		return -1;
	result_id(ctx, 'A', a->id, false);
	return actor_lost(ctx->cluster, a, &loss, e);
}

static int
run_kill(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct loss loss = {
	    .reason = END_KILLED, .message = ctx->change.message, .final = !p->restart};
	struct actor *a;

	for (; *operands; operands++) {
		if (!(a = record_named(ctx->cluster, KIND_ACTOR, *operands, ctx_self(), e)) ||
		    actor_lost(ctx->cluster, a, &loss, e))
			return -1;
		result_id(ctx, 'A', a->id, false);
	}
	return 0;
}

static const struct opt ready_opts[] = {
    {0, "pid", OPT_U64, offsetof(struct params, pid), "P", "id of its process", NULL, NULL},
    {0, "address", OPT_TEXT, offsetof(struct params, address), "A", "address at which it is reached", NULL,
	NULL},
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};
static const struct opt fail_opts[] = {
    {0, "no-restart", OPT_FLAG, offsetof(struct params, no_restart), NULL,
	"do not restart it, even if restarts are left", NULL, NULL},
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};
static const struct opt kill_opts[] = {
    {0, "restart", OPT_FLAG, offsetof(struct params, restart), NULL,
	"restart it, if restarts are left, instead of ending it", NULL, NULL},
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};

static const struct operand one[] = {{"ACTOR", OPERAND_ONE, "actor"}, {NULL, OPERAND_ONE, NULL}};
static const struct operand own[] = {
    {"ACTOR", OPERAND_OPTIONAL, "actor"}, {NULL, OPERAND_ONE, NULL}};
static const struct operand many[] = {{"ACTOR", OPERAND_MANY, "actor"}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_actor_ready = {"actor ready", "report that an actor is ready", MODE_WRITE,
    CMD_MUTATES, own, ready_opts, sizeof(struct params), run_ready, NULL, 0, NULL};
const struct command cmd_actor_fail = {"actor fail", "report that the process of an actor failed",
    MODE_WRITE, CMD_MUTATES | CMD_MESSAGE, one, fail_opts, sizeof(struct params), run_fail, NULL, 0,
    NULL};
const struct command cmd_actor_kill = {"actor kill", "end actors", MODE_WRITE,
    CMD_MUTATES | CMD_FREES, many, kill_opts, sizeof(struct params), run_kill, NULL, 0, NULL};
