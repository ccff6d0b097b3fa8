/* node fail, node unregister: the two ways to end a node by hand. */
#include "core/cmd.h"

#include "model/node.h"

static int
end(struct ctx *ctx, const void *params, void *record, struct err *e)
{
	struct death how = {
	    .reason = *(const enum node_reason *)ctx->command->sub, .message = ctx->change.message};
	struct node *node = record;

	(void)params;
	if (node_end(ctx->cluster, node, &how, 0, e))
		return -1;
	result_id(ctx, 'N', node->id, false);
	return 0;
}

static const enum node_reason marked = REASON_MARKED, expected = REASON_EXPECTED_TERMINATION;

const struct command cmd_node_fail = {
    .name = "node fail",
    .help = "declare nodes dead",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES | CMD_MESSAGE,
    .operands = OPERANDS({.name = "NODE", .count = OPERAND_MANY, .kind = KIND_NODE}),
    .each = end,
    .sub = &marked,
};
const struct command cmd_node_unregister = {
    .name = "node unregister",
    .help = "remove nodes from the cluster",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES,
    .operands = OPERANDS({.name = "NODE", .count = OPERAND_MANY, .kind = KIND_NODE}),
    .each = end,
    .sub = &expected,
};
