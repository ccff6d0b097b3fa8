#include "place/image.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/number.h"
#include "place/fgd.h"
#include "place/offer.h"
#include "rec/filter.h"
#include "state/cluster.h"
#include "state/kind.h"

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

static int
resource_add(struct cluster *c, struct image *image, const char *name, bool indexed)
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

size_t
image_instances(const struct image_node *node, int resource)
{
	return (size_t)resource < node->width ? (size_t)(node->total[resource] / AMOUNT_ONE) : 0;
}

uint64_t
image_free(const struct image_node *node, int resource)
{
	if ((size_t)resource >= node->width || node->total[resource] <= node->used[resource])
		return 0;
	return node->total[resource] - node->used[resource];
}

/* Room for resource numbers up to this one, and for all that are known. */
static void
node_widen(struct cluster *c, const struct image *image, struct image_node *node, int resource)
{
	size_t width = image->nresources, old = node->width;
	uint64_t *amounts, **instances;

	if ((size_t)resource < old)
		return;
	amounts = arena_alloc(c->kept, 2 * width * sizeof *amounts);
	instances = arena_alloc(c->kept, width * sizeof *instances);
	if (old) {
		memcpy(amounts, node->total, old * sizeof *amounts);
		memcpy(amounts + width, node->used, old * sizeof *amounts);
		memcpy(instances, node->instances, old * sizeof *instances);
	}
	node->total = amounts;
	node->used = amounts + width;
	node->instances = instances;
	node->width = width;
}

/* Instances that are added are free. */
static void
instances_grow(struct cluster *c, struct image_node *node, int resource, size_t old)
{
	size_t n = image_instances(node, resource);
	uint64_t *used;

	if (!node->instances[resource] || n <= old)
		return;
	used = arena_alloc(c->kept, n * sizeof *used);
	memcpy(used, node->instances[resource], old * sizeof *used);
	node->instances[resource] = used;
}

static void
total_set(struct cluster *c, struct image *image, struct image_node *to, int r, uint64_t total)
{
	size_t old;

	node_widen(c, image, to, r);
	old = image_instances(to, r);
	to->total[r] = total;
	instances_grow(c, to, r, old);
	if (image->largest[r] < total) {
		image->largest[r] = total;
		image->version++;
	}
}

static void
node_take(struct cluster *c, struct image *image, struct image_node *to, const struct node *n)
{
	size_t i;
	int r;

	to->id = n->id;
	changed(image, to);
	to->state = n->state;
	to->cordoned = n->cordoned;
	for (i = 0; i < to->width && i < image->nresources; i++)
		if (!amounts_get(&n->total, image->resources[i].name))
			to->total[i] = 0;
	for (i = 0; i < n->total.n; i++) {
		r = resource_add(c, image, n->total.v[i].name, n->total.v[i].indexed);
		if (r < 0)
			continue;
		total_set(c, image, to, r, n->total.v[i].value);
	}
}

static struct image_node *
node_add(struct cluster *c, struct image *image)
{
	struct image_node **nodes;

	if (image->n == image->size) {
		image->size = image->size ? 2 * image->size : 64;
		nodes = arena_alloc(c->kept, image->size * sizeof *nodes);
		if (image->n)
			memcpy(nodes, image->nodes, image->n * sizeof *nodes);
		image->nodes = nodes;
	}
	image->nodes[image->n] = arena_alloc(c->kept, sizeof **image->nodes);
	image->nodes[image->n]->index = (uint32_t)image->n;
	return image->nodes[image->n++];
}

static void
use(struct cluster *c, struct image *image, struct image_node *node, int resource, uint32_t index,
    int64_t amount)
{
	size_t n = image_instances(node, resource);

	node_widen(c, image, node, resource);
	changed(image, node);
	if (index == INSTANCE_ALL) {
		node->used[resource] += (uint64_t)amount;
		return;
	}
	if (index >= n)
		return;
	if (!node->instances[resource])
		node->instances[resource] = arena_alloc(c->kept, n * sizeof(uint64_t));
	node->instances[resource][index] += (uint64_t)amount;
}

/* Its number, known from the column before or by that of the resource which came after it in the
 * row before. */
static int
offer_resource(const struct image *image, const struct offer_row *offer, int last)
{
	if (offer->same)
		return last;
	if (last + 1 < (int)image->nresources &&
	    !strcmp(image->resources[last + 1].name, offer->resource))
		return last + 1;
	return image_resource(image, offer->resource);
}

static void
offer_take(struct cluster *c, struct image *image, struct image_node *node,
    const struct offer_row *offer, int *last)
{
	int r = offer_resource(image, offer, *last);

	if (offer->kind == OFFER_TOTAL || offer->kind == OFFER_INDEXED) {
		if (r < 0 || (offer->kind == OFFER_INDEXED && !image->resources[r].indexed))
			r = resource_add(c, image, offer->resource, offer->kind == OFFER_INDEXED);
		if (r >= 0)
			total_set(c, image, node, r, offer->amount);
	} else if (r >= 0) {
		use(c, image, node, r,
		    offer->kind == OFFER_USED ? INSTANCE_ALL : (uint32_t)offer->instance,
		    (int64_t)offer->amount);
	}
	*last = r;
}

/* A row without a state is that of a node which ended, and of which leases are left as yet. */
static int
node_load(struct cluster *c, struct image *image, uint64_t id, struct offer_row *offer)
{
	struct image_node *node;
	int got = offer_next(offer), last = -1;

	if (got <= 0 || offer->kind != OFFER_STATE)
		return got;
	node = node_add(c, image);
	node->id = id;
	node->state = (unsigned)(offer->amount / 2);
	node->cordoned = offer->amount % 2;
	while ((got = offer_next(offer)) > 0)
		offer_take(c, image, node, offer, &last);
	return got;
}

static int
nodes_load(struct cluster *c, struct image *image, struct err *e)
{
	unsigned char prefix = 'N';
	struct slice key, row;
	struct scan scan;
	int got;

	if (scan_prefix(&scan, c->txn, TABLE_OFFER, (struct slice){&prefix, 1}, false, e))
		return -1;
	while ((got = scan_next(&scan, &key, &row, e)) > 0) {
		struct offer_row offer = {.columns = {.rest = row}};

		if (node_load(c, image, key_tail(key), &offer) < 0) {
			got = offer_malformed(e);
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
		if (nodes_load(c, new, e))
			return -1;
		c->image = new;
	}
	*image = c->image;
	return 0;
}

static void
lease_follow(struct cluster *c, const struct lease *l, int sign)
{
	struct image *image = c->image;
	struct image_node *node = l->parent ? NULL : image_node(image, l->node);
	const struct instance *instance = l->instances.v;
	size_t i;
	int r;

	if (!node)
		return;
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

static void
node_follow(struct cluster *c, const struct node *new)
{
	struct image_node *node = image_node(c->image, new->id);

	if (!node && new->state == NODE_DEAD)
		return;
	if (!node && c->image->n && c->image->nodes[c->image->n - 1]->id > new->id) {
		c->image = NULL; /* comes back from the history: read it all again */
		return;
	}
	node_take(c, c->image, node ? node : node_add(c, c->image), new);
}

struct image_node *
image_node_copy(struct cluster *c, const struct image *image, const struct image_node *node)
{
	struct image_node *copy = arena_copy(c->arena, node, sizeof *node);
	size_t r, n;

	copy->fgd = NULL; /* it will be another than the node */
	if (!node->width)
		return copy;
	copy->used = arena_copy(c->arena, node->used, node->width * sizeof *node->used);
	copy->instances =
	    arena_copy(c->arena, node->instances, node->width * sizeof *node->instances);
	for (r = 0; r < node->width && r < image->nresources; r++) {
		n = image_instances(node, (int)r);
		if (node->instances[r])
			copy->instances[r] =
			    arena_copy(c->arena, node->instances[r], n * sizeof(uint64_t));
		else if (image->resources[r].indexed && n)
			copy->instances[r] = arena_alloc(c->arena, n * sizeof(uint64_t));
	}
	return copy;
}

/* Whether a node offers more than before: it takes work again, or has more of something. */
static bool
offers_more(const struct node *old, const struct node *new)
{
	size_t i;

	if (new->state != NODE_ALIVE || new->cordoned)
		return false;
	if (!old || old->state != NODE_ALIVE || old->cordoned)
		return true;
	if (old->labels.n != new->labels.n ||
	    field_compare(rec_field(&rec_node, "labels"), old, new))
		return true;
	for (i = 0; i < new->total.n; i++) {
		const struct amount *a = amounts_get(&old->total, new->total.v[i].name);

		if (!a || a->value < new->total.v[i].value)
			return true;
	}
	return false;
}

void
image_follow(struct cluster *c, const struct kind *kind, const void *old, const void *new)
{
	const struct lease *released = kind->number == KIND_LEASE && !new ? old : NULL;

	if (kind->number == KIND_NODE && new &&offers_more(old, new))
		cluster_freed(c, ((const struct node *)new)->id, txn_seq(c->txn));
	if (released) /* of a bundle: what waits for a part of that */
		cluster_freed(c, released->node, txn_seq(c->txn));
	if (!c->image)
		return;
	if (kind->number == KIND_ACTOR && !old)
		fgd_seen(c, c->image, ((const struct actor *)new)->demand, 1);
	if (kind->number == KIND_ACTOR && !new)
		fgd_seen(c, c->image, ((const struct actor *)old)->demand, -1);
	if (kind->number == KIND_TASK && !old)
		fgd_seen(c, c->image, ((const struct task *)new)->demand, 1);
	if (kind->number == KIND_TASK && !new)
		fgd_seen(c, c->image, ((const struct task *)old)->demand, -1);
	if (kind->number == KIND_NODE && new)
		node_follow(c, new);
	if (kind->number != KIND_LEASE)
		return;
	if (old)
		lease_follow(c, old, -1);
	if (new)
		lease_follow(c, new, 1);
}
