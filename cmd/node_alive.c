/* node alive: checks whether nodes are alive. */
#include "core/cmd.h"

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	bool all = true;
	size_t i;

	(void)params;
	for (i = 0; operands[i]; i++) {
		const struct node *node = ctx->records[i].record;

		if (node->state != NODE_DEAD)
			continue;
		all = false;
		note(ctx, "node %s (N%llu) is DEAD", node->name, (unsigned long long)node->id);
	}
	return all ? 0 : err_set(e, ERR_NO, "%s", "");
}

const struct command cmd_node_alive = {
    .name = "node alive",
    .help = "succeed if all of these nodes are alive",
    .mode = MODE_READ,
    .operands = OPERANDS({.name = "NODE", .count = OPERAND_MANY, .kind = KIND_NODE}),
    .run = run,
};
