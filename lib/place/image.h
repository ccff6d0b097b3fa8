/*
 * image: the total and used resources of every node, in memory, for one transaction. Created on
 * first use, and updated as records change. Placement reads this, never rows.
 */
#ifndef PLACE_IMAGE_H
#define PLACE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/amount.h"

struct arena;
struct cluster;
struct err;
struct labels;
struct lease;

#define IMAGE_RESOURCES 64 /* kinds of resources in one cluster */
#define INSTANCE_ALL 0xffffffffU
#define IMAGE_CHANGES 1024 /* the latest that are remembered */

struct image_resource {
	const char *name;
	bool indexed;
};

/* Amounts by number of resource, as many as `width`; what is beyond it is 0. */
struct image_node {
	uint64_t id;
	const uint64_t *total; /* may be that of other nodes too: never changed in place */
	uint64_t *used;	       /* NULL: nothing is */
	uint64_t **instances;  /* used of each instance; NULL, of all or of one resource: none is */
	uint64_t state_number; /* incremented when the node changes */
	struct fgd_node *fgd;  /* NULL: nothing is known of it yet */
	uint32_t index;	       /* among the image's nodes */
	uint16_t width;
	uint8_t state;
	bool cordoned;
};

/* Totals that nodes share: most of a cluster's machines are of a few kinds. */
#define IMAGE_SHAPES 64

struct image_shape {
	const uint64_t *total;
	size_t width;
};

struct image {
	struct image_resource resources[IMAGE_RESOURCES];
	uint64_t largest[IMAGE_RESOURCES]; /* of any node so far */
	size_t nresources;
	struct image_node **nodes; /* by age */
	size_t n, size;
	struct image_shape shapes[IMAGE_SHAPES]; /* the latest, by hash */
	struct fgd *fgd;   /* what that policy has learned; NULL: not asked for */
	struct seen *seen; /* demands; NULL: not asked for (seen.h) */
	uint64_t version;  /* grows when what all nodes are measured by changes */
	uint64_t changes;  /* of nodes so far; of the latest, which node it was */
	uint32_t changed[IMAGE_CHANGES];
	struct rankings *rankings; /* NULL: none yet (ranking.h) */
	struct arena *arena;	   /* lives as long as the image: what is learned of it is there */
};

/* The image of this transaction. */
int image_of(struct cluster *c, struct image **image, struct err *e);

/* The node of this id, or NULL. */
struct image_node *image_node(struct image *image, uint64_t id);

/* Number of a resource by name, or -1. */
int image_resource(const struct image *image, const char *name);

/* How many instances the node has of a resource. */
static inline size_t
image_instances(const struct image_node *node, int resource)
{
	return (size_t)resource < node->width ? (size_t)(node->total[resource] / AMOUNT_ONE) : 0;
}

/* What is in use on the node, and what is free, as a whole. */
static inline uint64_t
image_used(const struct image_node *node, int resource)
{
	return (size_t)resource < node->width && node->used ? node->used[resource] : 0;
}

static inline uint64_t
image_free(const struct image_node *node, int resource)
{
	uint64_t used = image_used(node, resource);

	if ((size_t)resource >= node->width || node->total[resource] <= used)
		return 0;
	return node->total[resource] - used;
}

/* What is in use of each instance, NULL if nothing is of any. */
static inline const uint64_t *
image_instances_used(const struct image_node *node, int resource)
{
	return (size_t)resource < node->width && node->instances ? node->instances[resource] : NULL;
}

/* A copy of a node to try things on: `used` is there, and the instances of what is indexed. */
struct image_node *image_node_copy(
    struct cluster *c, const struct image *image, const struct image_node *node);

/*
 * Apply a record's change to the image, if there is one: a node as it is now; a lease (old, new: NULL
 * if it did not or does not exist); a demand that arrives (by 1) or leaves (-1).
 */
struct demand;
struct node;
void image_follow_node(struct cluster *c, const struct node *node);
void image_follow_lease(struct cluster *c, const struct lease *old, const struct lease *new);
void image_follow_demand(struct cluster *c, const struct demand *demand, int by);

#endif
