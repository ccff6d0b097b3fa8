/* node_computed: computed fields of a node. */
#include "model/node.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/number.h"
#include "place/capacity.h"
#include "state/cluster.h"
#include "state/index.h"
#include "state/kind.h"
#include "state/record.h"

uint64_t
node_silent_ms(const struct beat *beat, const struct look *look)
{
	uint64_t since = beat->beat_ms ? beat->beat_ms : look->first_ms;

	if (since < look->grace_ms)
		since = look->grace_ms;
	return since && look->now_ms > since ? look->now_ms - since : 0;
}

/* "8", or "2/8" if some of it is used. */
static const char *
amount_cell(struct cluster *c, const struct node *node, const char *name)
{
	const struct amount *total = amounts_get(&node->total, name),
			    *used = amounts_get(&node->used, name);
	char of[NUMBER_SIZE], text[NUMBER_SIZE];

	if (!total)
		return NULL;
	resource_format(of, name, total->value);
	if (!used)
		return arena_strdup(c->arena, of);
	return arena_printf(c->arena, "%s/%s", resource_format(text, name, used->value), of);
}

/* from its own row: reading all nodes does not pay for one */
static int
node_used(struct cluster *c, struct node *node, struct err *e)
{
	const struct amount *total;
	struct capacity_row offer;
	int got;

	if (capacity_read(c, 'N', node->id, &offer, e))
		return -1;
	while ((got = capacity_next(&offer)) > 0) {
		if (offer.kind != CAPACITY_USED)
			continue;
		total = amounts_get(&node->total, offer.resource);
		amounts_set(&node->used,
		    (struct amount){offer.resource, offer.amount, total && total->indexed},
		    c->arena);
	}
	return got < 0 ? capacity_malformed(e) : 0;
}

static int
number_order(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The number of jobs with tasks on it. */
static int
node_jobs(struct cluster *c, struct node *node, struct err *e)
{
	const struct kind *kind = kind_of(c->kinds, KIND_TASK);
	struct arena_mark mark;
	uint64_t *jobs, n, i, id = 0;
	int got = 0;

	if (index_on_node_count(c, kind, node->id, &n, e))
		return -1;
	jobs = arena_alloc(c->arena, (n + 1) * sizeof *jobs);
	mark = arena_mark(c->arena);
	for (i = 0; i < n && got >= 0; i++) {
		struct task t = {0};

		got = index_on_node_next(c, kind, node->id, id, &t, e);
		jobs[i] = t.job;
		id = t.id;
		arena_rewind(c->arena, mark);
	}
	qsort(jobs, n, sizeof *jobs, number_order);
	for (i = 0; i < n; i++)
		node->jobs += !i || jobs[i] != jobs[i - 1];
	return got < 0 ? -1 : 0;
}

static const char *
reason_cell(struct cluster *c, const struct node *node)
{
	const struct death *death = node->death;
	const struct drain *drain = node->drain;
	const char *text = death ? enum_text(&node_reasons, death->reason) : NULL;
	bool busy = node->used.n || node->actors || node->jobs;

	if (death)
		return death->message
			   ? arena_printf(c->arena, "%s: %s", text ? text : "?", death->message)
			   : text;
	if (node->state == NODE_DRAINING) {
		text = busy ? "draining" : "drained";
		return drain && drain->message
			   ? arena_printf(c->arena, "%s: %s", text, drain->message)
			   : text;
	}
	return node->cordoned ? "cordoned" : NULL;
}

static int
beat_of(
    struct cluster *c, const struct computed *from, uint64_t id, struct beat *beat, struct err *e)
{
	*beat = (struct beat){0};
	if (!from->beats)
		return pulse_read(c->pulse, id, 1, beat, e);
	if (id <= from->count)
		*beat = from->beats[id];
	return 0;
}

static int
pulse_computed(struct cluster *c, struct node *node, const struct computed *from, struct err *e)
{
	const struct look *look = &from->look;
	struct beat beat;

	if (beat_of(c, from, node->id, &beat, e))
		return -1;
	if (beat.beat_ms)
		node->heartbeat = look->now_ms > beat.beat_ms ? look->now_ms - beat.beat_ms : 1;
	node->load = beat.load;
	node->free_mem = beat.free_mem;
	node->stale =
	    node->state == NODE_ALIVE && node_silent_ms(&beat, look) > 2 * from->period_ms;
	return 0;
}

int
node_computed(struct cluster *c, void *record, const struct computed *from, struct err *e)
{
	struct node *node = record;

	if (node->state != NODE_DEAD &&
	    (node_used(c, node, e) ||
		index_on_node_count(c, kind_of(c->kinds, KIND_ACTOR), node->id, &node->actors, e) ||
		node_jobs(c, node, e)))
		return -1;
	node->age = c->now_ms > node->created_ms ? c->now_ms - node->created_ms : 0;
	node->cpu = amount_cell(c, node, "cpu");
	node->gpu = amount_cell(c, node, "gpu");
	node->mem = amount_cell(c, node, "mem");
	node->reason = reason_cell(c, node);
	return from->past || node->state == NODE_DEAD ? 0 : pulse_computed(c, node, from, e);
}
