/*
 * policy: chooses the best of the nodes that fit. The score uses every resource named by the
 * demand; equal scores go to the fuller node, then to the lower id: the same input gives the same
 * placement.
 *
 * Begin, say what ranks and what starves, offer nodes, and take out the best, one after the other.
 */
#ifndef PLACE_POLICY_H
#define PLACE_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "place/fit.h"

struct cluster;
struct demand;
struct err;
struct image;
struct image_node;
struct policy;

/* A way to choose. To add one: a file with its row, and its line in policies.c. */
struct policy_row {
	const char *name, *help; /* help NULL: the name says it all */
	/* Makes ready to score; NULL: there is nothing to do. */
	int (*begin)(struct policy *policy, struct err *e);
	/* Smaller is better. The demand fits the node. 0 or -1. */
	int (*score)(
	    const struct policy *policy, struct image_node *node, uint64_t *score, struct err *e);
	/* What scores go by beside demand and nodes: those of another version are no longer right;
	 * NULL: nothing. */
	uint64_t (*version)(const struct policy *policy);
};

/* A record that has waited longer than starvation_age: nodes that could serve it are reserved
 * against later demands. */
struct starving {
	const struct demand *demand; /* NULL: a group, which the nodes could serve */
	const uint64_t *nodes;	     /* ascending */
	size_t n;
	int64_t priority;
	uint64_t born, of; /* of: ref of the record */
};

#define POLICY_NEVER 255 /* a rank: this node must not be taken */

struct policy {
	struct fitting fit;
	const struct policy_row *row;
	int gpu; /* number of that resource, -1: no node has one */
	unsigned (*rank)(const void *argument, const struct image_node *node); /* NULL: all alike */
	const void *rank_argument;
	const struct starving *starving; /* what starves before what is being placed, set by the
					    caller after policy_begin; NULL: nothing */
	size_t starving_n;
	struct fitting *starving_fits; /* of each that has a demand; NULL: not looked at yet */
	struct candidate *v;	       /* those that were offered and have enough free */
	size_t found;
	struct ranking *ranking;   /* of all other nodes; NULL: they are offered one by one */
	unsigned others_rank;	   /* of all of them */
	struct image_node **apart; /* that are not of them */
	size_t napart;
	bool again; /* the others have not been offered, but for the one returned */
	uint64_t returned;
};

int policy_begin(struct cluster *c, struct image *image, const struct demand *demand,
    struct policy *policy, struct err *e);

/* The starving record for which this node is reserved; *whom NULL: none. 0 or -1. */
int policy_kept(struct policy *policy, const struct image_node *node, const struct starving **whom,
    struct err *e);

/* Adds a node as a candidate, if it has enough free. 0 or -1. */
int policy_offer(struct policy *policy, struct image_node *node, struct err *e);

/* Offers all nodes but those apart, which rank alike. The array stays the caller's, until the
 * policy is done with. 0 or -1. */
int policy_offer_others(struct policy *policy, struct image_node **apart, size_t n,
    unsigned others_rank, struct err *e);

/* Removes the best remaining node whose labels match too: 1 and its id, 0 or -1. */
int policy_next(struct policy *policy, uint64_t *node, struct err *e);

#endif
