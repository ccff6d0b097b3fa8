/* drain, undrain: empties nodes, for good or for a while. */
#include "cmd.h"

#include "cluster/lease.h"
#include "cluster/leave.h"
#include "cluster/node.h"
#include "state/record.h"
#include "wait.h"

struct params {
	unsigned purpose;
	bool keep, no_evict, strict;
	struct opt_number deadline;
	struct wait_params wait;
};

#define STAYS_MOST 20 /* named one by one */

struct staying {
	struct ctx *ctx;
	const char *node;
	bool stay; /* nothing was to leave */
	uint64_t n;
};

static int
stays(struct cluster *c, void *record, void *argument, struct err *e)
{
	const struct lease *lease = record;
	struct staying *s = argument;
	struct stay stay;

	if (++s->n > STAYS_MOST)
		return 0;
	if (leave_stays(c, lease, &stay, e))
		return -1;
	if (s->stay && lease->owner)
		note(s->ctx, "node %s: %s stays", s->node, stay.who);
	else
		note(s->ctx, "node %s: %s stays: %s", s->node, stay.who, stay.why);
	return 0;
}

/* Says what the node is not rid of yet. */
static int
stays_note(struct ctx *ctx, const struct node *node, bool stay, struct err *e)
{
	struct staying s = {ctx, node->name, stay, 0};

	if (records_on_node(ctx->cluster, kind_of(KIND_LEASE), node->id, stays, &s, e))
		return -1;
	if (s.n > STAYS_MOST)
		note(ctx, "node %s: and %llu more (gcs lease list --filter node=N%llu)", node->name,
		    (unsigned long long)(s.n - STAYS_MOST), (unsigned long long)node->id);
	return 0;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct drain drain = {.purpose = p->purpose ? p->purpose : DRAIN_REMOVAL,
	    .message = ctx->change.message,
	    .keep = p->keep};
	struct drain_how how = {.stay = p->no_evict, .strict = p->strict};
	struct node **nodes;
	size_t i, n = 0;

	if (p->deadline.given)
		drain.deadline_ms = ctx->cluster->now_ms + p->deadline.value;
	while (operands[n])
		n++;
	nodes = arena_alloc(ctx->turn, (n + 1) * sizeof *nodes);
	for (i = 0; i < n; i++)
		if (!(nodes[i] = record_named(ctx->cluster, KIND_NODE, operands[i], ctx_self(), e)))
			return -1;
	if (node_drain(ctx->cluster, nodes, n, &drain, how, e))
		return -1;
	for (i = 0; i < n; i++) {
		if (stays_note(ctx, nodes[i], how.stay, e))
			return -1;
		result_id(ctx, 'N', nodes[i]->id, false);
	}
	return 0;
}

/* What is kept is ready when it is empty. Whoever takes the drain back ends the waiting. */
static int
prepare(struct ctx *ctx, struct err *e)
{
	const struct params *p = ctx->params;

	return wait_prepare(ctx, &p->wait, p->keep ? "empty" : "DEAD", "ALIVE", e);
}

static int
run_undrain(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct node *node;

	(void)params;
	if (ctx_pulse(ctx, e))
		return -1;
	for (; *operands; operands++) {
		if (!(node = record_named(ctx->cluster, KIND_NODE, *operands, ctx_self(), e)))
			return -1;
		if (node_undrain(ctx->cluster, node, e))
			return -1;
		result_id(ctx, 'N', node->id, false);
	}
	return 0;
}

static const struct opt opts[] = {
    {0, "for", OPT_CHOICE, offsetof(struct params, purpose), "PURPOSE",
	"purpose of the drain", drain_purposes, NULL},
    {0, "keep", OPT_FLAG, offsetof(struct params, keep), NULL,
	"for maintenance: stay DRAINING when empty, until undrained", NULL, NULL},
    {0, "no-evict", OPT_FLAG, offsetof(struct params, no_evict), NULL,
	"move nothing; wait until everything there ends by itself", NULL, NULL},
    {0, "strict", OPT_FLAG, offsetof(struct params, strict), NULL,
	"refuse if something would have to stay", NULL, NULL},
    {0, "deadline", OPT_DURATION, offsetof(struct params, deadline), "D",
	"time after which whatever is still there is ended", NULL, NULL},
    WAIT_OPTS(struct params, wait, "then wait until they are DEAD or, with --keep, empty"),
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};

static const struct operand operands[] = {
    {"NODE", OPERAND_MANY, "node"}, {NULL, OPERAND_ONE, NULL}};

#define DRAIN(id, name, help)                                                                      \
	const struct command cmd_##id = {name, help, MODE_WRITE, CMD_MUTATES | CMD_MESSAGE,        \
	    operands, opts, sizeof(struct params), run, NULL, 0, prepare}
#define UNDRAIN(id, name, help)                                                                    \
	const struct command cmd_##id = {                                                          \
	    name, help, MODE_WRITE, CMD_MUTATES, operands, NULL, 0, run_undrain, NULL, 0, NULL}

DRAIN(drain, "drain", "empty nodes, then end them");
DRAIN(node_drain, "node drain", "empty nodes, then end them (the same as drain)");
UNDRAIN(undrain, "undrain", "revert a drain that has not ended");
UNDRAIN(node_undrain, "node undrain", "revert a drain (the same as undrain)");
