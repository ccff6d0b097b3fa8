/* image_read: the image as the derived rows of nodes have it. */
#include "place/image_internal.h"

#include <string.h>

#include "base/amount.h"
#include "base/arena.h"
#include "store/scan.h"
#include "place/capacity.h"
#include "state/cluster.h"
#include "state/key.h"
#include "state/kind.h"

/* A node's row as it is read; of each resource the total stands before what is in use of it. */
struct reading {
	struct cluster *c;
	struct image *image;
	struct capacity_row row;
	int resource; /* of the column before, -1: none yet */
	size_t width;
	uint64_t total[IMAGE_RESOURCES], used[IMAGE_RESOURCES];
	uint64_t *instances[IMAGE_RESOURCES];
	bool in_use, in_parts;
};

/* Its number, known from the column before or by that of the resource which came after it in the
 * row before. */
static int
offer_resource(const struct reading *rd)
{
	const struct capacity_row *offer = &rd->row;
	const struct image *image = rd->image;
	int last = rd->resource;

	if (offer->same)
		return last;
	if (last + 1 < (int)image->nresources &&
	    !strcmp(image->resources[last + 1].name, offer->resource))
		return last + 1;
	return image_resource(image, offer->resource);
}

static void
reading_widen(struct reading *rd, int resource)
{
	for (; rd->width <= (size_t)resource; rd->width++) {
		rd->total[rd->width] = rd->used[rd->width] = 0;
		rd->instances[rd->width] = NULL;
	}
}

static void
total_read(struct reading *rd)
{
	bool indexed = rd->row.kind == CAPACITY_INDEXED;
	int r = rd->resource;

	if (r < 0 || (indexed && !rd->image->resources[r].indexed))
		r = image_resource_add(rd->c, rd->image, rd->row.resource, indexed);
	rd->resource = r;
	if (r < 0)
		return;
	reading_widen(rd, r);
	rd->total[r] = rd->row.amount;
}

static void
use_read(struct reading *rd)
{
	size_t n, r = (size_t)rd->resource;

	if (rd->resource < 0)
		return;
	reading_widen(rd, rd->resource);
	rd->in_use = true;
	if (rd->row.kind == CAPACITY_USED) {
		rd->used[r] = rd->row.amount;
		return;
	}
	n = (size_t)(rd->total[r] / AMOUNT_ONE);
	if (rd->row.instance >= n)
		return;
	if (!rd->instances[r])
		rd->instances[r] = arena_alloc(rd->c->kept, n * sizeof(uint64_t));
	rd->instances[r][rd->row.instance] = rd->row.amount;
	rd->in_parts = true;
}

static void
reading_keep(const struct reading *rd, struct image_node *node)
{
	image_totals_set(rd->c, rd->image, node, rd->total, rd->width);
	if (rd->in_use)
		node->used = arena_copy(rd->c->kept, rd->used, rd->width * sizeof *rd->used);
	if (rd->in_parts)
		node->instances =
		    arena_copy(rd->c->kept, rd->instances, rd->width * sizeof *rd->instances);
}

/* A row without a state is that of a node which ended, and of which leases are left as yet. */
static int
node_load(struct reading *rd, uint64_t id, struct slice row)
{
	struct image_node *node;
	int got;

	rd->row = (struct capacity_row){.columns = {.rest = row}};
	rd->resource = -1;
	rd->width = 0;
	rd->in_use = rd->in_parts = false;
	got = capacity_next(&rd->row);
	if (got <= 0 || rd->row.kind != CAPACITY_STATE)
		return got;
	node = image_node_add(rd->c, rd->image);
	node->id = id;
	node->state = (uint8_t)(rd->row.amount / 2);
	node->cordoned = rd->row.amount % 2;
	while ((got = capacity_next(&rd->row)) > 0) {
		rd->resource = offer_resource(rd);
		if (rd->row.kind == CAPACITY_TOTAL || rd->row.kind == CAPACITY_INDEXED)
			total_read(rd);
		else
			use_read(rd);
	}
	reading_keep(rd, node);
	return got;
}

/* Reads all nodes into an empty image. */
static int
image_read(struct cluster *c, struct image *image, struct err *e)
{
	unsigned char prefix = 'N';
	struct reading rd = {.c = c, .image = image};
	struct slice key, row;
	struct scan scan;
	int got;

	if (scan_prefix(&scan, c->txn, TABLE_CAPACITY, (struct slice){&prefix, 1}, false, e))
		return -1;
	while ((got = scan_next(&scan, &key, &row, e)) > 0) {
		if (node_load(&rd, key_tail(key), row) < 0) {
			got = capacity_malformed(e);
			break;
		}
	}
	scan_close(&scan);
	return got;
}

int
image_of(struct cluster *c, struct image **image, struct err *e)
{
	struct image *new;

	if (!c->image) {
		new = arena_alloc(c->kept, sizeof *new);
		new->arena = c->kept;
		if (image_read(c, new, e))
			return -1;
		c->image = new;
	}
	*image = c->image;
	return 0;
}
