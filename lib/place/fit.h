/*
 * fit: whether a node would do for a demand, and which of its instances the demand gets. The one
 * answer to "does it fit": placing, granting, `why`, `resource fit` and `wait` all ask here.
 */
#ifndef PLACE_FIT_H
#define PLACE_FIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "place/lack.h"

struct cluster;
struct demand;
struct err;
struct image;
struct image_node;
struct lease;
struct selector;

/* So much of a resource, or of one instance of it. */
struct want {
	const char *name;
	uint64_t value;
	int resource; /* number in the image; -1: no node has it */
	bool named;   /* this instance is asked for by number */
	bool split;   /* more than one instance, but not whole ones: no node will do */
	uint64_t index;
	uint64_t each; /* free on each of `instances` instances; 0: the resource has none */
	size_t instances;
};

/* A demand, its names looked up once. It lives as long as the image, the demand and the arena. */
struct fitting {
	struct cluster *c;
	struct image *image;
	const struct demand *demand; /* never NULL */
	struct want *wants;	     /* amounts, then instances */
	size_t n;
	struct selector *selector;
	bool impossible; /* it asks for a resource that no node has */
};

/* demand NULL: nothing but a node. 0 or -1. */
int fit_begin(struct fitting *fit, struct cluster *c, struct image *image,
    const struct demand *demand, struct err *e);

/*
 * Whether the node would do: 1, 0 or -1. What it lacks is in *lack then, LACK_NONE if it would do;
 * lack may be NULL.
 */
int fit_node(
    const struct fitting *fit, const struct image_node *node, struct lack *lack, struct err *e);

/* The same apart from resources. */
int fit_takes(
    const struct fitting *fit, const struct image_node *node, struct lack *lack, struct err *e);

/* The part of that which no change of the node's state helps: which node it is, and its labels. */
int fit_suits(
    const struct fitting *fit, const struct image_node *node, struct lack *lack, struct err *e);

/*
 * The resources alone. What the node never has is told before what it lacks only now.
 * `never` of the lack is about resources only.
 */
bool fit_has(const struct fitting *fit, const struct image_node *node, struct lack *lack);

/* fit_node in two steps, to ask about many nodes: everything but the labels, which cost a read;
 * then the labels. */
bool fit_may(const struct fitting *fit, const struct image_node *node);
int fit_labels(const struct fitting *fit, const struct image_node *node, struct err *e);

/* How many times it fits on a node now, one beside the other, at most `most`; and why no more. */
int fit_count(const struct fitting *fit, const struct image_node *node, uint64_t most,
    uint64_t *count, struct lack *lack, struct err *e);

/*
 * Fills a lease's resources and instances with what the demand, which must fit, gets of the node:
 * whole instances that are wholly free, lowest first; a part of one where it leaves the least.
 */
void fit_fill(const struct fitting *fit, const struct image_node *node, struct lease *lease);

/* Takes what a grant would take from a node's image that is a copy; of what it has not, nothing. */
void fit_take(const struct fitting *fit, struct image_node *copy);

/* ERR_USAGE: indexed resources come whole, or a part of one. */
int fit_check(const struct fitting *fit, struct err *e);

#endif
