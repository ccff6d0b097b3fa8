/* kv put: stores a value under a key. */
#include "core/cmd.h"

#include <string.h>
#include <unistd.h>

#include "state/kv.h"
#include "state/resolve.h"

struct params {
	const char *namespace, *owner;
	bool only_new;
	struct opt_number ttl;
	struct slice value; /* read before the transaction */
};

/* Reads the value before the lock is taken: from the operand, or from stdin. */
static int
prepare(struct ctx *ctx, struct err *e)
{
	struct params *p = ctx->params;
	char **operands = ctx->parsed.operands;
	struct buf bytes = {.arena = ctx->arena};

	if (operands[1] && strcmp(operands[1], "-") != 0) {
		p->value = slice_of(operands[1]);
		return 0;
	}
	if (ctx->in_batch)
		return err_set(e, ERR_USAGE, "a value from stdin is not for batch");
	if (input_read_all(STDIN_FILENO, KV_VALUE_MAX, &bytes, e))
		return e->code == ERR_USAGE ? err_set(e, ERR_USAGE,
						  "the value is larger than %u bytes", KV_VALUE_MAX)
					    : -1;
	p->value = buf_slice(&bytes);
	return input_call_add(ctx, p->value, e);
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct kv_put put = {.namespace = p->namespace ? p->namespace : "default",
	    .key = operands[0],
	    .value = p->value,
	    .only_new = p->only_new,
	    .ttl_ms = p->ttl.value};
	struct found found;
	struct kv kv;

	if (p->ttl.given && !p->ttl.value)
		return err_set(e, ERR_USAGE, "--ttl: must be greater than 0");
	if (p->owner) {
		if (resolve_any(ctx->cluster, NULL, p->owner, ctx_self(), &found, e) < 0)
			return err_wrap(e, "--owner");
		if (!found.kind->letter)
			return err_value(
			    e, ERR_USAGE, p->owner, "--owner: a %s owns nothing", found.kind->name);
		put.owner = ref_make(found.kind->letter, record_number(found.kind, found.record));
	}
	return kv_put(ctx->cluster, &put, &kv, e);
}

static const struct opt opts[] = {
    OPT('N', "namespace", OPT_TEXT, namespace, "NS", "namespace (default)",
	.completes = "namespace"),
    OPT(0, "new", OPT_FLAG, only_new, NULL, "refuse if the key exists"),
    OPT(0, "ttl", OPT_DURATION, ttl, "D", "delete it after this time"),
    OPT(0, "owner", OPT_TEXT, owner, "REC", "deleted when this record ends", .completes = "record"),
};

const struct command cmd_kv_put = {
    .name = "kv put",
    .help = "store a value under a key; without a value, or with -, from stdin",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES,
    .operands = OPERANDS(
	{.name = "KEY", .completes = "kv"}, {.name = "VALUE|-", .count = OPERAND_OPTIONAL}),
    .opts = OPTS(opts, struct params),
    .run = run,
    .prepare = prepare,
};
