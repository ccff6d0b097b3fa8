/* kv get, kv exists: a key's value, and whether the key exists. */
#include "core/cmd.h"

#include "state/kv.h"

struct params {
	const char *namespace;
};

static int
get_json(struct ctx *ctx, const struct kv *kv, struct err *e)
{
	return show_record(ctx->out, &rec_kv, kv, &ctx->style, ctx->turn, e);
}

static int
run_get(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	const char *namespace = p->namespace ? p->namespace : "default";
	struct kv kv;
	int got = kv_get(ctx->cluster, namespace, operands[0], &kv, e);

	if (got < 0)
		return -1;
	if (got == 0)
		return err_value(e, ERR_NO, operands[0], "no key '%s' in namespace '%s'",
		    operands[0], namespace);
	if (kv_value(ctx->cluster, &kv, &kv.value, e))
		return -1;
	if (ctx_json(ctx))
		return get_json(ctx, &kv, e);
	out_add(ctx->out, kv.value.p, kv.value.n);
	return 0;
}

static int
run_exists(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct kv kv;
	int got;

	for (; *operands; operands++) {
		got = kv_get(
		    ctx->cluster, p->namespace ? p->namespace : "default", *operands, &kv, e);
		if (got <= 0)
			return got < 0 ? -1 : err_set(e, ERR_NO, "%s", "");
	}
	return 0;
}

static const struct opt opts[] = {
    OPT('N', "namespace", OPT_TEXT, namespace, "NS", "namespace (default)",
	.completes = "namespace"),
};

const struct command cmd_kv_get = {
    .name = "kv get",
    .help = "write a key's value, byte for byte",
    .mode = MODE_READ,
    .operands = OPERANDS({.name = "KEY", .completes = "kv"}),
    .opts = OPTS(opts, struct params),
    .run = run_get,
};
const struct command cmd_kv_exists = {
    .name = "kv exists",
    .help = "succeed if all of these keys exist",
    .mode = MODE_READ,
    .operands = OPERANDS({.name = "KEY", .count = OPERAND_MANY, .completes = "kv"}),
    .opts = OPTS(opts, struct params),
    .run = run_exists,
};
