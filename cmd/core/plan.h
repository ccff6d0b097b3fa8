/* plan: the events of a change, shown by a dry run and identified by a hash. */
#ifndef CMD_CORE_PLAN_H
#define CMD_CORE_PLAN_H

struct ctx;
struct err;

/* Shows the change's events and the plan's hash instead of committing; the transaction is
 * undone. */
int plan_show(struct ctx *ctx, struct err *e);

/* --if-plan: ERR_REFUSED, with the events among the notes, if the events differ from those of that
 * dry run. */
int plan_compare(struct ctx *ctx, struct err *e);

#endif
