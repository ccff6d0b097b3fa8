/* plan: what a change would do, shown by a dry run and told apart by a hash. */
#ifndef CMD_CORE_PLAN_H
#define CMD_CORE_PLAN_H

struct ctx;
struct err;

/* Instead of a change: its events and the plan's hash; the transaction ends as if it had not been.
 */
int plan_show(struct ctx *ctx, struct err *e);

/* --if-plan: ERR_REFUSED, with the events among the notes, if other events would follow than in
 * that dry run. */
int plan_compare(struct ctx *ctx, struct err *e);

#endif
