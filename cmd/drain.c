/* drain, undrain: empties nodes, permanently or for a while. */
#include "core/cmd.h"

#include <string.h>

#include "sched/lease.h"
#include "model/evict.h"
#include "model/drain.h"
#include "model/node.h"
#include "state/index.h"
#include "state/record.h"
#include "follow/wait.h"

struct params {
	unsigned purpose;
	bool keep, no_evict, strict;
	struct opt_number deadline;
	struct wait_params wait;
};

#define STAYS_MOST 20 /* listed individually */

struct staying {
	struct ctx *ctx;
	const char *node;
	bool stay; /* nothing was asked to leave */
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
	if (evict_stays(c, lease, &stay, e))
		return -1;
	if (s->stay && lease->owner)
		note(s->ctx, "node %s: %s stays", s->node, stay.who);
	else
		note(s->ctx, "node %s: %s stays: %s", s->node, stay.who, stay.why);
	return 0;
}

/* Lists what is still on the node. */
static int
stays_note(struct ctx *ctx, const struct node *node, bool stay, struct err *e)
{
	struct staying s = {ctx, node->name, stay, 0};

	if (index_on_node(ctx->cluster, kind_of(ctx->kinds, KIND_LEASE), node->id, stays, &s, e))
		return -1;
	if (s.n > STAYS_MOST)
		note(ctx, "node %s: and %llu more (gcs lease list --filter node=N%llu)", node->name,
		    (unsigned long long)(s.n - STAYS_MOST), (unsigned long long)node->id);
	return 0;
}

/* Says where to see the leases of a node that is not idle. */
static int
advise(struct ctx *ctx, struct err *e)
{
	size_t i;

	for (i = 0; e->advice == ADVICE_SHOW_LEASES && i < ctx->parsed.n; i++) {
		const struct node *n = ctx->records[i].record;

		if (!strcmp(n->name, e->value))
			err_value(e, e->code, e->value, "%s (gcs lease list --filter node=N%llu)",
			    e->text, (unsigned long long)n->id);
	}
	return -1;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct drain drain = {.purpose = p->purpose ? p->purpose : DRAIN_REMOVAL,
	    .message = ctx->change.message,
	    .keep = p->keep};
	struct drain_how how = {.stay = p->no_evict, .strict = p->strict};
	size_t i, n = ctx->parsed.n;
	struct node **nodes = arena_alloc(ctx->turn, n * sizeof *nodes);

	(void)operands;
	if (p->deadline.given)
		drain.deadline_ms = ctx->cluster->now_ms + p->deadline.value;
	for (i = 0; i < n; i++)
		nodes[i] = ctx->records[i].record;
	if (drain_nodes(ctx->cluster, nodes, n, &drain, how, e))
		return advise(ctx, e);
	for (i = 0; i < n; i++) {
		if (stays_note(ctx, nodes[i], how.stay, e))
			return -1;
		result_id(ctx, 'N', nodes[i]->id, false);
	}
	return 0;
}

/* A kept node is done when empty. Undoing the drain ends the wait. */
static int
prepare(struct ctx *ctx, struct err *e)
{
	const struct params *p = ctx->params;

	return wait_prepare(ctx, &p->wait, p->keep ? "empty" : "DEAD", "ALIVE", e);
}

static int
undrain(struct ctx *ctx, const void *params, void *record, struct err *e)
{
	struct node *node = record;

	(void)params;
	if (ctx_pulse(ctx, e) || drain_undo(ctx->cluster, node, e))
		return -1;
	result_id(ctx, 'N', node->id, false);
	return 0;
}

static const struct opt opts[] = {
    OPT(0, "for", OPT_CHOICE, purpose, "PURPOSE", "purpose of the drain", .sub = &drain_purposes),
    OPT(0, "keep", OPT_FLAG, keep, NULL,
	"for maintenance: stay DRAINING when empty, until undrained"),
    OPT(0, "no-evict", OPT_FLAG, no_evict, NULL,
	"move nothing; wait until everything there ends by itself"),
    OPT(0, "strict", OPT_FLAG, strict, NULL, "refuse if something would have to stay"),
    OPT(0, "deadline", OPT_DURATION, deadline, "D",
	"time after which whatever is still there is ended"),
    WAIT_OPTS(struct params, wait, "then wait until they are DEAD or, with --keep, empty"),
};

#define NODES OPERANDS({.name = "NODE", .count = OPERAND_MANY, .kind = KIND_NODE})
#define DRAIN(id, words, text) \
	const struct command cmd_##id = { \
	    .name = words, \
	    .help = text, \
	    .mode = MODE_WRITE, \
	    .flags = CMD_MUTATES | CMD_MESSAGE, \
	    .operands = NODES, \
	    .opts = OPTS(opts, struct params), \
	    .run = run, \
	    .prepare = prepare, \
	}
#define UNDRAIN(id, words, text) \
	const struct command cmd_##id = { \
	    .name = words, \
	    .help = text, \
	    .mode = MODE_WRITE, \
	    .flags = CMD_MUTATES, \
	    .operands = NODES, \
	    .each = undrain, \
	}

DRAIN(drain, "drain", "empty nodes, then end them");
DRAIN(node_drain, "node drain", "empty nodes, then end them (the same as drain)");
UNDRAIN(undrain, "undrain", "revert a drain that has not ended");
UNDRAIN(node_undrain, "node undrain", "revert a drain (the same as undrain)");
