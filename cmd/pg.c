/* pg create, pg remove: resources reserved together, all or none. */
#include "core/cmd.h"

#include <string.h>

#include "base/number.h"
#include "model/pg.h"
#include "follow/wait.h"
#include "core/work.h"

struct params {
	unsigned strategy;
	struct texts bundles, avoid;
	const char *selector, *namespace, *priority, *job;
	bool detached;
	struct wait_params wait;
	struct labels labels;
};

/* "cpu=1,gpu=1", or "4:cpu=1" for four such bundles. */
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
		    e, ERR_USAGE, text, "--bundle: '%s' is not a list of resources", text);
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
	if (work_job_named(ctx, p->job, &pg.job, e) || demand_of(ctx, &common, &demand, e) ||
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
removal(struct ctx *ctx, const void *params, void *record, struct err *e)
{
	struct pg *pg = record;

	(void)params;
	if (pg_remove(ctx->cluster, pg, 0, e))
		return -1;
	result_id(ctx, 'P', pg->id, false);
	return 0;
}

static const struct opt opts[] = {
    OPT(0, "strategy", OPT_CHOICE, strategy, "S", "how nodes are chosen (PACK)",
	.sub = &strategies),
    OPT(0, "bundle", OPT_TEXTS, bundles, "[N:]R",
	"a bundle, or N equal ones: cpu=1,gpu=1; may be repeated"),
    OPT('l', "selector", OPT_TEXT, selector, "SEL", "only nodes with these labels"),
    OPT(0, "avoid", OPT_TEXTS, avoid, "NODE", "avoid this node; may be repeated",
	.completes = "node"),
    OPT(0, "namespace", OPT_TEXT, namespace, "NS", "namespace (default)"),
    OPT(0, "priority", OPT_TEXT, priority, "N", "larger runs first (0)"),
    OPT(0, "detached", OPT_FLAG, detached, NULL, "keep it after its job ends"),
    OPT(0, "job", OPT_TEXT, job, "JOB", "job it belongs to ($GCS_JOB_ID)", .completes = "job"),
    OPT(0, "label", OPT_LABELS, labels, "k=v", "label; may be repeated"),
    WAIT_OPTS(struct params, wait, "then wait until it is CREATED (exit 5 if it ends)"),
};

const struct command cmd_pg_create = {
    .name = "pg create",
    .help = "reserve resources together, all at once",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES,
    .operands = OPERANDS({.name = "NAME", .count = OPERAND_OPTIONAL}),
    .opts = OPTS(opts, struct params),
    .run = run_create,
    .prepare = prepare_create,
};
const struct command cmd_pg_remove = {
    .name = "pg remove",
    .help = "end placement groups and what runs in them",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES | CMD_FREES,
    .operands = OPERANDS({.name = "PG", .count = OPERAND_MANY, .kind = KIND_PG}),
    .each = removal,
};
