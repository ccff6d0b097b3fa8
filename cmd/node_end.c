/* node fail, node unregister: the two ways in which people end a node. */
#include "cmd.h"

#include "cluster/node.h"

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	enum node_reason reason = *(const enum node_reason *)ctx->command->sub;
	struct node *node;

	(void)params;
	for (; *operands; operands++) {
		if (!(node = record_named(ctx->cluster, KIND_NODE, *operands, ctx_self(), e)))
			return -1;
		if (node_end(ctx->cluster, node, reason, ctx->change.message, 0, 0, e))
			return -1;
		result_id(ctx, 'N', node->id, false);
	}
	return 0;
}

static const enum node_reason marked = REASON_MARKED, expected = REASON_EXPECTED_TERMINATION;
static const struct operand operands[] = {
    {"NODE", OPERAND_MANY, "node"}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_node_fail = {"node fail", "declare nodes dead", MODE_WRITE,
    CMD_MUTATES | CMD_MESSAGE, operands, NULL, 0, run, &marked, 0, NULL};
const struct command cmd_node_unregister = {"node unregister", "remove nodes from the cluster",
    MODE_WRITE, CMD_MUTATES, operands, NULL, 0, run, &expected, 0, NULL};
