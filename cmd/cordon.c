/* cordon, uncordon: whether a node takes anything new. */
#include "cmd.h"

#include "cluster/node.h"

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct node *node;

	(void)params;
	for (; *operands; operands++) {
		if (!(node = record_named(ctx->cluster, KIND_NODE, *operands, ctx_self(), e)))
			return -1;
		if (node_cordon(ctx->cluster, node, *(const bool *)ctx->command->sub, e))
			return -1;
		result_id(ctx, 'N', node->id, false);
	}
	return 0;
}

static const bool on = true, off = false;
static const struct operand operands[] = {
    {"NODE", OPERAND_MANY, "node"}, {NULL, OPERAND_ONE, NULL}};

#define CORDON(id, name, help, flags, sub)                                                         \
	const struct command cmd_##id = {                                                          \
	    name, help, MODE_WRITE, CMD_MUTATES | flags, operands, NULL, 0, run, sub, 0, NULL}

CORDON(cordon, "cordon", "stop placing new work on nodes", CMD_MESSAGE, &on);
CORDON(uncordon, "uncordon", "allow new work on nodes again", 0, &off);
CORDON(node_cordon, "node cordon", "stop placing new work on nodes (the same as cordon)", CMD_MESSAGE,
    &on);
CORDON(node_uncordon, "node uncordon", "allow new work on nodes again (the same as uncordon)", 0, &off);
