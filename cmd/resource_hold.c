/* resource hold, release, set: reservations by hand, and what a node has. */
#include "cmd.h"

#include <string.h>

#include "base/clock.h"
#include "base/number.h"
#include "cluster/lease.h"
#include "cluster/node.h"
#include "place/demand.h"

struct params {
	const char *until;
};

/* A moment to come: a duration from now, or a time. */
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
	struct node *node;
	char **o;

	if (!(node = record_named(ctx->cluster, KIND_NODE, operands[0], ctx_self(), e)))
		return -1;
	if (p->until && until_parse(ctx, p->until, &lease.expires_ms, e))
		return -1;
	for (o = operands + 1; *o; o++)
		if (demand_parse(*o, &demand, ctx->turn, e))
			return -1;
	lease.node = node->id;
	if (!demand.resources.n && !demand.instances.n)
		return err_set(e, ERR_USAGE, "no resources are asked for");
	if (lease_grant(ctx->cluster, &demand, &lease, 0, e))
		return err_wrap(e, "node %s", node->name);
	result_id(ctx, 'L', lease.id, true);
	return 0;
}

static int
run_release(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct kind *kind = kind_of(KIND_LEASE);
	struct found found;

	(void)params;
	for (; *operands; operands++) {
		const struct lease *l;

		if (record_find(ctx->cluster, kind, *operands, ctx_self(), &found, e) < 0)
			return -1;
		l = found.record;
		if (l->owner)
			return err_value(e, ERR_REFUSED, *operands,
			    "lease %s is no hold: it belongs to %c%llu", *operands,
			    ref_letter(l->owner), (unsigned long long)ref_number(l->owner));
		if (lease_release(ctx->cluster, l, 0, e))
			return -1;
		result_id(ctx, 'L', l->id, false);
	}
	return 0;
}

static int
run_set(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct node *node;
	char **o;

	(void)params;
	if (!(node = record_named(ctx->cluster, KIND_NODE, operands[0], ctx_self(), e)))
		return -1;
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
    {0, "until", OPT_TEXT, offsetof(struct params, until), "T",
	"when it ends by itself: a duration from now, or a time", NULL, NULL},
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};

static const struct operand hold[] = {
    {"NODE", OPERAND_ONE, "node"}, {"k=v|gpu:N", OPERAND_MANY, NULL}, {NULL, OPERAND_ONE, NULL}};
static const struct operand release[] = {
    {"LEASE", OPERAND_MANY, "lease"}, {NULL, OPERAND_ONE, NULL}};
static const struct operand set[] = {
    {"NODE", OPERAND_ONE, "node"}, {"k=v", OPERAND_MANY, NULL}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_resource_hold = {"resource hold", "reserve resources of a node by hand",
    MODE_WRITE, CMD_MUTATES | CMD_MESSAGE, hold, opts, sizeof(struct params), run_hold, NULL, 0,
    NULL};
const struct command cmd_resource_release = {"resource release", "release held resources",
    MODE_WRITE, CMD_MUTATES | CMD_FREES, release, NULL, 0, run_release, NULL, 0, NULL};
const struct command cmd_resource_set = {"resource set", "change the resources of a node", MODE_WRITE,
    CMD_MUTATES, set, NULL, 0, run_set, NULL, 0, NULL};
