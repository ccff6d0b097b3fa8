/* policy_spread: takes the node whose fullest resource stays the emptiest. */
#include "place/policy.h"
#include "place/score.h"

static int
spread_score(const struct policy *p, struct image_node *node, uint64_t *score, struct err *e)
{
	(void)e;
	*score = score_highest_use(p, node);
	return 0;
}

const struct policy_row policy_spread = {.name = "spread", .score = spread_score};
