/* seen: the requested demands and their frequency, as far as their records are kept. */
#ifndef PLACE_SEEN_H
#define PLACE_SEEN_H

#include <stddef.h>
#include <stdint.h>
#include "base/slice.h"

struct cluster;
struct demand;
struct err;
struct image;

#define SEEN_MOST 1024 /* shapes that are counted */

/* A shape of demand (demand_shape) and how often it was seen. */
struct seen_shape {
	struct slice shape;
	uint64_t count;
};

struct seen {
	struct seen_shape v[SEEN_MOST];
	size_t n;
	uint64_t total;
};

/* Makes image->seen, from the actors that are remembered, unless it is there. 0 or -1. */
int seen_load(struct cluster *c, struct image *image, struct err *e);

/* Counts a demand, if image->seen is there; by: 1, or -1 when its record is forgotten. */
void seen_add(struct cluster *c, struct image *image, const struct demand *demand, int by);

#endif
