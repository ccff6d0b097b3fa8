/* actor ready, fail, kill: reports and requests about actors, from scripts and operators. */
#include "core/cmd.h"

#include "model/actor.h"

struct params {
	struct opt_number pid;
	const char *address;
	bool no_restart, restart;
};

static int
ready(struct ctx *ctx, const void *params, void *record, struct err *e)
{
	const struct params *p = params;
	struct actor *a = record;

	result_id(ctx, 'A', a->id, false);
	return actor_ready(ctx->cluster, a, p->pid.value, p->address, e);
}

static int
fail(struct ctx *ctx, const void *params, void *record, struct err *e)
{
	const struct params *p = params;
	struct loss loss = {.reason = END_WORKER_DIED,
	    .message = ctx->change.message,
	    .final = p->no_restart,
	    .backoff = true};
	struct actor *a = record;

	result_id(ctx, 'A', a->id, false);
	return actor_lost(ctx->cluster, a, &loss, e);
}

static int
kill(struct ctx *ctx, const void *params, void *record, struct err *e)
{
	const struct params *p = params;
	struct loss loss = {
	    .reason = END_KILLED, .message = ctx->change.message, .final = !p->restart};
	struct actor *a = record;

	if (actor_lost(ctx->cluster, a, &loss, e))
		return -1;
	result_id(ctx, 'A', a->id, false);
	return 0;
}

static const struct opt ready_opts[] = {
    OPT(0, "pid", OPT_U64, pid, "P", "id of its process"),
    OPT(0, "address", OPT_TEXT, address, "A", "address at which it is reached"),
};
static const struct opt fail_opts[] = {
    OPT(0, "no-restart", OPT_FLAG, no_restart, NULL,
	"do not restart it, even if restarts are left"),
};
static const struct opt kill_opts[] = {
    OPT(0, "restart", OPT_FLAG, restart, NULL,
	"restart it, if restarts are left, instead of ending it"),
};

const struct command cmd_actor_ready = {
    .name = "actor ready",
    .help = "report that an actor is ready",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES,
    .operands = OPERANDS({.name = "ACTOR", .count = OPERAND_OPTIONAL, .kind = KIND_ACTOR}),
    .opts = OPTS(ready_opts, struct params),
    .each = ready,
};
const struct command cmd_actor_fail = {
    .name = "actor fail",
    .help = "report that the process of an actor failed",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES | CMD_MESSAGE,
    .operands = OPERANDS({.name = "ACTOR", .kind = KIND_ACTOR}),
    .opts = OPTS(fail_opts, struct params),
    .each = fail,
};
const struct command cmd_actor_kill = {
    .name = "actor kill",
    .help = "end actors",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES | CMD_FREES,
    .operands = OPERANDS({.name = "ACTOR", .count = OPERAND_MANY, .kind = KIND_ACTOR}),
    .opts = OPTS(kill_opts, struct params),
    .each = kill,
};
