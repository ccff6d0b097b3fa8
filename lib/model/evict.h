/* evict: moves work off a node that is being drained, and says what stays. */
#ifndef MODEL_EVICT_H
#define MODEL_EVICT_H

#include <stdbool.h>
#include <stdint.h>

struct cluster;
struct err;
struct lease;

/*
 * Moves off the node what fits elsewhere, free of charge: first groups, each with all of its
 * bundles that are there and what runs in them, then actors. What may not be restarted stays, and
 * so does the bundle around it. strict: what stays is ERR_UNSATISFIABLE, with its name.
 */
int evict_node(struct cluster *c, uint64_t node, bool strict, uint64_t cause, struct err *e);

/* Whose a lease on such a node is ("actor default/a1", "bundle 1 of group default/g", "L3"), and
 * why that stays; in the arena. */
struct stay {
	const char *who, *why;
};
int evict_stays(struct cluster *c, const struct lease *lease, struct stay *stay, struct err *e);

#endif
