/* passing: nodes that `job run` registered for itself; they end with their last work. */
#ifndef MODEL_PASSING_H
#define MODEL_PASSING_H

#include <stdint.h>

struct cluster;
struct err;

/* Ends such a node once it has no work left. Other nodes stay as they are. */
int passing_end(struct cluster *c, uint64_t node, uint64_t cause, struct err *e);

#endif
