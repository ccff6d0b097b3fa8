/*
 * ranking: the ranks of all nodes for a demand, cached within a transaction. A repeated demand
 * examines only the nodes changed since. For policy.c.
 */
#ifndef PLACE_RANKING_H
#define PLACE_RANKING_H

#include <stdbool.h>

struct candidate;
struct err;
struct image_node;
struct policy;
struct ranking;

/* The demand's ranking, brought up to date; *ranking NULL if it is not worth one: it comes for the
 * first time. The policy must rank all nodes alike, and nothing may starve. 0 or -1. */
int ranking_of(const struct policy *policy, struct ranking **ranking, struct err *e);

/* The best node, NULL if none fits. */
const struct candidate *ranking_best(const struct ranking *r);

/* Excludes a node until it is shown again or changes. false: it did not fit anyway. */
bool ranking_hide(struct ranking *r, const struct image_node *node);
void ranking_show(struct ranking *r, struct image_node *node);

#endif
