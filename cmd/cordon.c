/* cordon, uncordon: whether a node takes new placements. */
#include "core/cmd.h"

#include "model/node.h"

static int
cordon(struct ctx *ctx, const void *params, void *record, struct err *e)
{
	struct node *node = record;

	(void)params;
	if (node_cordon(ctx->cluster, node, *(const bool *)ctx->command->sub, e))
		return -1;
	result_id(ctx, 'N', node->id, false);
	return 0;
}

static const bool on = true, off = false;

#define CORDON(id, words, text, more, value) \
	const struct command cmd_##id = { \
	    .name = words, \
	    .help = text, \
	    .mode = MODE_WRITE, \
	    .flags = CMD_MUTATES | more, \
	    .operands = OPERANDS({.name = "NODE", .count = OPERAND_MANY, .kind = KIND_NODE}), \
	    .each = cordon, \
	    .sub = value, \
	}

CORDON(cordon, "cordon", "stop placing new work on nodes", CMD_MESSAGE, &on);
CORDON(uncordon, "uncordon", "allow new work on nodes again", 0, &off);
CORDON(node_cordon, "node cordon", "stop placing new work on nodes (the same as cordon)",
    CMD_MESSAGE, &on);
CORDON(node_uncordon, "node uncordon", "allow new work on nodes again (the same as uncordon)", 0,
    &off);
