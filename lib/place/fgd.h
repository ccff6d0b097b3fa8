/*
 * fgd: fragmentation gradient descent (Weng et al., "Beware of Fragmentation: Scheduling
 * GPU-Sharing Workloads with Fragmentation Gradient Descent", USENIX ATC 2023): place a demand
 * where it adds least to the GPUs that the demands seen lately could not use.
 *
 * The fragmentation of a node for a demand is what is free of its GPUs, if the demand asks for no
 * GPU or does not fit there; else what is free of those GPUs that have less free than it needs of
 * one. Of a node: the mean over the demands, each as often as it was seen.
 */
#ifndef PLACE_FGD_H
#define PLACE_FGD_H

#include <stdint.h>
#include "rec/records.h"

struct cluster;
struct err;
struct image;
struct image_node;

/* Counts a demand among those seen; by: 1, or -1 when its record is forgotten. For image.c. */
void fgd_seen(struct cluster *c, struct image *image, const struct demand *demand, int by);

/* Makes ready to score, from the demands of the actors that are remembered. */
int fgd_begin(struct cluster *c, struct image *image, struct err *e);

/* What scores go by: those of another version are no longer right. */
uint64_t fgd_version(const struct image *image);

/* By how much the node's fragmentation would grow (may be negative), in ten-thousandths of a GPU.
 * The demand fits the node. */
int64_t fgd_growth(
    struct cluster *c, struct image *image, struct image_node *node, const struct demand *demand);

#endif
