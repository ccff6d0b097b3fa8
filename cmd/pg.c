/* pg create, pg remove: resources reserved together, all at once. */
#include "cmd.h"

#include <string.h>

#include "base/number.h"
#include "cluster/pg.h"
#include "wait.h"
#include "work.h"

struct params {
	unsigned strategy;
	struct texts bundles, avoid;
	const char *selector, *namespace, *priority, *job;
	bool detached;
	struct wait_params wait;
	struct labels labels;
};

/* "cpu=1,gpu=1", or "4:cpu=1" for four of them. */
static int
bundle_add(struct ctx *ctx, const char *text, struct pg *pg, struct err *e)
{
	size_t digits = strspn(text, "0123456789");
	struct demand demand = {0};
	struct bundle *v;
	uint64_t n = 1, i;

	if (digits && text[digits] == ':') {
		if (number_u64(arena_strndup(ctx->turn, text, digits), &n, e) || !n ||
		    n > BUNDLES_MOST)
			return err_value(
			    e, ERR_USAGE, text, "--bundle: 1 to %d of '%s'", BUNDLES_MOST, text);
		text += digits + 1;
	}
	if (demand_parse(text, &demand, ctx->turn, e))
		return err_wrap(e, "--bundle");
	if (demand.instances.n || !demand.resources.n)
		return err_value(
		    e, ERR_USAGE, text, "--bundle: '%s' is no list of resources", text);
	v = arena_alloc(ctx->turn, (pg->bundles.n + (size_t)n) * sizeof *v);
	if (pg->bundles.n)
		memcpy(v, pg->bundles.v, pg->bundles.n * sizeof *v);
	for (i = 0; i < n; i++)
		v[pg->bundles.n++] = (struct bundle){.resources = demand.resources};
	pg->bundles.v = v;
	return 0;
}

static int
run_create(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	const struct demand_params common = {.selector = p->selector, .avoid = p->avoid};
	struct demand demand;
	struct pg pg = {.name = operands[0],
	    .namespace = p->namespace ? p->namespace : "default",
	    .strategy = p->strategy ? p->strategy : STRATEGY_PACK,
	    .detached = p->detached,
	    .labels = p->labels,
	    .demand = &demand};
	size_t i;

	for (i = 0; i < p->bundles.n; i++)
		if (bundle_add(ctx, p->bundles.v[i], &pg, e))
			return -1;
	if (p->priority && number_i64(p->priority, &pg.priority, e))
		return err_wrap(e, "--priority");
	if (job_option(ctx, p->job, &pg.job, e) || demand_of(ctx, &common, &demand, e) ||
	    pg_create(ctx->cluster, &pg, e))
		return -1;
	result_id(ctx, 'P', pg.id, true);
	return 0;
}

static int
prepare_create(struct ctx *ctx, struct err *e)
{
	const struct params *p = ctx->params;

	return wait_prepare(ctx, &p->wait, "CREATED", NULL, e);
}

static int
run_remove(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct pg *pg;

	(void)params;
	for (; *operands; operands++) {
		if (!(pg = record_named(ctx->cluster, KIND_PG, *operands, ctx_self(), e)) ||
		    pg_remove(ctx->cluster, pg, 0, e))
			return -1;
		result_id(ctx, 'P', pg->id, false);
	}
	return 0;
}

static const struct opt opts[] = {
    {0, "strategy", OPT_CHOICE, offsetof(struct params, strategy), "S",
	"how nodes are chosen (PACK)", strategies, NULL},
    {0, "bundle", OPT_TEXTS, offsetof(struct params, bundles), "[N:]R",
	"a bundle, or N equal ones: cpu=1,gpu=1; may be repeated", NULL, NULL},
    {'l', "selector", OPT_TEXT, offsetof(struct params, selector), "SEL",
	"only nodes with these labels", NULL, NULL},
    {0, "avoid", OPT_TEXTS, offsetof(struct params, avoid), "NODE",
	"avoid this node; may be repeated", NULL, "node"},
    {0, "namespace", OPT_TEXT, offsetof(struct params, namespace), "NS", "namespace (default)",
	NULL, NULL},
    {0, "priority", OPT_TEXT, offsetof(struct params, priority), "N", "larger runs first (0)", NULL,
	NULL},
    {0, "detached", OPT_FLAG, offsetof(struct params, detached), NULL, "keep it after its job ends", NULL,
	NULL},
    {0, "job", OPT_TEXT, offsetof(struct params, job), "JOB", "job it belongs to ($GCS_JOB_ID)",
	NULL, "job"},
    {0, "label", OPT_LABELS, offsetof(struct params, labels), "k=v", "label; may be repeated",
	NULL, NULL},
    WAIT_OPTS(struct params, wait, "then wait until it is CREATED (exit 5 if it ends)"),
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};

static const struct operand create[] = {
    {"NAME", OPERAND_OPTIONAL, NULL}, {NULL, OPERAND_ONE, NULL}};
static const struct operand removal[] = {{"PG", OPERAND_MANY, "pg"}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_pg_create = {"pg create", "reserve resources together, all at once",
    MODE_WRITE, CMD_MUTATES, create, opts, sizeof(struct params), run_create, NULL, 0,
    prepare_create};
const struct command cmd_pg_remove = {"pg remove", "end placement groups and what runs in them",
    MODE_WRITE, CMD_MUTATES | CMD_FREES, removal, NULL, 0, run_remove, NULL, 0, NULL};
