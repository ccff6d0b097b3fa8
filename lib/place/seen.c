#include "place/seen.h"

#include "base/arena.h"
#include "place/demand.h"
#include "place/image.h"
#include "rec/records.h"
#include "state/cluster.h"
#include "state/key.h"
#include "store/scan.h"
#include "store/store.h"

void
seen_add(struct cluster *c, struct image *image, const struct demand *demand, int by)
{
	struct seen *seen = image->seen;
	struct slice shape;
	size_t i;

	if (!seen || !demand)
		return;
	shape = demand_shape(demand, c->arena);
	for (i = 0; i < seen->n && slice_compare(seen->v[i].shape, shape) != 0; i++)
		continue;
	if (i == SEEN_MOST)
		return;
	if (i == seen->n) {
		shape.p = arena_copy(c->kept, shape.p, shape.n);
		seen->v[seen->n++].shape = shape;
	}
	seen->v[i].count += (uint64_t)(int64_t)by;
	seen->total += (uint64_t)(int64_t)by;
}

int
seen_load(struct cluster *c, struct image *image, struct err *e)
{
	struct slice key, row;
	struct arena_mark mark;
	struct scan scan;
	int got;

	if (image->seen)
		return 0;
	image->seen = arena_alloc(c->kept, sizeof *image->seen);
	mark = arena_mark(c->arena);
	if (scan_table(&scan, c->txn, TABLE_ACTOR, e))
		return -1;
	while ((got = scan_next(&scan, &key, &row, e)) > 0) {
		struct actor a = {0};

		if (rec_decode(&rec_actor, &a, row, c->arena, e)) {
			got = -1;
			break;
		}
		seen_add(c, image, a.demand, 1);
		if (c->arena != c->kept)
			arena_rewind(c->arena, mark);
	}
	scan_close(&scan);
	return got;
}
