/* node alive: are these nodes alive? */
#include "cmd.h"

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct node *node;
	bool all = true;

	(void)params;
	for (; *operands; operands++) {
		if (!(node = record_named(ctx->cluster, KIND_NODE, *operands, ctx_self(), e)))
			return -1;
		if (node->state == NODE_DEAD) {
			all = false;
			note(ctx, "node %s (N%llu) is DEAD", node->name,
			    (unsigned long long)node->id);
		}
	}
	return all ? 0 : err_set(e, ERR_NO, "%s", "");
}

static const struct operand operands[] = {
    {"NODE", OPERAND_MANY, "node"}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_node_alive = {"node alive", "succeed if all of these nodes are alive",
    MODE_READ, 0, operands, NULL, 0, run, NULL, 0, NULL};
