#include "place/fgd.h"

#include <stdlib.h>
#include <string.h>

#include "base/amount.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/scan.h"
#include "place/demand.h"
#include "place/fit.h"
#include "place/image.h"
#include "rec/filter.h"
#include "state/cluster.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"

#define SEEN_MOST 1024 /* shapes that are counted */
#define TASTES 64      /* of them, those seen most often, are looked at */

/* A shape of demand and how often it was seen. */
struct seen {
	struct slice shape;
	const struct demand *demand;
	uint64_t count;
};

struct taste {
	const struct demand *demand;
	double weight;	 /* its share of all that was seen */
	uint64_t gpu;	 /* of one GPU that it needs, or whole ones; 0: none */
	unsigned labels; /* number of its selector */
};

struct fgd {
	struct seen seen[SEEN_MOST];
	size_t nseen;
	uint64_t total, taken_at; /* demands seen, and when tastes were taken */
	struct taste tastes[TASTES];
	size_t n;
	const char *selectors[TASTES];
	size_t nselectors;
	uint64_t version; /* of the tastes */
	int gpu;
	const struct demand *asked; /* the last one, and which taste it is */
	size_t asked_taste;
};

/* What is known of a node: of one version of itself, and of the tastes. */
struct fgd_node {
	uint64_t version;
	uint64_t matches; /* bit N: its labels match selector N */
	bool scored;
	uint64_t at; /* state of the node that was scored */
	double fragmentation;
	struct {
		uint64_t version;
		uint64_t state;
		int64_t growth;
	} of[TASTES];
};

void
fgd_seen(struct cluster *c, struct image *image, const struct demand *demand, int by)
{
	struct fgd *f = image->fgd;
	struct slice shape;
	size_t i;

	if (!f || !demand)
		return;
	shape = demand_shape(demand, c->arena);
	for (i = 0; i < f->nseen && slice_compare(f->seen[i].shape, shape) != 0; i++)
		continue;
	if (i == SEEN_MOST)
		return;
	if (i == f->nseen) {
		struct demand *copy = arena_alloc(c->kept, sizeof *copy);
		struct err ignored;

		shape.p = arena_copy(c->kept, shape.p, shape.n);
		if (rec_decode(&rec_demand, copy, shape, c->kept, &ignored))
			return;
		f->seen[f->nseen++] = (struct seen){shape, copy, 0};
	}
	f->seen[i].count += (uint64_t)(int64_t)by;
	f->total += (uint64_t)(int64_t)by;
}

static int
seen_load(struct cluster *c, struct image *image, struct err *e)
{
	struct slice key, row;
	struct arena_mark mark = arena_mark(c->arena);
	struct scan scan;
	int got;

	if (scan_table(&scan, c->txn, TABLE_ACTOR, e))
		return -1;
	while ((got = scan_next(&scan, &key, &row, e)) > 0) {
		struct actor a = {0};

		if (rec_decode(&rec_actor, &a, row, c->arena, e)) {
			got = -1;
			break;
		}
		fgd_seen(c, image, a.demand, 1);
		if (c->arena != c->kept)
			arena_rewind(c->arena, mark);
	}
	scan_close(&scan);
	return got;
}

static int
more_often(const void *a, const void *b)
{
	const struct seen *x = *(const struct seen *const *)a, *y = *(const struct seen *const *)b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return slice_compare(x->shape, y->shape);
}

static unsigned
selector_number(struct fgd *f, const char *text)
{
	size_t i;

	text = text ? text : "";
	for (i = 0; i < f->nselectors; i++)
		if (!strcmp(f->selectors[i], text))
			return (unsigned)i;
	f->selectors[f->nselectors] = text;
	return (unsigned)f->nselectors++;
}

/* The demands seen most often become the tastes; from then on every score is of another version. */
static void
tastes_take(struct cluster *c, struct image *image)
{
	struct fgd *f = image->fgd;
	const struct seen **by = arena_alloc(c->arena, (f->nseen + 1) * sizeof *by);
	const struct amount *gpu;
	size_t i;

	for (i = 0; i < f->nseen; i++)
		by[i] = &f->seen[i];
	qsort(by, f->nseen, sizeof *by, more_often);
	f->version++;
	f->taken_at = f->total;
	f->gpu = image_resource(image, "gpu");
	f->nselectors = 0;
	for (f->n = 0; f->n < f->nseen && f->n < TASTES && by[f->n]->count; f->n++) {
		const struct demand *d = by[f->n]->demand;

		gpu = amounts_get(&d->resources, "gpu");
		f->tastes[f->n] = (struct taste){d, (double)by[f->n]->count / (double)f->total,
		    gpu ? gpu->value : 0, selector_number(f, d->selector)};
	}
}

int
fgd_begin(struct cluster *c, struct image *image, struct err *e)
{
	struct fgd *f = image->fgd;

	if (!f) {
		image->fgd = f = arena_alloc(c->kept, sizeof *f);
		if (seen_load(c, image, e))
			return -1;
		tastes_take(c, image);
	}
	f->asked = NULL; /* another demand may stand where the last one did */
	/* Tastes change slowly: they are taken anew when a fifth more was seen. */
	if (f->total > f->taken_at + f->taken_at / 5 + 4)
		tastes_take(c, image);
	return 0;
}

uint64_t
fgd_version(const struct image *image)
{
	return image->fgd->version;
}

static void
labels_look(struct cluster *c, struct fgd *f, const struct image_node *node, struct fgd_node *of)
{
	struct arena_mark mark = arena_mark(c->arena);
	struct node n = {0};
	struct err ignored;
	size_t i;

	of->matches = 0;
	if (record_get_number(c, kind_of(KIND_NODE), node->id, &n, &ignored) <= 0)
		return;
	for (i = 0; i < f->nselectors; i++) {
		struct selector *s = NULL;

		if (!*f->selectors[i] ||
		    (!selector_parse(&s, f->selectors[i], c->arena, &ignored) &&
			selector_match(s, &n.labels)))
			of->matches |= 1ULL << i;
	}
	if (c->arena != c->kept)
		arena_rewind(c->arena, mark);
}

/* What is known of a copy goes with it. */
static struct fgd_node *
known(struct cluster *c, const struct image *image, struct image_node *node)
{
	struct fgd *f = image->fgd;
	bool copied = image->nodes[node->index] != node;

	if (!node->fgd)
		node->fgd = arena_alloc(copied ? c->arena : image->arena, sizeof *node->fgd);
	if (node->fgd->version != f->version) {
		node->fgd->version = f->version;
		node->fgd->scored = false;
		labels_look(c, f, node, node->fgd);
	}
	return node->fgd;
}

static bool
hosts(const struct image *image, const struct image_node *node, const struct taste *t)
{
	const struct amount *want = t->demand->resources.v;
	size_t i;

	for (i = 0; i < t->demand->resources.n; i++) {
		int r = image_resource(image, want[i].name);

		if (r < 0 || image_free(node, r) < want[i].value)
			return false;
	}
	return true;
}

/* What is free of the node's GPUs, and of those with less free than `need` of one. */
static void
free_of_gpus(const struct image_node *node, int gpu, uint64_t need, uint64_t *all, uint64_t *small,
    size_t *enough)
{
	size_t i, n = image_instances(node, gpu);
	const uint64_t *used = n ? image_instances_used(node, gpu) : NULL;

	*all = *small = 0;
	*enough = 0;
	for (i = 0; i < n; i++) {
		uint64_t left = AMOUNT_ONE - (used ? used[i] : 0);

		*all += left;
		if (left < need)
			*small += left;
		else
			++*enough;
	}
}

static double
fragmentation(
    const struct image *image, const struct fgd *f, const struct image_node *node, uint64_t matches)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < f->n; i++) {
		const struct taste *t = &f->tastes[i];
		uint64_t each = t->gpu < AMOUNT_ONE ? t->gpu : AMOUNT_ONE, all, small;
		size_t enough, needed = t->gpu < AMOUNT_ONE ? 1 : (size_t)(t->gpu / AMOUNT_ONE);

		free_of_gpus(node, f->gpu, each, &all, &small, &enough);
		if (!t->gpu || !(matches >> t->labels & 1) || enough < needed ||
		    !hosts(image, node, t))
			sum += t->weight * (double)all;
		else
			sum += t->weight * (double)small;
	}
	return sum;
}

static size_t
taste_of(const struct fgd *f, const struct demand *demand)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (!field_compare(
			rec_field(&rec_demand, "resources"), f->tastes[i].demand, demand) &&
		    !strcmp(f->tastes[i].demand->selector ? f->tastes[i].demand->selector : "",
			demand->selector ? demand->selector : ""))
			return i;
	return TASTES;
}

int64_t
fgd_growth(
    struct cluster *c, struct image *image, struct image_node *node, const struct demand *demand)
{
	struct fgd *f = image->fgd;
	struct fgd_node *of;
	struct image_node *after;
	struct arena_mark mark;
	size_t taste;
	int64_t growth;

	if (f->gpu < 0 || !image_instances(node, f->gpu))
		return 0;
	of = known(c, image, node);
	if (f->asked != demand) {
		f->asked = demand;
		f->asked_taste = taste_of(f, demand);
	}
	taste = f->asked_taste;
	if (taste < TASTES && of->of[taste].version == f->version &&
	    of->of[taste].state == node->state_number)
		return of->of[taste].growth;
	if (!of->scored || of->at != node->state_number) {
		of->fragmentation = fragmentation(image, f, node, of->matches);
		of->scored = true;
		of->at = node->state_number;
	}
	mark = arena_mark(c->arena);
	after = image_node_copy(c, image, node);
	fit_take(c, image, after, demand);
	growth = (int64_t)(fragmentation(image, f, after, of->matches) - of->fragmentation);
	arena_rewind(c->arena, mark);
	if (taste < TASTES) {
		of->of[taste].version = f->version;
		of->of[taste].state = node->state_number;
		of->of[taste].growth = growth;
	}
	return growth;
}
