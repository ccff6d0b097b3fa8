/*
 * policy_fgd: fragmentation gradient descent (Weng et al., "Beware of Fragmentation: Scheduling
 * GPU-Sharing Workloads with Fragmentation Gradient Descent", USENIX ATC 2023): place a demand
 * where it adds least to the GPUs that the demands seen lately could not use.
 *
 * The fragmentation of a node for a demand is what is free of its GPUs, if the demand asks for no
 * GPU or does not fit there; else what is free of those GPUs that have less free than it needs of
 * one. Of a node: the mean over the demands, each as often as it was seen.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/amount.h"
#include "place/image.h"
#include "place/policy.h"
#include "place/seen.h"
#include "rec/filter.h"
#include "rec/records.h"
#include "state/cluster.h"
#include "state/kind.h"
#include "state/record.h"

#define NEAR 100  /* growths that differ by less (of a ten-thousandth of a GPU) are alike */
#define TASTES 64 /* of the demands seen, those seen most often, are looked at */

struct taste {
	struct fitting fit;
	double weight; /* its share of all that was seen */
	uint64_t gpu;  /* of one GPU that it needs, or whole ones; 0: none */
};

struct fgd {
	struct taste tastes[TASTES];
	size_t n;
	uint64_t version;	     /* of the tastes */
	uint64_t taken_at, taken_of; /* how many demands were seen then; version of the image */
	int gpu;
	const struct demand *asked; /* the last one, and which taste it is */
	size_t asked_taste;
};

/* What is known of a node: of one version of itself, and of the tastes. */
struct fgd_node {
	uint64_t version;
	uint64_t matches; /* bit N: its labels match taste N */
	bool scored;
	uint64_t at; /* state of the node that was scored */
	double fragmentation;
	struct {
		uint64_t version;
		uint64_t state;
		int64_t growth;
	} of[TASTES];
};

/* --- tastes --- */

static int
more_often(const void *a, const void *b)
{
	const struct seen_shape *x = *(const struct seen_shape *const *)a,
				*y = *(const struct seen_shape *const *)b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return slice_compare(x->shape, y->shape);
}

static int
taste_make(struct cluster *c, struct image *image, const struct seen_shape *of, struct taste *taste,
    struct err *e)
{
	struct demand *demand = arena_alloc(c->kept, sizeof *demand);
	struct cluster keeping = *c; /* the fit lives as long as the taste */
	const struct amount *gpu;

	keeping.arena = c->kept;
	if (rec_decode(&rec_demand, demand, of->shape, c->kept, e) ||
	    fit_begin(&taste->fit, &keeping, image, demand, e))
		return -1;
	taste->fit.c = NULL; /* nothing is read with it */
	gpu = amounts_get(&demand->resources, "gpu");
	taste->gpu = gpu ? gpu->value : 0;
	taste->weight = (double)of->count / (double)image->seen->total;
	return 0;
}

/* The demands seen most often become the tastes; from then on every score is of another version. */
static int
tastes_take(struct cluster *c, struct image *image, struct err *e)
{
	const struct seen *seen = image->seen;
	const struct seen_shape **by = arena_alloc(c->arena, (seen->n + 1) * sizeof *by);
	struct fgd *f = image->fgd;
	size_t i;

	for (i = 0; i < seen->n; i++)
		by[i] = &seen->v[i];
	qsort(by, seen->n, sizeof *by, more_often);
	f->version++;
	f->taken_at = seen->total;
	f->taken_of = image->version;
	f->gpu = image_resource(image, "gpu");
	for (f->n = 0; f->n < seen->n && f->n < TASTES && by[f->n]->count; f->n++)
		if (taste_make(c, image, by[f->n], &f->tastes[f->n], e))
			return -1;
	return 0;
}

/* Tastes change slowly: they are taken anew when a fifth more was seen. */
static bool
is_stale(const struct fgd *f, const struct image *image)
{
	return image->seen->total > f->taken_at + f->taken_at / 5 + 4 ||
	       f->taken_of != image->version;
}

static int
fgd_begin(struct policy *p, struct err *e)
{
	struct image *image = p->fit.image;

	if (seen_load(p->fit.c, image, e))
		return -1;
	if (!image->fgd)
		image->fgd = arena_alloc(p->fit.c->kept, sizeof *image->fgd);
	image->fgd->asked = NULL; /* another demand may stand where the last one did */
	if (image->fgd->version && !is_stale(image->fgd, image))
		return 0;
	return tastes_take(p->fit.c, image, e);
}

static uint64_t
fgd_version(const struct policy *p)
{
	return p->fit.image->fgd->version;
}

/* --- a node --- */

static int
labels_look(struct cluster *c, const struct fgd *f, const struct image_node *node,
    struct fgd_node *of, struct err *e)
{
	struct arena_mark mark = arena_mark(c->arena);
	struct node n = {0};
	int got = record_get_number(c, kind_of(c->kinds, KIND_NODE), node->id, &n, e);
	size_t i;

	of->matches = 0;
	for (i = 0; got > 0 && i < f->n; i++)
		if (selector_match(f->tastes[i].fit.selector, &n.labels))
			of->matches |= 1ULL << i;
	if (c->arena != c->kept)
		arena_rewind(c->arena, mark);
	return got < 0 ? -1 : 0;
}

/* What is known of a copy goes with it. */
static struct fgd_node *
known(const struct policy *p, struct image_node *node, struct err *e)
{
	const struct image *image = p->fit.image;
	bool copied = image->nodes[node->index] != node;

	if (!node->fgd)
		node->fgd = arena_alloc(copied ? p->fit.c->arena : image->arena, sizeof *node->fgd);
	if (node->fgd->version == image->fgd->version)
		return node->fgd;
	if (labels_look(p->fit.c, image->fgd, node, node->fgd, e))
		return NULL;
	node->fgd->version = image->fgd->version;
	node->fgd->scored = false;
	return node->fgd;
}

/* What is free of the node's GPUs, and of those with less free than `need` of one. */
static void
free_of_gpus(const struct image_node *node, int gpu, uint64_t need, uint64_t *all, uint64_t *small)
{
	size_t i, n = image_instances(node, gpu);
	const uint64_t *used = n ? image_instances_used(node, gpu) : NULL;

	*all = *small = 0;
	for (i = 0; i < n; i++) {
		uint64_t left = AMOUNT_ONE - (used ? used[i] : 0);

		*all += left;
		if (left < need)
			*small += left;
	}
}

static double
fragmentation(const struct fgd *f, const struct image_node *node, uint64_t matches)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < f->n; i++) {
		const struct taste *t = &f->tastes[i];
		uint64_t each = t->gpu < AMOUNT_ONE ? t->gpu : AMOUNT_ONE, all, small;

		free_of_gpus(node, f->gpu, each, &all, &small);
		if (!t->gpu || !(matches >> i & 1) || !fit_has(&t->fit, node, NULL))
			sum += t->weight * (double)all;
		else
			sum += t->weight * (double)small;
	}
	return sum;
}

static size_t
taste_of(const struct fgd *f, const struct demand *demand)
{
	const char *selector = demand->selector ? demand->selector : "";
	size_t i;

	for (i = 0; i < f->n; i++) {
		const struct demand *d = f->tastes[i].fit.demand;

		if (!field_compare(rec_field(&rec_demand, "resources"), d, demand) &&
		    !strcmp(d->selector ? d->selector : "", selector))
			return i;
	}
	return TASTES;
}

/* By how much the node's fragmentation would grow, computed anew. */
static int64_t
growth_compute(const struct policy *p, struct image_node *node, struct fgd_node *of)
{
	const struct fgd *f = p->fit.image->fgd;
	struct image_node *after;
	struct arena_mark mark;
	int64_t growth;

	if (!of->scored || of->at != node->state_number) {
		of->fragmentation = fragmentation(f, node, of->matches);
		of->scored = true;
		of->at = node->state_number;
	}
	mark = arena_mark(p->fit.c->arena);
	after = image_node_copy(p->fit.c, p->fit.image, node);
	fit_take(&p->fit, after);
	growth = (int64_t)(fragmentation(f, after, of->matches) - of->fragmentation);
	arena_rewind(p->fit.c->arena, mark);
	return growth;
}

/* The same, in ten-thousandths of a GPU (may be negative), of nodes with GPUs. */
static int
growth_of(const struct policy *p, struct image_node *node, int64_t *growth, struct err *e)
{
	struct fgd *f = p->fit.image->fgd;
	struct fgd_node *of = known(p, node, e);
	size_t taste;

	if (!of)
		return -1;
	if (f->asked != p->fit.demand) {
		f->asked = p->fit.demand;
		f->asked_taste = taste_of(f, p->fit.demand);
	}
	taste = f->asked_taste;
	if (taste < TASTES && of->of[taste].version == f->version &&
	    of->of[taste].state == node->state_number) {
		*growth = of->of[taste].growth;
		return 0;
	}
	*growth = growth_compute(p, node, of);
	if (taste < TASTES) {
		of->of[taste].version = f->version;
		of->of[taste].state = node->state_number;
		of->of[taste].growth = *growth;
	}
	return 0;
}

static int
fgd_score(const struct policy *p, struct image_node *node, uint64_t *score, struct err *e)
{
	int gpu = p->fit.image->fgd->gpu;
	int64_t growth = 0;

	if (gpu >= 0 && image_instances(node, gpu) && growth_of(p, node, &growth, e))
		return -1;
	*score = (uint64_t)(growth / NEAR + (INT64_C(1) << 40));
	return 0;
}

const struct policy_row policy_fgd = {.name = "fgd",
    .help = "least new fragmentation of GPUs",
    .begin = fgd_begin,
    .score = fgd_score,
    .version = fgd_version};
