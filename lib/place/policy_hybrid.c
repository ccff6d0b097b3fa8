/* policy_hybrid: packs nodes up to half full, then spreads. Ray's. */
#include "place/policy.h"
#include "place/score.h"

static int
hybrid_score(const struct policy *p, struct image_node *node, uint64_t *score, struct err *e)
{
	uint64_t use = score_highest_use(p, node);

	(void)e;
	*score = use < SCORE_ALL / 2 ? 0 : use;
	return 0;
}

const struct policy_row policy_hybrid = {
    .name = "hybrid", .help = "pack up to half full, then spread", .score = hybrid_score};
