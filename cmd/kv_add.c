/* kv add: counts. */
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
    {'N', "namespace", OPT_TEXT, offsetof(struct params, namespace), "NS", "namespace (default)",
	NULL, "namespace"},
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};

static const struct operand operands[] = {
    {"KEY", OPERAND_ONE, "kv"}, {"N", OPERAND_ONE, NULL}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_kv_add = {"kv add", "add to the integer under a key, and print it",
    MODE_WRITE, CMD_MUTATES, operands, opts, sizeof(struct params), run, NULL, 0, NULL};
