/* demand: the options of every command that asks for resources. */
#ifndef CMD_CORE_DEMAND_H
#define CMD_CORE_DEMAND_H

#include "place/demand.h"
#include "core/cmd.h"

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
#define DEMAND_OPTS(params, member) \
	OPT_OF(params, 'r', "resources", OPT_TEXTS, member.resources, "R", "resources needed: cpu=2,gpu=0.5,mem=4Gi; gpu:0 is that instance"), \
	OPT_OF(params, 'l', "selector", OPT_TEXT, member.selector, "SEL", "only nodes with these labels"), \
	OPT_OF(params, 0, "avoid", OPT_TEXTS, member.avoid, "NODE", "avoid this node; may be repeated", .completes = "node"), \
	OPT_OF(params, 0, "on", OPT_TEXT, member.on, "NODE", "run on this node", .completes = "node"), \
	OPT_OF(params, 0, "soft", OPT_FLAG, member.soft, NULL, "with --on: run elsewhere if that node is not suitable"), \
	OPT_OF(params, 0, "pg", OPT_TEXT, member.pg, "PG", "run in this placement group", .completes = "pg"), \
	OPT_OF(params, 0, "bundle", OPT_U64, member.bundle, "N", "with --pg: in this bundle, from 0"), \
	OPT_OF(params, 0, "strategy", OPT_CHOICE, member.strategy, "S", "how the node is chosen", .sub = &strategies)
/* clang-format on */

/* The names of a demand's parts in errors: these options. */
extern const char *const demand_options[DEMAND_PARTS];

/* Makes the demand of the options, against the current cluster. Errors of demand_make. */
int demand_of(struct ctx *ctx, const struct demand_params *p, struct demand *demand, struct err *e);

#endif
