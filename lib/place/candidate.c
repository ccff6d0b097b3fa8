#include "place/candidate.h"

#include "place/image.h"
#include "place/policy.h"
#include "place/score.h"
#include "rec/records.h"

static bool
wastes_gpu(const struct policy *p, const struct image_node *node)
{
	return p->gpu >= 0 && image_instances(node, p->gpu) && !score_wants(p, p->gpu);
}

int
candidate_judge(
    const struct policy *p, struct image_node *node, struct candidate *to, struct err *e)
{
	const struct demand *demand = p->fit.demand;

	if (!fit_may(&p->fit, node))
		return 0;
	to->node = node;
	to->wrong = 2 * (demand->on && demand->on != node->id) + wastes_gpu(p, node);
	to->emptiness = score_emptiness(p->fit.image, node);
	return p->row->score(p, node, &to->score, e) ? -1 : 1;
}

bool
candidate_better(const struct candidate *a, const struct candidate *b)
{
	if (a->wrong != b->wrong)
		return a->wrong < b->wrong;
	if (a->score != b->score)
		return a->score < b->score;
	if (a->emptiness != b->emptiness)
		return a->emptiness < b->emptiness;
	return a->node->id < b->node->id;
}
