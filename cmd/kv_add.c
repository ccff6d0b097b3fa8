/* kv add: adds to a number. */
#include "core/cmd.h"

#include "base/number.h"
#include "state/kv.h"

struct params {
	const char *namespace;
};

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	int64_t amount, sum;

	if (number_i64(operands[1], &amount, e))
		return -1;
	if (kv_add(ctx->cluster, p->namespace ? p->namespace : "default", operands[0], amount, &sum,
		e))
		return -1;
	result_number(ctx, "value", sum);
	return 0;
}

static const struct opt opts[] = {
    OPT('N', "namespace", OPT_TEXT, namespace, "NS", "namespace (default)",
	.completes = "namespace"),
};

const struct command cmd_kv_add = {
    .name = "kv add",
    .help = "add to the integer under a key, and print it",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES,
    .operands = OPERANDS({.name = "KEY", .completes = "kv"}, {.name = "N"}),
    .opts = OPTS(opts, struct params),
    .run = run,
};
