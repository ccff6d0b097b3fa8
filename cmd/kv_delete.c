/* kv delete: removes keys, or all keys that begin alike. */
#include "cmd.h"

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
    {'N', "namespace", OPT_TEXT, offsetof(struct params, namespace), "NS", "namespace (default)",
	NULL, "namespace"},
    {0, "prefix", OPT_FLAG, offsetof(struct params, prefix), NULL,
	"all keys that begin with KEY; print how many", NULL, NULL},
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};

static const struct operand operands[] = {{"KEY", OPERAND_MANY, "kv"}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_kv_delete = {"kv delete", "delete keys, all or none", MODE_WRITE,
    CMD_MUTATES | CMD_FREES, operands, opts, sizeof(struct params), run, NULL, 0, NULL};
