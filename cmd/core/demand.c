#include "core/demand.h"

const char *const demand_options[DEMAND_PARTS] = {
    [DEMAND_RESOURCES] = "-r",
    [DEMAND_SELECTOR] = "-l",
    [DEMAND_AVOID] = "--avoid",
    [DEMAND_ON] = "--on",
    [DEMAND_SOFT] = "--soft",
    [DEMAND_PG] = "--pg",
    [DEMAND_BUNDLE] = "--bundle",
};

int
demand_of(struct ctx *ctx, const struct demand_params *p, struct demand *demand, struct err *e)
{
	struct demand_text text = {.names = demand_options,
	    .resources = p->resources.v,
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
