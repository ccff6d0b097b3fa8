/*
 * policy: which of the nodes that would do is the best. The score looks at every resource that the
 * demand names; equal scores fall to the fuller node, then to the lower id: the same input gives
 * the same placement.
 */
#ifndef PLACE_POLICY_H
#define PLACE_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "place/image.h"
#include "rec/records.h"

struct cluster;
struct err;

enum policy_kind { POLICY_HYBRID = 1, POLICY_BESTFIT, POLICY_SPREAD, POLICY_FGD };

/* What has waited for longer than starvation_age: later demands leave it the nodes that could serve
 * it. */
struct starving {
	const struct demand *demand; /* NULL: a group, which the nodes could serve */
	const uint64_t *nodes;	     /* ascending */
	size_t n;
	int64_t priority;
	uint64_t born, of; /* of: ref of the record */
};

struct want {
	int resource;
	uint64_t value;
	bool indexed;
};

#define POLICY_NEVER 255 /* a rank: this node must not be taken */

struct policy {
	struct cluster *c;
	struct image *image;
	const struct demand *demand;
	enum policy_kind kind;
	struct want wants[IMAGE_RESOURCES];
	size_t n;
	int gpu; /* number of that resource, -1: nobody has one */
	unsigned (*rank)(void *argument, const struct image_node *node); /* NULL: all alike */
	void *rank_argument;
	const struct starving *starving; /* what starves before what is being placed, set by the
					    caller after policy_begin; NULL: nothing */
	size_t starving_n;
	bool impossible;     /* names a resource that nobody has */
	struct candidate *v; /* those that were offered and have enough free */
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

/* Who starves, stands before what is being placed, and is left this node; NULL: nobody. */
const struct starving *policy_kept(const struct policy *policy, const struct image_node *node);

/* Takes a node into consideration, if it has enough free. */
void policy_offer(struct policy *policy, struct image_node *node);

/* Offers all nodes but those apart, which rank alike. The array stays the caller's, until the
 * policy is done with. */
void policy_offer_others(
    struct policy *policy, struct image_node **apart, size_t n, unsigned others_rank);

/* Takes out the best one left whose labels and state will do as well: 1 and its id, 0 or -1. */
int policy_next(struct policy *policy, uint64_t *node, struct err *e);

#endif
