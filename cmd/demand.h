/* demand: the options of everything that asks for resources, the same everywhere. */
#ifndef CMD_DEMAND_H
#define CMD_DEMAND_H

#include "cluster/demand.h"
#include "cmd.h"

struct demand_params {
	struct texts resources, avoid;
	const char *selector, *on;
	bool soft;
};

/* Rows of an option table; `member` is a struct demand_params in `params`. */
#define DEMAND_OPTS(params, member)                                                                \
	{'r', "resources", OPT_TEXTS, offsetof(params, member.resources), "R",                     \
	    "what is needed: cpu=2,gpu=0.5,mem=4Gi; gpu:0 is that instance", NULL, NULL},          \
	    {'l', "selector", OPT_TEXT, offsetof(params, member.selector), "SEL",                  \
		"only nodes with these labels", NULL, NULL},                                       \
	    {0, "avoid", OPT_TEXTS, offsetof(params, member.avoid), "NODE",                        \
		"not on this node; may be repeated", NULL, "node"},                                \
	    {0, "on", OPT_TEXT, offsetof(params, member.on), "NODE", "on this node", NULL,         \
		"node"},                                                                           \
	{                                                                                          \
		0, "soft", OPT_FLAG, offsetof(params, member.soft), NULL,                          \
		    "with --on: elsewhere if that node will not do", NULL, NULL                    \
	}

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
	    .soft = p->soft};

	return demand_make(ctx->cluster, &text, demand, e);
}

#endif
