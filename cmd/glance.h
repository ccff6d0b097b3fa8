/* glance: the cluster in figures, as `status` and `top` show it. */
#ifndef CMD_GLANCE_H
#define CMD_GLANCE_H

#include "cmd.h"

struct glance {
	uint64_t actors[ACTOR_FAILED + 1], pgs[PG_REMOVED + 1], jobs[JOB_FAILED + 1];
	uint64_t tasks[TASK_CANCELLED + 1];
	uint64_t nodes[NODE_DEAD + 1], kv, cordoned, overdue;
	struct amounts total, used; /* of the living nodes */
	uint64_t used_bytes, due_ms;
	bool monitor, unhealthy; /* false with --at: they are of now */
	const char *why;	 /* the first thing that is wrong; NULL: nothing is */
};

/* Told of each living node, its virtual fields filled; node lives as long as the transaction. */
typedef void glance_node(void *argument, const struct node *node);

/* Fills *s, in ctx->turn. node NULL: nobody is told. */
int glance_take(
    struct ctx *ctx, struct glance *s, glance_node *node, void *argument, struct err *e);

/* "3 ALIVE, 1 PENDING": the states of a kind that any are in, or only those that are no end; ""
 * if there are none. */
const char *glance_states(struct ctx *ctx, unsigned kind, const uint64_t *counts, bool living);

#endif
