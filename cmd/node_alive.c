/* node alive: are these nodes alive? */
#include "core/cmd.h"
#include "state/resolve.h"

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct node *node;
	bool all = true;

	(void)params;
	for (; *operands; operands++) {
		if (!(node = resolve_kind(ctx->cluster, KIND_NODE, *operands, ctx_self(), e)))
			return -1;
		if (node->state == NODE_DEAD) {
			all = false;
			note(ctx, "node %s (N%llu) is DEAD", node->name,
			    (unsigned long long)node->id);
		}
	}
	return all ? 0 : err_set(e, ERR_NO, "%s", "");
}

const struct command cmd_node_alive = {
    .name = "node alive",
    .help = "succeed if all these nodes are alive",
    .mode = MODE_READ,
    .operands = OPERANDS({.name = "NODE", .count = OPERAND_MANY, .completes = "node"}),
    .run = run,
};
