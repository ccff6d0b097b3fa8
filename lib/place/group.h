/* group: finds nodes for all bundles of a placement group at once. For pg.c. */
#ifndef PLACE_GROUP_H
#define PLACE_GROUP_H

#include <stddef.h>
#include <stdint.h>

struct cluster;
struct err;
struct image;
struct pg;

/*
 * nodes: one for each bundle, 0 where it has none yet; those are filled. 1 found, 0 the group fits
 * nowhere now (or not within `steps` tries), -1.
 */
int group_find(struct cluster *c, struct image *image, const struct pg *pg, uint64_t *nodes,
    unsigned steps, struct err *e);

#endif
