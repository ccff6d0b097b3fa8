#include "place/fit.h"

#include "base/amount.h"
#include "base/arena.h"
#include "base/err.h"
#include "place/image.h"
#include "rec/filter.h"
#include "rec/records.h"
#include "state/cluster.h"
#include "state/kind.h"
#include "state/record.h"

static void
amount_want(struct fitting *fit, const struct amount *amount)
{
	int r = image_resource(fit->image, amount->name);
	struct want w = {.name = amount->name, .value = amount->value, .resource = r};
	bool part = amount->value < AMOUNT_ONE;

	if (r >= 0 && fit->image->resources[r].indexed) {
		w.split = !part && amount->value % AMOUNT_ONE;
		w.each = part ? amount->value : AMOUNT_ONE;
		w.instances = part ? 1 : (size_t)(amount->value / AMOUNT_ONE);
	}
	fit->impossible |= r < 0;
	fit->wants[fit->n++] = w;
}

static void
instance_want(struct fitting *fit, const struct instance *instance)
{
	int r = image_resource(fit->image, instance->resource);

	fit->wants[fit->n++] = (struct want){.name = instance->resource,
	    .value = instance->amount,
	    .resource = r >= 0 && fit->image->resources[r].indexed ? r : -1,
	    .named = true,
	    .index = instance->index};
}

int
fit_begin(struct fitting *fit, struct cluster *c, struct image *image, const struct demand *demand,
    struct err *e)
{
	static const struct demand none;
	const struct instance *instance;
	size_t i;

	*fit = (struct fitting){.c = c, .image = image, .demand = demand ? demand : &none};
	demand = fit->demand;
	fit->wants =
	    arena_alloc(c->arena, (demand->resources.n + demand->instances.n) * sizeof *fit->wants);
	for (i = 0; i < demand->resources.n; i++)
		if (demand->resources.v[i].value)
			amount_want(fit, &demand->resources.v[i]);
	instance = demand->instances.v;
	for (i = 0; i < demand->instances.n; i++)
		instance_want(fit, &instance[i]);
	if (!demand->selector || !*demand->selector)
		return 0;
	return selector_parse(&fit->selector, demand->selector, c->arena, e);
}

/* --- resources --- */

static bool
has_instances(const struct image_node *node, const struct want *w)
{
	const uint64_t *used = image_instances_used(node, w->resource);
	size_t i, n = image_instances(node, w->resource), need = w->instances;

	if (!used)
		return n >= need;
	for (i = 0; i < n && need; i++)
		need -= AMOUNT_ONE - used[i] >= w->each;
	return need == 0;
}

static bool
has_named(const struct image_node *node, const struct want *w)
{
	const uint64_t *used = image_instances_used(node, w->resource);

	return w->index < image_instances(node, w->resource) &&
	       (!used || AMOUNT_ONE - used[w->index] >= w->value);
}

static bool
has(const struct image_node *node, const struct want *w)
{
	if (image_free(node, w->resource) < w->value)
		return false;
	if (w->named)
		return has_named(node, w);
	return !w->instances || (!w->split && has_instances(node, w));
}

/* The lack of a node without the resource. */
static struct lack
lack_of(const struct image_node *node, const struct want *w)
{
	bool known = w->resource >= 0 && (size_t)w->resource < node->width;
	uint64_t total = known ? node->total[w->resource] : 0;
	struct lack lack = {.resource = w->name,
	    .want = w->value,
	    .have = image_free(node, w->resource),
	    .instance = w->index};

	if (w->named) {
		lack.never = w->index >= image_instances(node, w->resource);
		lack.code = lack.never ? LACK_NO_INSTANCE : LACK_INSTANCE_BUSY;
	} else if (total < w->value) {
		lack.never = true;
		lack.code = LACK_TOTAL;
		lack.have = total;
	} else if (w->split) {
		lack.never = true;
		lack.code = LACK_WHOLE;
	} else {
		lack.code = lack.have < w->value ? LACK_FREE : LACK_FRAGMENTED;
	}
	return lack;
}

/* The first that the node lacks, from w on, or one that it can never have. */
static struct lack
lack_find(const struct fitting *fit, const struct image_node *node, const struct want *w)
{
	struct lack lack = {.code = LACK_NONE};

	for (; w < fit->wants + fit->n && !lack.never; w++) {
		struct lack more = {.code = LACK_NONE};

		if (!has(node, w))
			more = lack_of(node, w);
		if (!lack.code || more.never)
			lack = more;
	}
	return lack;
}

bool
fit_has(const struct fitting *fit, const struct image_node *node, struct lack *lack)
{
	const struct want *w = fit->wants, *end = w + fit->n;

	while (w < end && has(node, w))
		w++;
	if (lack)
		*lack = lack_find(fit, node, w);
	return w == end;
}

/* --- the node --- */

static enum lack_code
closed(const struct image_node *node)
{
	return node->state == NODE_DRAINING ? LACK_DRAINING
	       : node->state != NODE_ALIVE  ? LACK_DEAD
	       : node->cordoned		    ? LACK_CORDONED
					    : LACK_NONE;
}

static bool
avoids(const struct demand *demand, uint64_t id)
{
	struct slice rest = demand->avoid;
	uint64_t number;

	while (numbers_next(&rest, &number))
		if (number == id)
			return true;
	return false;
}

static enum lack_code
another(const struct demand *d, uint64_t id)
{
	if (d->on && !d->soft && d->on != id)
		return LACK_AFFINITY;
	return d->avoid.n && avoids(d, id) ? LACK_AVOIDED : LACK_NONE;
}

int
fit_labels(const struct fitting *fit, const struct image_node *node, struct err *e)
{
	struct node n = {0};
	int got;

	if (!fit->selector)
		return 1;
	got = record_get_number(fit->c, kind_of(fit->c->kinds, KIND_NODE), node->id, &n, e);
	return got > 0 ? selector_match(fit->selector, &n.labels) : got;
}

/* What is said of a node whose resources do not matter: 1 or 0. */
static int
tell(struct lack *lack, enum lack_code code, bool never)
{
	if (lack)
		*lack = (struct lack){.code = code, .never = never};
	return code == LACK_NONE;
}

int
fit_suits(
    const struct fitting *fit, const struct image_node *node, struct lack *lack, struct err *e)
{
	enum lack_code code = another(fit->demand, node->id);
	int match = code ? 0 : fit_labels(fit, node, e);

	if (match < 0)
		return -1;
	if (!code && !match)
		code = LACK_LABELS;
	return tell(lack, code, code != LACK_NONE);
}

int
fit_takes(
    const struct fitting *fit, const struct image_node *node, struct lack *lack, struct err *e)
{
	enum lack_code code = closed(node);

	return code ? tell(lack, code, false) : fit_suits(fit, node, lack, e);
}

bool
fit_may(const struct fitting *fit, const struct image_node *node)
{
	return !closed(node) && fit_has(fit, node, NULL) && !another(fit->demand, node->id);
}

/* For a closed node it still matters whether it would fit if open. */
int
fit_node(const struct fitting *fit, const struct image_node *node, struct lack *lack, struct err *e)
{
	enum lack_code code = closed(node);
	struct lack open;
	int got = code && !lack ? 0 : fit_suits(fit, node, &open, e);

	if (got > 0)
		got = fit_has(fit, node, &open);
	if (got < 0 || !lack)
		return got;
	*lack = code ? (struct lack){.code = code, .never = open.never} : open;
	return got && !code;
}

int
fit_count(const struct fitting *fit, const struct image_node *node, uint64_t most, uint64_t *count,
    struct lack *lack, struct err *e)
{
	struct image_node *copy = NULL;
	int got = fit_node(fit, node, lack, e);

	for (*count = 0; got > 0 && *count < most; got = fit_has(fit, copy, lack)) {
		if (++*count == most)
			return 0;
		if (!copy)
			copy = image_node_copy(fit->c, fit->image, node);
		fit_take(fit, copy);
	}
	lack->never = lack->never && !*count;
	return got < 0 ? -1 : 0;
}

/* --- granting --- */

/* The instances granted to the demand. */
struct picks {
	const struct image_node *node;
	struct pick {
		const struct want *want;
		uint64_t index, amount;
	} * v;
	size_t n;
};

static void
pick(struct picks *p, const struct want *w, uint64_t index, uint64_t amount)
{
	p->v[p->n++] = (struct pick){w, index, amount};
}

static uint64_t
instance_free(const struct image_node *node, int resource, size_t index)
{
	const uint64_t *used = image_instances_used(node, resource);

	return used ? AMOUNT_ONE - used[index] : AMOUNT_ONE;
}

/* The instance that a part leaves the fullest. */
static void
pick_part(struct picks *p, const struct want *w)
{
	size_t i, best = 0;
	uint64_t least = UINT64_MAX;

	for (i = 0; i < image_instances(p->node, w->resource); i++) {
		uint64_t free = instance_free(p->node, w->resource, i);

		if (free < w->value || free >= least)
			continue;
		least = free;
		best = i;
	}
	if (least != UINT64_MAX)
		pick(p, w, best, w->value);
}

static void
pick_whole(struct picks *p, const struct want *w)
{
	size_t i, left = w->instances;

	for (i = 0; left && i < image_instances(p->node, w->resource); i++) {
		if (instance_free(p->node, w->resource, i) < AMOUNT_ONE)
			continue;
		pick(p, w, i, AMOUNT_ONE);
		left--;
	}
}

/* Instances requested by number come first. */
static struct picks
picks_of(const struct fitting *fit, const struct image_node *node)
{
	const struct want *w, *end = fit->wants + fit->n;
	struct picks p = {.node = node};
	size_t room = 0;

	for (w = fit->wants; w < end; w++)
		room += w->named ? 1 : w->instances;
	p.v = arena_alloc(fit->c->arena, room * sizeof *p.v);
	for (w = fit->wants; w < end; w++)
		if (w->named)
			pick(&p, w, w->index, w->value);
	for (w = fit->wants; w < end; w++) {
		if (!w->instances)
			continue;
		if (w->value < AMOUNT_ONE)
			pick_part(&p, w);
		else
			pick_whole(&p, w);
	}
	return p;
}

/* Instances requested by number count in the sums too. */
void
fit_fill(const struct fitting *fit, const struct image_node *node, struct lease *lease)
{
	struct picks p = picks_of(fit, node);
	struct instance *v = arena_alloc(fit->c->arena, p.n * sizeof *v);
	const struct want *w;
	size_t i;

	lease->resources = fit->demand->resources;
	for (w = fit->wants; w < fit->wants + fit->n; w++) {
		const struct amount *sum = amounts_get(&lease->resources, w->name);
		struct amount more = {w->name, w->value + (sum ? sum->value : 0), true};

		if (w->named)
			amounts_set(&lease->resources, more, fit->c->arena);
	}
	for (i = 0; i < p.n; i++)
		v[i] = (struct instance){
		    .resource = p.v[i].want->name, .index = p.v[i].index, .amount = p.v[i].amount};
	lease->instances = (struct list_of){v, p.n};
}

void
fit_take(const struct fitting *fit, struct image_node *copy)
{
	struct picks p = picks_of(fit, copy);
	const struct want *w;
	size_t i;

	for (w = fit->wants; w < fit->wants + fit->n; w++)
		if (w->resource >= 0 && (size_t)w->resource < copy->width)
			copy->used[w->resource] += w->value;
	for (i = 0; i < p.n; i++)
		copy->instances[p.v[i].want->resource][p.v[i].index] += p.v[i].amount;
}

int
fit_check(const struct fitting *fit, struct err *e)
{
	const struct want *w;

	for (w = fit->wants; w < fit->wants + fit->n; w++)
		if (w->split)
			return err_set(
			    e, ERR_USAGE, "%s comes in whole instances, or a part of one", w->name);
	return 0;
}
