/* drain, undrain: empties nodes, for good or for a while. */
#include "cmd.h"

#include "cluster/node.h"

struct params {
	unsigned purpose;
	bool keep, no_evict, strict;
	struct opt_number deadline;
};

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct drain drain = {.purpose = p->purpose ? p->purpose : DRAIN_REMOVAL,
	    .message = ctx->change.message,
	    .keep = p->keep};
	struct drain_how how = {.stay = p->no_evict, .strict = p->strict};
	struct node *node;

	if (p->deadline.given)
		drain.deadline_ms = ctx->cluster->now_ms + p->deadline.value;
	for (; *operands; operands++) {
		if (node_find(ctx->cluster, *operands, ctx_self(), &node, e))
			return -1;
		if (node_drain(ctx->cluster, node, &drain, how, e))
			return -1;
		result_id(ctx, 'N', node->id, false);
	}
	return 0;
}

static int
run_undrain(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct node *node;

	(void)params;
	if (ctx_pulse(ctx, e))
		return -1;
	for (; *operands; operands++) {
		if (node_find(ctx->cluster, *operands, ctx_self(), &node, e))
			return -1;
		if (node_undrain(ctx->cluster, node, e))
			return -1;
		result_id(ctx, 'N', node->id, false);
	}
	return 0;
}

static const struct opt opts[] = {
    {0, "for", OPT_CHOICE, offsetof(struct params, purpose), "PURPOSE",
	"what the node is drained for", drain_purposes, NULL},
    {0, "keep", OPT_FLAG, offsetof(struct params, keep), NULL,
	"stay DRAINING when empty, until undrain: for maintenance", NULL, NULL},
    {0, "no-evict", OPT_FLAG, offsetof(struct params, no_evict), NULL,
	"move nothing: wait until it ends by itself", NULL, NULL},
    {0, "strict", OPT_FLAG, offsetof(struct params, strict), NULL,
	"refuse if something would have to stay", NULL, NULL},
    {0, "deadline", OPT_DURATION, offsetof(struct params, deadline), "D",
	"when what is still there is ended", NULL, NULL},
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};

static const struct operand operands[] = {
    {"NODE", OPERAND_MANY, "node"}, {NULL, OPERAND_ONE, NULL}};

#define DRAIN(id, name, help)                                                                      \
	const struct command cmd_##id = {name, help, MODE_WRITE, CMD_MUTATES | CMD_MESSAGE,        \
	    operands, opts, sizeof(struct params), run, NULL, 0, NULL}
#define UNDRAIN(id, name, help)                                                                    \
	const struct command cmd_##id = {                                                          \
	    name, help, MODE_WRITE, CMD_MUTATES, operands, NULL, 0, run_undrain, NULL, 0, NULL}

DRAIN(drain, "drain", "empty nodes, then end them");
DRAIN(node_drain, "node drain", "empty nodes, then end them (the same as drain)");
UNDRAIN(undrain, "undrain", "take back a drain that is kept or still under way");
UNDRAIN(node_undrain, "node undrain", "take back a drain (the same as undrain)");
