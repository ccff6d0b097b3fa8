/* group: finds nodes for all bundles of a placement group at once. For pg.c and lib/why. */
#ifndef PLACE_GROUP_H
#define PLACE_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "place/lack.h"

struct cluster;
struct demand;
struct err;
struct fitting;
struct group;
struct image_node;
struct pg;
struct starving;

struct group_how {
	unsigned steps;			 /* placements to try at most */
	const struct starving *starving; /* starving records ahead of the group; NULL: none */
	size_t starving_n;
};

/* The demand of a bundle (from 0). */
struct demand group_demand(const struct pg *pg, size_t bundle);

/*
 * A group to be placed on the image as it is now, in the cluster's arena. nodes: one for each
 * bundle, 0 where it has none yet. 0 or -1.
 */
int group_begin(
    struct cluster *c, const struct pg *pg, uint64_t *nodes, struct group **group, struct err *e);

/* Fills the nodes that are 0. 1 found, 0 the group fits nowhere now (or not within so many steps),
 * -1. */
int group_find(struct group *group, struct group_how how, struct err *e);

/*
 * Whether the group would fit if nothing but its own bundles were anywhere; open: and no node were
 * draining or cordoned. 1 (or not decided within so many steps), 0 never, -1.
 */
int group_ever(const struct group *group, unsigned steps, bool open, struct err *e);

/* The common demand of all bundles on a node. */
const struct fitting *group_fit(const struct group *group);

/* What one node can have of the bundles that a group lacks. */
struct group_room {
	size_t takes, of; /* so many of them now */
	size_t could;	  /* so many if it were empty */
	size_t lacking;	  /* one (from 1) for which it has no room beside them; 0: none */
	struct lack lack; /* what that one lacks there */
	bool taken; /* the strategy forbids it: it has one, or the others are on another node */
	bool never; /* it could not serve the group if it were empty */
};
void group_room(const struct group *group, const struct image_node *node, struct group_room *room);

#endif
