/*
 * image: what every node has and what of it is in use, in memory, for one transaction. Made when it
 * is first asked for, and kept right while records change. Placement looks here, never at rows.
 */
#ifndef PLACE_IMAGE_H
#define PLACE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct cluster;
struct err;
struct kind;
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
	unsigned state;
	bool cordoned;
	uint32_t index; /* among the image's nodes */
	size_t width;
	uint64_t *total, *used;
	uint64_t **instances;  /* used of each instance; NULL: none is used */
	uint64_t state_number; /* grows when something of it changes */
	struct fgd_node *fgd;  /* NULL: nothing is known of it yet */
};

struct image {
	struct image_resource resources[IMAGE_RESOURCES];
	uint64_t largest[IMAGE_RESOURCES]; /* of any node so far */
	size_t nresources;
	struct image_node **nodes; /* by age */
	size_t n, size;
	struct fgd *fgd;  /* NULL: not asked for */
	uint64_t version; /* grows when what all nodes are measured by changes */
	uint64_t changes; /* of nodes so far; of the latest, which node it was */
	uint32_t changed[IMAGE_CHANGES];
	struct rankings *rankings; /* NULL: none yet (ranking.h) */
	struct arena *arena;	   /* lives as long as the image: what is learned of it is there */
};

/* The image of this transaction. */
int image_of(struct cluster *c, struct image **image, struct err *e);

/* The node with this id, or NULL. */
struct image_node *image_node(struct image *image, uint64_t id);

/* Number of a resource by name, or -1. */
int image_resource(const struct image *image, const char *name);

/* How many instances the node has of a resource. */
size_t image_instances(const struct image_node *node, int resource);

/* What is free on the node, as a whole. */
uint64_t image_free(const struct image_node *node, int resource);

/* A copy of a node to try things on. */
struct image_node *image_node_copy(
    struct cluster *c, const struct image *image, const struct image_node *node);

/* Takes a change of a record into the image, if there is one (old, new: NULL if it was not or is
 * not there). For record.c. */
void image_follow(struct cluster *c, const struct kind *kind, const void *old, const void *new);

#endif
