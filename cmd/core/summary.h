/* summary: the cluster in figures, as `status` and `top` show it. */
#ifndef CMD_CORE_SUMMARY_H
#define CMD_CORE_SUMMARY_H

#include "core/cmd.h"

struct cluster_summary {
	uint64_t actors[ACTOR_FAILED + 1], pgs[PG_REMOVED + 1], jobs[JOB_FAILED + 1];
	uint64_t tasks[TASK_CANCELLED + 1];
	uint64_t nodes[NODE_DEAD + 1], kv, cordoned, overdue;
	struct amounts total, used; /* of the living nodes */
	uint64_t used_bytes, due_ms;
	bool monitor, unhealthy; /* false with --at: they describe the present */
	const char *why;	 /* the first problem found; NULL: none */
};

/* Called for each living node, its virtual fields filled; node lives as long as the transaction. */
typedef void summary_node(void *argument, const struct node *node);

/* Fills *s, in ctx->turn. node NULL: not called. */
int summary_take(
    struct ctx *ctx, struct cluster_summary *s, summary_node *node, void *argument, struct err *e);

/* "3 ALIVE, 1 PENDING": the states of a kind that records are in, or only those that are not final;
 * "" if there are none. */
const char *summary_states(struct ctx *ctx, unsigned kind, const uint64_t *counts, bool living);

#endif
