/* kv delete: removes keys, or all keys with a prefix. */
#include "core/cmd.h"

#include "state/kv.h"

struct params {
	const char *namespace;
	bool prefix;
};

static int
delete_one(struct ctx *ctx, const char *namespace, const char *key, struct err *e)
{
	int got = kv_delete(ctx->cluster, namespace, key, 0, e);

	if (got)
		return got < 0 ? -1 : 0;
	return err_value(e, ERR_NO, key, "no key '%s' in namespace '%s'", key, namespace);
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	const char *namespace = p->namespace ? p->namespace : "default";
	int64_t n, total = 0;

	for (; *operands; operands++) {
		if (!p->prefix) {
			if (delete_one(ctx, namespace, *operands, e))
				return -1;
			continue;
		}
		n = kv_delete_prefix(ctx->cluster, namespace, *operands, e);
		if (n < 0)
			return -1;
		total += n;
	}
	if (p->prefix)
		result_number(ctx, "deleted", total);
	return 0;
}

static const struct opt opts[] = {
    OPT('N', "namespace", OPT_TEXT, namespace, "NS", "namespace (default)",
	.completes = "namespace"),
    OPT(0, "prefix", OPT_FLAG, prefix, NULL, "all keys that begin with KEY; print how many"),
};

const struct command cmd_kv_delete = {
    .name = "kv delete",
    .help = "delete keys, all or none",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES | CMD_FREES,
    .operands = OPERANDS({.name = "KEY", .count = OPERAND_MANY, .completes = "kv"}),
    .opts = OPTS(opts, struct params),
    .run = run,
};
