/* actor ready, fail, kill: what becomes of actors, as scripts and people say. */
#include "core/cmd.h"

#include "model/actor.h"
#include "state/resolve.h"

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

	if (!(a = resolve_kind(
		  ctx->cluster, KIND_ACTOR, operands[0] ? operands[0] : "@self", ctx_self(), e)))
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

	if (!(a = resolve_kind(ctx->cluster, KIND_ACTOR, operands[0], ctx_self(), e)))
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
		if (!(a = resolve_kind(ctx->cluster, KIND_ACTOR, *operands, ctx_self(), e)) ||
		    actor_lost(ctx->cluster, a, &loss, e))
			return -1;
		result_id(ctx, 'A', a->id, false);
	}
	return 0;
}

static const struct opt ready_opts[] = {
    OPT(0, "pid", OPT_U64, pid, "P", "id of its process"),
    OPT(0, "address", OPT_TEXT, address, "A", "where it is reached"),
};
static const struct opt fail_opts[] = {
    OPT(0, "no-restart", OPT_FLAG, no_restart, NULL, "do not restart it, whatever it may"),
};
static const struct opt kill_opts[] = {
    OPT(0, "restart", OPT_FLAG, restart, NULL, "restart it if it may be, instead of ending it"),
};

const struct command cmd_actor_ready = {
    .name = "actor ready",
    .help = "report that an actor is ready",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES,
    .operands = OPERANDS({.name = "ACTOR", .count = OPERAND_OPTIONAL, .completes = "actor"}),
    .opts = OPTS(ready_opts, struct params),
    .run = run_ready,
};
const struct command cmd_actor_fail = {
    .name = "actor fail",
    .help = "report that the process of an actor died",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES | CMD_MESSAGE,
    .operands = OPERANDS({.name = "ACTOR", .completes = "actor"}),
    .opts = OPTS(fail_opts, struct params),
    .run = run_fail,
};
const struct command cmd_actor_kill = {
    .name = "actor kill",
    .help = "end actors",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES | CMD_FREES,
    .operands = OPERANDS({.name = "ACTOR", .count = OPERAND_MANY, .completes = "actor"}),
    .opts = OPTS(kill_opts, struct params),
    .run = run_kill,
};
