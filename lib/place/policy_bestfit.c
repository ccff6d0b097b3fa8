/*
 * policy_bestfit: takes the node on which the least is left, each resource as a share of the
 * largest node's: of those that the demand names but memory and disk, which fill up last (as in the
 * BestFit that Weng et al. compare with), and of the scarce ones that it would lock in without
 * using them (GPUs and other indexed ones).
 */
#include "place/image.h"
#include "place/policy.h"
#include "place/score.h"
#include "rec/rec.h"

static int
bestfit_score(const struct policy *p, struct image_node *node, uint64_t *score, struct err *e)
{
	const struct image *image = p->fit.image;
	const struct want *w;
	uint64_t left = 0;
	size_t r;

	(void)e;
	for (w = p->fit.wants; w < p->fit.wants + p->fit.n; w++)
		if (!w->named && !resource_is_bytes(w->name))
			left += score_share(
			    image_free(node, w->resource) - w->value, image->largest[w->resource]);
	for (r = 0; r < image->nresources && r < node->width; r++)
		if (image->resources[r].indexed && !score_wants(p, (int)r))
			left += score_share(image_free(node, (int)r), image->largest[r]);
	*score = left;
	return 0;
}

const struct policy_row policy_bestfit = {.name = "bestfit", .score = bestfit_score};
