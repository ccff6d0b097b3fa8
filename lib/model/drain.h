/* drain: taking nodes out of service in order. */
#ifndef MODEL_DRAIN_H
#define MODEL_DRAIN_H

#include <stdbool.h>
#include <stddef.h>
#include "rec/records.h"

struct cluster;
struct err;

/*
 * Starts or changes a drain of nodes. Work that may be restarted and fits on another node, not one
 * of these, moves at once (unless stay); the rest stays until the deadline. An empty node is DEAD
 * at once unless drain->keep. strict: refused if anything would have to stay. ERR_REFUSED (ended,
 * or not idle), ERR_UNSATISFIABLE (strict).
 */
struct drain_how {
	bool stay, strict;
};
int drain_nodes(struct cluster *c, struct node **nodes, size_t n, const struct drain *drain,
    struct drain_how how, struct err *e);

/* Cancels a drain: the node is ALIVE again. ERR_REFUSED if it has ended. */
int drain_undo(struct cluster *c, struct node *node, struct err *e);

#endif
