#include "place/score.h"

#include "place/image.h"
#include "place/policy.h"

bool
score_wants(const struct policy *p, int resource)
{
	const struct want *w;

	for (w = p->fit.wants; w < p->fit.wants + p->fit.n; w++)
		if (!w->named && w->resource == resource)
			return true;
	return false;
}

uint64_t
score_highest_use(const struct policy *p, const struct image_node *node)
{
	uint64_t highest = 0, use;
	const struct want *w;

	for (w = p->fit.wants; w < p->fit.wants + p->fit.n; w++) {
		if (w->named)
			continue;
		use =
		    score_share(image_used(node, w->resource) + w->value, node->total[w->resource]);
		if (use > highest)
			highest = use;
	}
	return highest;
}

/* No more than IMAGE_RESOURCES millions. */
uint32_t
score_emptiness(const struct image *image, const struct image_node *node)
{
	uint64_t empty = 0;
	size_t r;

	for (r = 0; r < node->width && r < image->nresources; r++)
		empty += score_share(image_free(node, (int)r), node->total[r]);
	return (uint32_t)empty;
}
