/* resource hold, release, set: reservations by hand, and a node's resources. */
#include "core/cmd.h"

#include <string.h>

#include "base/duration.h"
#include "base/time.h"
#include "sched/lease.h"
#include "model/node.h"
#include "place/demand.h"
#include "place/lack.h"
#include "why/why.h"

struct params {
	const char *until;
};

/* A future time: a duration from now, or a time. */
static int
until_parse(struct ctx *ctx, const char *text, uint64_t *ms, struct err *e)
{
	struct err ignored;

	if (!duration_parse(text, ms, &ignored)) {
		*ms += ctx->cluster->now_ms;
		return 0;
	}
	if (time_parse(text, ms, e))
		return err_wrap(e, "--until");
	if (*ms <= ctx->cluster->now_ms)
		return err_value(e, ERR_USAGE, text, "--until: '%s' is over", text);
	return 0;
}

static int
run_hold(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct demand demand = {0};
	struct lease lease = {.message = ctx->change.message};
	const struct node *node = ctx->records[0].record;
	struct lack lack;
	int got;
	char **o;

	if (p->until && until_parse(ctx, p->until, &lease.expires_ms, e))
		return -1;
	for (o = operands + 1; *o; o++)
		if (demand_parse(*o, &demand, ctx->turn, e))
			return -1;
	lease.node = node->id;
	if (!demand.resources.n && !demand.instances.n)
		return err_set(e, ERR_USAGE, "no resources are asked for");
	got = lease_grant(ctx->cluster, &demand, &lease, 0, &lack, e);
	if (!got)
		why_lack_refuse(&lack, ctx->turn, e);
	if (got <= 0)
		return err_wrap(e, "node %s", node->name);
	result_id(ctx, 'L', lease.id, true);
	return 0;
}

static int
release(struct ctx *ctx, const void *params, void *record, struct err *e)
{
	const struct lease *l = record;
	const char *label = record_label(kind_of(ctx->kinds, KIND_LEASE), l, ctx->turn);

	(void)params;
	if (l->owner)
		return err_value(e, ERR_REFUSED, label,
		    "lease %s is not a hold: it belongs to %c%llu", label, ref_letter(l->owner),
		    (unsigned long long)ref_number(l->owner));
	if (lease_release(ctx->cluster, l, 0, e))
		return -1;
	result_id(ctx, 'L', l->id, false);
	return 0;
}

static int
run_set(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct node *node = ctx->records[0].record;
	char **o;

	(void)params;
	for (o = operands + 1; *o; o++) {
		size_t n = strcspn(*o, "=");
		struct amount amount;

		if (!(*o)[n])
			return err_value(e, ERR_USAGE, *o, "invalid resource '%s' (as cpu=8)", *o);
		if (amount_parse_named(
			arena_strndup(ctx->turn, *o, n), *o + n + 1, &amount, ctx->turn, e))
			return -1;
		amounts_set(&node->total, amount, ctx->turn);
	}
	result_id(ctx, 'N', node->id, false);
	return node_totals_set(ctx->cluster, node, e);
}

static const struct opt opts[] = {
    OPT(0, "until", OPT_TEXT, until, "T", "when it ends by itself: a duration from now, or a time"),
};

const struct command cmd_resource_hold = {
    .name = "resource hold",
    .help = "reserve resources of a node by hand",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES | CMD_MESSAGE,
    .operands =
	OPERANDS({.name = "NODE", .kind = KIND_NODE}, {.name = "k=v|gpu:N", .count = OPERAND_MANY}),
    .opts = OPTS(opts, struct params),
    .run = run_hold,
};
const struct command cmd_resource_release = {
    .name = "resource release",
    .help = "release held resources",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES | CMD_FREES,
    .operands = OPERANDS({.name = "LEASE", .count = OPERAND_MANY, .kind = KIND_LEASE}),
    .each = release,
};
const struct command cmd_resource_set = {
    .name = "resource set",
    .help = "change the resources of a node",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES,
    .operands =
	OPERANDS({.name = "NODE", .kind = KIND_NODE}, {.name = "k=v", .count = OPERAND_MANY}),
    .run = run_set,
};
