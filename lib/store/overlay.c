/* A skip list: ordered rows, cheap insertion, all in one arena. */
#include "store/internal.h"

#define LEVELS 20

struct overlay_node {
	struct overlay_row row;
	struct overlay_node *next[];
};

struct overlay {
	struct arena *arena;
	uint64_t random;
	struct overlay_node *first[LEVELS];
};

struct overlay *
overlay_make(struct arena *a)
{
	struct overlay *overlay = arena_alloc(a, sizeof *overlay);

	overlay->arena = a;
	overlay->random = 0x9e3779b97f4a7c15;
	return overlay;
}

/* Each level has a quarter of the one below. */
static int
height(struct overlay *overlay)
{
	int levels = 1;

	overlay->random ^= overlay->random << 13;
	overlay->random ^= overlay->random >> 7;
	overlay->random ^= overlay->random << 17;
	for (uint64_t r = overlay->random; levels < LEVELS && (r & 3) == 0; r >>= 2)
		levels++;
	return levels;
}

/* Fills path with the links, one per level, past the last row below key (through: not above
 * key). */
static void
descend(struct overlay *overlay, struct slice key, bool through, struct overlay_node **path[LEVELS],
    const struct overlay_node **below)
{
	struct overlay_node **links = overlay->first;

	*below = NULL;
	for (int level = LEVELS - 1; level >= 0; level--) {
		while (links[level]) {
			int order = slice_compare(links[level]->row.key, key);

			if (order > 0 || (order == 0 && !through))
				break;
			*below = links[level];
			links = links[level]->next;
		}
		path[level] = &links[level];
	}
}

static struct slice
copy(struct overlay *overlay, struct slice s)
{
	return (struct slice){arena_copy(overlay->arena, s.p, s.n), s.n};
}

void
overlay_put(struct overlay *overlay, struct slice key, struct slice value, bool gone)
{
	struct overlay_node **path[LEVELS];
	const struct overlay_node *below;
	struct overlay_node *node;
	int levels;

	descend(overlay, key, false, path, &below);
	node = *path[0];
	if (node && slice_compare(node->row.key, key) == 0) {
		node->row.value = copy(overlay, value);
		node->row.gone = gone;
		return;
	}
	levels = height(overlay);
	node = arena_alloc(overlay->arena, sizeof *node + (size_t)levels * sizeof *node->next);
	node->row = (struct overlay_row){copy(overlay, key), copy(overlay, value), gone};
	for (int level = 0; level < levels; level++) {
		node->next[level] = *path[level];
		*path[level] = node;
	}
}

const struct overlay_row *
overlay_from(struct overlay *overlay, struct slice key, bool after)
{
	struct overlay_node **path[LEVELS];
	const struct overlay_node *below;

	descend(overlay, key, after, path, &below);
	return *path[0] ? &(*path[0])->row : NULL;
}

const struct overlay_row *
overlay_get(struct overlay *overlay, struct slice key)
{
	const struct overlay_row *row = overlay_from(overlay, key, false);

	return row && slice_compare(row->key, key) == 0 ? row : NULL;
}

const struct overlay_row *
overlay_before(struct overlay *overlay, struct slice key)
{
	struct overlay_node **path[LEVELS], **links = overlay->first;
	const struct overlay_node *below = NULL;

	if (key.n) {
		descend(overlay, key, false, path, &below);
		return below ? &below->row : NULL;
	}
	for (int level = LEVELS - 1; level >= 0; level--)
		for (; links[level]; links = links[level]->next)
			below = links[level];
	return below ? &below->row : NULL;
}
