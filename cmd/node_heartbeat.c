/* node heartbeat: reports that nodes are alive. No lock, no flush: a read and one write of 128
 * bytes for each node. */
#include "core/cmd.h"

#include <time.h>

#include "core/operands.h"
#include "model/node.h"

struct params {
	struct opt_number load, free_mem, every;
};

static int
beat_body(struct ctx *ctx, void *argument, struct err *e)
{
	const struct params *p = argument;
	size_t i;

	if (ctx_pulse(ctx, e) || operands_resolve(ctx, e))
		return -1;
	for (i = 0; i < ctx->parsed.n; i++)
		if (node_heartbeat(
			ctx->cluster, ctx->records[i].record, p->load.value, p->free_mem.value, e))
			return -1;
	return 0;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct timespec pause = {
	    (time_t)(p->every.value / 1000), (long)(p->every.value % 1000) * 1000000L};

	(void)operands;
	if (p->every.given && p->every.value < 10)
		return err_set(e, ERR_USAGE, "--every: at least 10ms");
	for (;;) {
		if (ctx_read(ctx, beat_body, ctx->params, e))
			return -1;
		if (!p->every.given)
			return 0;
		if (nanosleep(&pause, NULL))
			return 0;
	}
}

static const struct opt opts[] = {
    OPT(0, "load", OPT_REAL, load, "X", "load of the machine"),
    OPT(0, "free-mem", OPT_SIZE, free_mem, "SIZE", "free memory of the machine"),
    OPT(0, "every", OPT_DURATION, every, "D", "keep sending heartbeats at this interval"),
};

const struct command cmd_node_heartbeat = {
    .name = "node heartbeat",
    .help = "report that nodes are alive",
    .mode = MODE_OPEN,
    .flags = CMD_READS,
    .operands = OPERANDS({.name = "NODE", .count = OPERAND_MANY, .kind = KIND_NODE}),
    .opts = OPTS(opts, struct params),
    .run = run,
};
