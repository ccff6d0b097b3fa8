/* drain: taking nodes out of service in order. */
#ifndef MODEL_DRAIN_H
#define MODEL_DRAIN_H

#include <stdbool.h>
#include <stddef.h>
#include "rec/records.h"

struct cluster;
struct err;

/*
 * Starts a drain of nodes or changes it. What may be restarted and fits elsewhere, which is on none
 * of them, leaves at once (unless stay); the rest stays until the deadline. A node with nothing on
 * it is DEAD at once unless drain->keep. strict: refused if something would have to stay.
 * ERR_REFUSED (ended, or not idle), ERR_UNSATISFIABLE (strict).
 */
struct drain_how {
	bool stay, strict;
};
int drain_nodes(struct cluster *c, struct node **nodes, size_t n, const struct drain *drain,
    struct drain_how how, struct err *e);

/* Takes a drain back: ALIVE again. ERR_REFUSED if it has ended. */
int drain_undo(struct cluster *c, struct node *node, struct err *e);

#endif
