/* fit: whether a demand's resources are to be had on a node, and which of its instances it gets. */
#ifndef PLACE_FIT_H
#define PLACE_FIT_H

#include <stdbool.h>

struct cluster;
struct demand;
struct err;
struct image;
struct image_node;
struct lease;

/*
 * What of a demand's resources a node lacks now: "gpu: 2 wanted, 1 free" in the arena, NULL if it
 * fits. *never: it would not fit if the node were empty. "fragmented" where the sum is free but no
 * instance has enough.
 */
const char *fit_lacks(struct cluster *c, const struct image *image, const struct image_node *node,
    const struct demand *demand, bool *never);

/*
 * Fills a lease's resources and instances with what the demand, which must fit, gets of the node:
 * whole instances that are wholly free, lowest first; a part of one where it leaves the least.
 */
void fit_fill(struct cluster *c, const struct image *image, const struct image_node *node,
    const struct demand *demand, struct lease *lease);

/* Takes what a grant would take from a node's image that is a copy. */
void fit_take(struct cluster *c, const struct image *image, struct image_node *copy,
    const struct demand *demand);

/* ERR_USAGE: indexed resources come whole, or a part of one. */
int fit_check(const struct image *image, const struct demand *demand, struct err *e);

#endif
