/* node heartbeat: says that nodes live. No lock, no flush: a read and one write of 128 bytes for
 * each node. */
#include "cmd.h"

#include <time.h>

#include "cluster/node.h"

struct params {
	struct opt_number load, free_mem, every;
};

static int
beat_body(struct ctx *ctx, void *argument, struct err *e)
{
	const struct params *p = argument;
	struct node *node;
	char **o;

	if (ctx_pulse(ctx, e))
		return -1;
	for (o = ctx->parsed.operands; *o; o++) {
		if (!(node = record_named(ctx->cluster, KIND_NODE, *o, ctx_self(), e)))
			return -1;
		if (node_heartbeat(ctx->cluster, node, p->load.value, p->free_mem.value, e))
			return -1;
	}
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
    {0, "load", OPT_REAL, offsetof(struct params, load), "X", "load of the machine", NULL, NULL},
    {0, "free-mem", OPT_SIZE, offsetof(struct params, free_mem), "SIZE",
	"free memory of the machine", NULL, NULL},
    {0, "every", OPT_DURATION, offsetof(struct params, every), "D", "keep sending heartbeats at this interval",
	NULL, NULL},
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};

static const struct operand operands[] = {
    {"NODE", OPERAND_MANY, "node"}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_node_heartbeat = {"node heartbeat", "report that nodes are alive", MODE_OPEN,
    CMD_READS, operands, opts, sizeof(struct params), run, NULL, 0, NULL};
