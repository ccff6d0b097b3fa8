#include "place/image_internal.h"

#include <string.h>

#include "base/amount.h"
#include "base/arena.h"
#include "base/err.h"
#include "place/seen.h"
#include "rec/filter.h"
#include "state/cluster.h"
#include "state/kind.h"
#include "store/txn.h"

#define NODES_AT_ONCE 16384 /* room for so many more is made at once */

int
image_resource(const struct image *image, const char *name)
{
	size_t i;

	for (i = 0; i < image->nresources; i++)
		if (!strcmp(image->resources[i].name, name))
			return (int)i;
	return -1;
}

static void
changed(struct image *image, struct image_node *node)
{
	node->state_number++;
	image->changed[image->changes++ % IMAGE_CHANGES] = node->index;
}

int
image_resource_add(struct cluster *c, struct image *image, const char *name, bool indexed)
{
	int r = image_resource(image, name);

	if (r < 0 || image->resources[r].indexed < indexed)
		image->version++;
	if (r >= 0) {
		image->resources[r].indexed |= indexed;
		return r;
	}
	if (image->nresources == IMAGE_RESOURCES)
		return -1;
	image->resources[image->nresources] =
	    (struct image_resource){arena_strdup(c->kept, name), indexed};
	return (int)image->nresources++;
}

/* Nodes stand in ascending order of id. */
struct image_node *
image_node(struct image *image, uint64_t id)
{
	size_t low = 0, high = image->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (image->nodes[middle]->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < image->n && image->nodes[low]->id == id ? image->nodes[low] : NULL;
}

/* --- what nodes have --- */

/* The same totals that another node has, or a copy of these. */
static const uint64_t *
shape_of(struct cluster *c, struct image *image, const uint64_t *total, size_t width)
{
	uint64_t hash = width;
	struct image_shape *shape;
	size_t r;

	for (r = 0; r < width; r++)
		hash = (hash ^ total[r]) * 0x9e3779b97f4a7c15U; /* Fibonacci hashing: Knuth 6.4 */
	shape = &image->shapes[hash >> 58];
	if (!shape->total || shape->width != width ||
	    memcmp(shape->total, total, width * sizeof *total))
		*shape =
		    (struct image_shape){arena_copy(c->kept, total, width * sizeof *total), width};
	return shape->total;
}

/* Makes room for more resources in what is in use. */
static void
uses_widen(struct cluster *c, struct image_node *node, size_t width)
{
	uint64_t *used = node->used, **instances = node->instances;

	if (used) {
		node->used = arena_alloc(c->kept, width * sizeof *used);
		memcpy(node->used, used, node->width * sizeof *used);
	}
	if (instances) {
		node->instances = arena_alloc(c->kept, width * sizeof *instances);
		memcpy(node->instances, instances, node->width * sizeof *instances);
	}
	node->width = (uint16_t)width;
}

/* Instances that are added are free. */
static void
instances_grow(struct cluster *c, struct image_node *node, int resource, uint64_t total)
{
	size_t old = image_instances(node, resource), n = (size_t)(total / AMOUNT_ONE);
	uint64_t *used;

	if (!image_instances_used(node, resource) || n <= old)
		return;
	used = arena_alloc(c->kept, n * sizeof *used);
	memcpy(used, node->instances[resource], old * sizeof *used);
	node->instances[resource] = used;
}

void
image_totals_set(struct cluster *c, struct image *image, struct image_node *node,
    const uint64_t *total, size_t width)
{
	size_t r;

	for (r = 0; r < width; r++) {
		instances_grow(c, node, (int)r, total[r]);
		if (image->largest[r] < total[r]) {
			image->largest[r] = total[r];
			image->version++;
		}
	}
	if (width > node->width)
		uses_widen(c, node, width);
	node->total = shape_of(c, image, total, width);
}

static void
node_take(struct cluster *c, struct image *image, struct image_node *to, const struct node *n)
{
	uint64_t total[IMAGE_RESOURCES] = {0};
	size_t i, width = to->width;
	int r;

	to->id = n->id;
	changed(image, to);
	to->state = (uint8_t)n->state;
	to->cordoned = n->cordoned;
	for (i = 0; i < n->total.n; i++) {
		r = image_resource_add(c, image, n->total.v[i].name, n->total.v[i].indexed);
		if (r < 0)
			continue;
		total[r] = n->total.v[i].value;
		if ((size_t)r >= width)
			width = (size_t)r + 1;
	}
	image_totals_set(c, image, to, total, width);
}

struct image_node *
image_node_add(struct cluster *c, struct image *image)
{
	size_t size = image->size ? 2 * image->size : (size_t)txn_counter(c->txn, 'N') + 1;

	if (image->n == image->size) {
		if (size > image->size + NODES_AT_ONCE)
			size = image->size + NODES_AT_ONCE;
		image->nodes = arena_grow(c->kept, image->nodes, image->size * sizeof *image->nodes,
		    size * sizeof *image->nodes);
		image->size = size;
	}
	image->nodes[image->n] = arena_alloc(c->kept, sizeof **image->nodes);
	image->nodes[image->n]->index = (uint32_t)image->n;
	return image->nodes[image->n++];
}

/* Of a resource that the node does not have, a lease may still hold some. */
static void
node_widen(struct cluster *c, struct image *image, struct image_node *node, int resource)
{
	uint64_t total[IMAGE_RESOURCES] = {0};

	if (node->width)
		memcpy(total, node->total, node->width * sizeof *total);
	image_totals_set(c, image, node, total, (size_t)resource + 1);
}

static void
use(struct cluster *c, struct image *image, struct image_node *node, int resource, uint32_t index,
    int64_t amount)
{
	size_t n = image_instances(node, resource);

	if ((size_t)resource >= node->width)
		node_widen(c, image, node, resource);
	if (!node->used)
		node->used = arena_alloc(c->kept, node->width * sizeof *node->used);
	if (index == INSTANCE_ALL) {
		node->used[resource] += (uint64_t)amount;
		return;
	}
	if (index >= n)
		return;
	if (!node->instances)
		node->instances = arena_alloc(c->kept, node->width * sizeof *node->instances);
	if (!node->instances[resource])
		node->instances[resource] = arena_alloc(c->kept, n * sizeof(uint64_t));
	node->instances[resource][index] += (uint64_t)amount;
}

static void
lease_use(struct cluster *c, const struct lease *l, int sign)
{
	struct image *image = c->image;
	struct image_node *node = l->parent ? NULL : image_node(image, l->node);
	const struct instance *instance = l->instances.v;
	size_t i;
	int r;

	if (!node)
		return;
	changed(image, node);
	for (i = 0; i < l->resources.n; i++) {
		r = image_resource(image, l->resources.v[i].name);
		if (r >= 0)
			use(c, image, node, r, INSTANCE_ALL,
			    sign * (int64_t)l->resources.v[i].value);
	}
	for (i = 0; i < l->instances.n; i++) {
		r = image_resource(image, instance[i].resource);
		if (r >= 0)
			use(c, image, node, r, (uint32_t)instance[i].index,
			    sign * (int64_t)instance[i].amount);
	}
}

void
image_follow_lease(struct cluster *c, const struct lease *old, const struct lease *new)
{
	if (c->image && old)
		lease_use(c, old, -1);
	if (c->image && new)
		lease_use(c, new, 1);
}

void
image_follow_node(struct cluster *c, const struct node *node)
{
	struct image_node *in = c->image ? image_node(c->image, node->id) : NULL;

	if (!c->image || (!in && node->state == NODE_DEAD))
		return;
	if (!in && c->image->n && c->image->nodes[c->image->n - 1]->id > node->id) {
		c->image = NULL; /* comes back from the history: read it all again */
		return;
	}
	node_take(c, c->image, in ? in : image_node_add(c, c->image), node);
}

void
image_follow_demand(struct cluster *c, const struct demand *demand, int by)
{
	if (c->image)
		seen_add(c, c->image, demand, by);
}

struct image_node *
image_node_copy(struct cluster *c, const struct image *image, const struct image_node *node)
{
	struct image_node *copy = arena_copy(c->arena, node, sizeof *node);
	size_t r, n;

	copy->fgd = NULL; /* it will be another than the node */
	copy->used = node->used ? arena_copy(c->arena, node->used, node->width * sizeof *copy->used)
				: arena_alloc(c->arena, node->width * sizeof *copy->used);
	copy->instances = arena_alloc(c->arena, node->width * sizeof *copy->instances);
	for (r = 0; r < node->width && r < image->nresources; r++) {
		const uint64_t *used = image_instances_used(node, (int)r);

		n = image_instances(node, (int)r);
		if (used)
			copy->instances[r] = arena_copy(c->arena, used, n * sizeof *used);
		else if (image->resources[r].indexed && n)
			copy->instances[r] = arena_alloc(c->arena, n * sizeof(uint64_t));
	}
	return copy;
}
