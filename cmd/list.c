/* list: `node list`, `kv list`: the records of a kind, from its table. */
#include "core/cmd.h"

#include <string.h>

#include "base/text.h"
#include "core/records.h"
#include "state/kv.h"

struct params {
	const char *namespace, *prefix;
	bool values;
};

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct records all = {.kind = kind_of(ctx->kinds, *(const unsigned *)ctx->command->sub)};

	(void)params;
	(void)operands;
	return records_list(ctx, &all, e);
}

static int
run_kv(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct records which = {.kind = kind_of(ctx->kinds, KIND_KV), .values = p->values};

	(void)operands;
	if (p->namespace && !text_is_namespace(p->namespace))
		return err_value(
		    e, ERR_USAGE, p->namespace, "'%s' is not a valid namespace", p->namespace);
	if (p->prefix && strlen(p->prefix) > KV_KEY_MAX)
		return err_value(e, ERR_USAGE, p->prefix, "the prefix is longer than a key");
	if (p->namespace || p->prefix) {
		key_add(&which.prefix, slice_of(p->namespace ? p->namespace : "default"));
		key_byte(&which.prefix, 0);
		key_add(&which.prefix, slice_of(p->prefix));
	}
	return records_list(ctx, &which, e);
}

static const struct opt kv_opts[] = {
    OPT('N', "namespace", OPT_TEXT, namespace, "NS", "only this namespace",
	.completes = "namespace"),
    OPT(0, "prefix", OPT_TEXT, prefix, "TEXT",
	"only keys that begin with TEXT (in namespace default, unless given)"),
    OPT(0, "values", OPT_FLAG, values, NULL,
	"with the values (JSON: value, or value_base64 if not text)"),
};

#define LIST(kind, number, text) \
	const struct command cmd_##kind##_list = { \
	    .name = #kind " list", \
	    .help = text, \
	    .mode = MODE_READ, \
	    .flags = CMD_LISTS, \
	    .run = run, \
	    .sub = &(const unsigned){number}, \
	}

LIST(node, KIND_NODE, "list the nodes");
LIST(lease, KIND_LEASE, "list who holds which resources");
LIST(actor, KIND_ACTOR, "list the actors");
LIST(pg, KIND_PG, "list the placement groups");
LIST(job, KIND_JOB, "list the jobs");
LIST(task, KIND_TASK, "list the tasks");
LIST(worker, KIND_WORKER, "list the processes");

const struct command cmd_kv_list = {
    .name = "kv list",
    .help = "list keys",
    .mode = MODE_READ,
    .flags = CMD_LISTS,
    .opts = OPTS(kv_opts, struct params),
    .run = run_kv,
};
