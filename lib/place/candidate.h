/* candidate: a node on which a demand may be placed, and its rank. */
#ifndef PLACE_CANDIDATE_H
#define PLACE_CANDIDATE_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct image_node;
struct policy;

/* Smaller is better: defects, then the score, then how empty it is. Shares are of one million. */
struct candidate {
	struct image_node *node; /* NULL: it does not fit */
	uint64_t score;
	uint32_t wrong; /* 1: a GPU node for work without GPU; 2: not the node that was asked for
			   softly */
	uint32_t emptiness;
};

/* Fills its rank: 1, 0 if it does not fit whatever its labels are, -1. */
int candidate_judge(
    const struct policy *policy, struct image_node *node, struct candidate *to, struct err *e);

bool candidate_better(const struct candidate *a, const struct candidate *b);

#endif
