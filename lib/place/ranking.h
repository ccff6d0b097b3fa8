/*
 * ranking: how all nodes stand for a demand, remembered within a transaction. What asks for the
 * same as something before it looks only at the nodes that changed since. For policy.c.
 */
#ifndef PLACE_RANKING_H
#define PLACE_RANKING_H

#include <stdbool.h>
#include <stddef.h>
#include "place/policy.h"

/* Smaller is better: what is wrong, then the score, then how empty it is. Shares are of one
 * million. */
struct candidate {
	struct image_node *node; /* NULL: it will not do */
	uint64_t score;
	uint32_t wrong; /* 1: not the node that was asked for softly, or a GPU node for work without
			   GPU */
	uint32_t emptiness;
};

struct ranking;

/* The demand's ranking, brought up to date; NULL if it is not worth one: it comes for the first
 * time. The policy must rank all nodes alike, and nothing may starve. */
struct ranking *ranking_of(const struct policy *policy);

/* The best node, NULL if none will do. */
const struct candidate *ranking_best(const struct ranking *r);

/* A node that is hidden will not do, until it is shown again or changes. false: it would not
 * anyway. */
bool ranking_hide(struct ranking *r, const struct image_node *node);
void ranking_show(struct ranking *r, struct image_node *node);

/* For ranking.c: whether a node has enough free, and how it stands. */
bool policy_judge(const struct policy *policy, struct image_node *node, struct candidate *to);
bool policy_better(const struct candidate *a, const struct candidate *b);

#endif
