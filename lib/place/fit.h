/*
 * fit: whether a demand fits on a node, and which instances it gets. The only such test: placing,
 * granting, `why`, `resource fit` and `wait` all use it.
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
	bool named;   /* this instance is requested by number */
	bool split;   /* more than one instance, but not whole ones: never granted */
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
	bool impossible; /* it requests a resource that no node has */
};

/* demand NULL: nothing but a node. 0 or -1. */
int fit_begin(struct fitting *fit, struct cluster *c, struct image *image,
    const struct demand *demand, struct err *e);

/*
 * Whether the node fits: 1, 0 or -1. *lack is what it lacks, LACK_NONE if it fits; lack may be
 * NULL.
 */
int fit_node(
    const struct fitting *fit, const struct image_node *node, struct lack *lack, struct err *e);

/* The same without resources. */
int fit_takes(
    const struct fitting *fit, const struct image_node *node, struct lack *lack, struct err *e);

/* The part independent of the node's state: which node it is, and its labels. */
int fit_suits(
    const struct fitting *fit, const struct image_node *node, struct lack *lack, struct err *e);

/*
 * Resources only. Reports what the node can never have before what it lacks now; `never` of the
 * lack is valid only here.
 */
bool fit_has(const struct fitting *fit, const struct image_node *node, struct lack *lack);

/* fit_node in two steps, for tests of many nodes: all but the labels; and the labels, which cost a
 * read. */
bool fit_may(const struct fitting *fit, const struct image_node *node);
int fit_labels(const struct fitting *fit, const struct image_node *node, struct err *e);

/* How many copies fit on a node now, at most `most`; and why no more. */
int fit_count(const struct fitting *fit, const struct image_node *node, uint64_t most,
    uint64_t *count, struct lack *lack, struct err *e);

/*
 * Fills a lease's resources and instances with what the demand, which must fit, gets of the node:
 * whole instances that are wholly free, lowest first; a part of one where it leaves the least.
 */
void fit_fill(const struct fitting *fit, const struct image_node *node, struct lease *lease);

/* Subtracts a grant from a copy of a node's image; nothing of a resource it lacks. */
void fit_take(const struct fitting *fit, struct image_node *copy);

/* ERR_USAGE: indexed resources come whole, or a part of one. */
int fit_check(const struct fitting *fit, struct err *e);

#endif
