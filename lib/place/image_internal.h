/* image_internal: shared by image.c (updates the image) and image_read.c (builds it from rows). */
#ifndef PLACE_IMAGE_INTERNAL_H
#define PLACE_IMAGE_INTERNAL_H

#include "place/image.h"

/* The number of a resource, which is added if it is new; -1: there are IMAGE_RESOURCES others. */
int image_resource_add(struct cluster *c, struct image *image, const char *name, bool indexed);

/* A new node at the end, all 0. */
struct image_node *image_node_add(struct cluster *c, struct image *image);

/* Takes these totals for the node's, as many as `width`, which is not less than before. */
void image_totals_set(struct cluster *c, struct image *image, struct image_node *node,
    const uint64_t *total, size_t width);

#endif
