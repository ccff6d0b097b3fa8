/* score: the measures of nodes used by the policies. */
#ifndef PLACE_SCORE_H
#define PLACE_SCORE_H

#include <stdbool.h>
#include <stdint.h>

struct image;
struct image_node;
struct policy;

#define SCORE_ALL 1000000 /* shares are of one million */

static inline uint64_t
score_share(uint64_t part, uint64_t whole)
{
	return whole ? (uint64_t)((double)part * SCORE_ALL / (double)whole) : 0;
}

/* Whether the demand names the resource. */
bool score_wants(const struct policy *policy, int resource);

/* The highest use of any resource that the demand names, once it is placed. */
uint64_t score_highest_use(const struct policy *policy, const struct image_node *node);

/* The shares that are free of all resources of a node, in sum. */
uint32_t score_emptiness(const struct image *image, const struct image_node *node);

#endif
