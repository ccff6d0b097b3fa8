/* demand: the options of everything that asks for resources, the same everywhere. */
#ifndef CMD_DEMAND_H
#define CMD_DEMAND_H

#include "place/demand.h"
#include "cmd.h"

struct demand_params {
	struct texts resources, avoid;
	const char *selector, *on;
	bool soft;
	const char *pg;
	struct opt_number bundle;
	unsigned strategy;
};

/* clang-format off */
/* Rows of an option table; `member` is a struct demand_params in `params`. */
#define DEMAND_OPT(params, member, letter, name, kind, field, argument, help, sub, completes) \
	{letter, name, kind, offsetof(params, member.field), argument, help, sub, completes}
#define DEMAND_OPTS(params, member) \
	DEMAND_OPT(params, member, 'r', "resources", OPT_TEXTS, resources, "R", "resources needed: cpu=2,gpu=0.5,mem=4Gi; gpu:0 is that instance", NULL, NULL), \
	DEMAND_OPT(params, member, 'l', "selector", OPT_TEXT, selector, "SEL", "only nodes with these labels", NULL, NULL), \
	DEMAND_OPT(params, member, 0, "avoid", OPT_TEXTS, avoid, "NODE", "avoid this node; may be repeated", NULL, "node"), \
	DEMAND_OPT(params, member, 0, "on", OPT_TEXT, on, "NODE", "run on this node", NULL, "node"), \
	DEMAND_OPT(params, member, 0, "soft", OPT_FLAG, soft, NULL, "with --on: run elsewhere if that node is not suitable", NULL, NULL), \
	DEMAND_OPT(params, member, 0, "pg", OPT_TEXT, pg, "PG", "run in this placement group", NULL, "pg"), \
	DEMAND_OPT(params, member, 0, "bundle", OPT_U64, bundle, "N", "with --pg: in this bundle, from 0", NULL, NULL), \
	DEMAND_OPT(params, member, 0, "strategy", OPT_CHOICE, strategy, "S", "how the node is chosen", strategies, NULL)
/* clang-format on */

/* The demand that the options say, against the cluster as it is. */
static inline int
demand_of(struct ctx *ctx, const struct demand_params *p, struct demand *demand, struct err *e)
{
	struct demand_text text = {.resources = p->resources.v,
	    .n = p->resources.n,
	    .selector = p->selector,
	    .on = p->on,
	    .self = ctx_self(),
	    .avoid = p->avoid,
	    .soft = p->soft,
	    .pg = p->pg,
	    .bundle = p->bundle.given ? p->bundle.value + 1 : 0,
	    .strategy = p->strategy};

	return demand_make(ctx->cluster, &text, demand, e);
}

#endif
