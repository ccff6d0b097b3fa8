/* evict: moves work off a draining node, and reports what stays. */
#ifndef MODEL_EVICT_H
#define MODEL_EVICT_H

#include <stdbool.h>
#include <stdint.h>

struct cluster;
struct err;
struct lease;

/*
 * Moves work that fits elsewhere off the node, as free restarts: first groups, each with all of its
 * bundles on the node and the work in them, then actors. Work that may not be restarted stays, and
 * so does its bundle. strict: work that stays is ERR_UNSATISFIABLE, with its name.
 */
int evict_node(struct cluster *c, uint64_t node, bool strict, uint64_t cause, struct err *e);

/* The owner of a lease on such a node ("actor default/a1", "bundle 1 of group default/g", "L3"),
 * and why it stays; in the arena. */
struct stay {
	const char *who, *why;
};
int evict_stays(struct cluster *c, const struct lease *lease, struct stay *stay, struct err *e);

#endif
