#include "place/demand.h"

#include <string.h>

#include "base/amount.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/wire.h"
#include "place/fit.h"
#include "place/image.h"
#include "rec/filter.h"
#include "rec/form.h"
#include "state/cluster.h"
#include "state/kind.h"
#include "state/record.h"
#include "state/resolve.h"

static int
instance_parse(
    const char *text, size_t name_n, struct instance *instance, struct arena *a, struct err *e)
{
	instance->resource = arena_strndup(a, text, name_n);
	instance->amount = AMOUNT_ONE;
	if (number_u64(text + name_n + 1, &instance->index, e) || instance->index > 0xffff)
		return err_value(e, ERR_USAGE, text, "invalid instance '%s' (as gpu:3)", text);
	return 0;
}

/* One part between commas. */
static int
part_parse(const char *part, struct demand *demand, struct instance *instances, struct arena *a,
    struct err *e)
{
	size_t name_n = strcspn(part, ":=");
	struct amount amount;
	const struct amount *before;
	char *name;

	if (part[name_n] == ':')
		return instance_parse(part, name_n, &instances[demand->instances.n++], a, e);
	if (part[name_n] != '=')
		return err_value(
		    e, ERR_USAGE, part, "invalid demand '%s' (as cpu=2 or gpu:3)", part);
	name = arena_strndup(a, part, name_n);
	if (strchr(part + name_n, ':'))
		return err_value(
		    e, ERR_USAGE, part, "invalid demand '%s' (as cpu=2 or gpu:3)", part);
	if (amount_parse_named(name, part + name_n + 1, &amount, a, e))
		return -1;
	before = amounts_get(&demand->resources, name);
	amount.value += before ? before->value : 0;
	if (!strcmp(name, "gpu") && amount.value > AMOUNT_ONE && amount.value % AMOUNT_ONE)
		return err_value(
		    e, ERR_USAGE, part, "%s comes in whole instances, or a part of one", name);
	amount.indexed = false; /* that is the node's to say */
	amounts_set(&demand->resources, amount, a);
	return 0;
}

/* Each instance once, and not beside an amount of the same resource: that would not say which. */
static int
instances_check(const struct demand *demand, struct err *e)
{
	const struct instance *v = demand->instances.v;
	size_t i, k;

	for (i = 0; i < demand->instances.n; i++) {
		if (amounts_get(&demand->resources, v[i].resource))
			return err_value(e, ERR_USAGE, v[i].resource,
			    "%s is asked for by number and by amount", v[i].resource);
		for (k = 0; k < i; k++)
			if (v[k].index == v[i].index && !strcmp(v[k].resource, v[i].resource))
				return err_value(e, ERR_USAGE, v[i].resource,
				    "%s:%llu is asked for twice", v[i].resource,
				    (unsigned long long)v[i].index);
	}
	return 0;
}

int
demand_parse(const char *text, struct demand *demand, struct arena *a, struct err *e)
{
	struct instance *instances =
	    arena_alloc(a, (strlen(text) + demand->instances.n + 1) * sizeof *instances);
	size_t n;

	if (demand->instances.n)
		memcpy(instances, demand->instances.v, demand->instances.n * sizeof *instances);
	demand->instances.v = instances;
	for (; *text; text += n + (text[n] == ',')) {
		n = strcspn(text, ",");
		if (part_parse(arena_strndup(a, text, n), demand, instances, a, e))
			return -1;
	}
	return instances_check(demand, e);
}

void
demand_text(const struct demand *demand, struct buf *text)
{
	static const struct form plain;
	const struct instance *instance = demand->instances.v;
	size_t i;

	field_text(rec_field(&rec_demand, "resources"), demand, &plain, text);
	for (i = 0; i < demand->instances.n; i++)
		buf_printf(text, "%s%s:%llu", text->n ? "," : "", instance[i].resource,
		    (unsigned long long)instance[i].index);
}

static int
goes_with(
    const struct demand_text *text, enum demand_part part, enum demand_part other, struct err *e)
{
	return err_set(e, ERR_USAGE, "%s goes with %s", text->names[part], text->names[other]);
}

static int
avoid_make(struct cluster *c, const struct demand_text *text, struct demand *demand, struct err *e)
{
	struct buf numbers = {.arena = c->arena};
	struct node *node;
	size_t i;

	for (i = 0; i < text->avoid.n; i++) {
		if (!(node = resolve_kind(c, KIND_NODE, text->avoid.v[i], text->self, e)))
			return err_wrap(e, "%s", text->names[DEMAND_AVOID]);
		wire_varint(&numbers, node->id);
	}
	demand->avoid = buf_slice(&numbers);
	return 0;
}

static int
group_make(struct cluster *c, const struct demand_text *text, struct demand *demand, struct err *e)
{
	struct pg *pg;

	if (!text->pg)
		return text->bundle ? goes_with(text, DEMAND_BUNDLE, DEMAND_PG, e) : 0;
	if (!(pg = resolve_kind(c, KIND_PG, text->pg, text->self, e)))
		return err_wrap(e, "%s", text->names[DEMAND_PG]);
	if (pg->state == PG_REMOVED)
		return err_value(e, ERR_REFUSED, text->pg, "%s: group %s was removed",
		    text->names[DEMAND_PG], text->pg);
	if (text->bundle > pg->bundles.n)
		return err_set(e, ERR_USAGE, "%s: group %s has %zu bundles",
		    text->names[DEMAND_BUNDLE], text->pg, pg->bundles.n);
	demand->pg = pg->id;
	demand->bundle = text->bundle;
	return 0;
}

int
demand_make(struct cluster *c, const struct demand_text *text, struct demand *demand, struct err *e)
{
	struct selector *selector = NULL;
	struct node *node = NULL;
	size_t i;

	*demand = (struct demand){.soft = text->soft, .strategy = text->strategy};
	for (i = 0; i < text->n; i++)
		if (demand_parse(text->resources[i], demand, c->arena, e))
			return err_wrap(e, "%s", text->names[DEMAND_RESOURCES]);
	if (text->selector && selector_parse(&selector, text->selector, c->arena, e))
		return err_wrap(e, "%s", text->names[DEMAND_SELECTOR]);
	demand->selector = text->selector;
	if (text->soft && !text->on)
		return goes_with(text, DEMAND_SOFT, DEMAND_ON, e);
	if (text->on && !(node = resolve_kind(c, KIND_NODE, text->on, text->self, e)))
		return err_wrap(e, "%s", text->names[DEMAND_ON]);
	demand->on = node ? node->id : 0;
	return group_make(c, text, demand, e) || avoid_make(c, text, demand, e) ? -1 : 0;
}

struct slice
demand_shape(const struct demand *demand, struct arena *a)
{
	static const struct demand none;
	struct buf shape = {.arena = a};

	rec_encode(&rec_demand, demand ? demand : &none, &shape);
	return buf_slice(&shape);
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

/* Labels are read from the record: only nodes that would do otherwise are asked for them. */
static int
labels_match(struct cluster *c, uint64_t id, const char *text, struct err *e)
{
	struct selector *selector = NULL;
	struct node n = {0};
	int got;

	if (!text || !*text)
		return 1;
	if (selector_parse(&selector, text, c->arena, e))
		return -1;
	got = record_get_number(c, kind_of(KIND_NODE), id, &n, e);
	return got > 0 ? selector_match(selector, &n.labels) : got;
}

int
demand_elsewhere(struct cluster *c, const struct image_node *node, const struct demand *demand,
    const char **why, bool *never, struct err *e)
{
	int match;

	*why = NULL;
	*never = true;
	if (demand->on && !demand->soft && demand->on != node->id)
		*why = "it is not the node asked for";
	else if (avoids(demand, node->id))
		*why = "it is to be avoided";
	if (*why)
		return 1;
	match = labels_match(c, node->id, demand->selector, e);
	if (match < 0)
		return -1;
	*never = !match;
	if (!match)
		*why = "its labels do not match";
	return !match;
}

int
demand_refuses(struct cluster *c, const struct image_node *node, const struct demand *demand,
    const char **why, bool *never, struct err *e)
{
	*never = false;
	*why = NULL;
	if (node->state == NODE_DRAINING)
		*why = "it is draining";
	else if (node->state != NODE_ALIVE)
		*why = "it is dead";
	else if (node->cordoned)
		*why = "it is cordoned";
	return *why ? 1 : demand_elsewhere(c, node, demand, why, never, e);
}

/* Whether it would not take the demand either if it were empty and open. */
static int
could_never(struct cluster *c, const struct image *image, const struct image_node *node,
    const struct demand *demand, bool *never, struct err *e)
{
	struct image_node open = *node;
	const char *ignored;
	int refused;

	open.state = NODE_ALIVE;
	open.cordoned = false;
	refused = demand_refuses(c, &open, demand, &ignored, never, e);
	if (!refused)
		fit_lacks(c, image, &open, demand, never);
	return refused < 0 ? -1 : 0;
}

int
demand_count(struct cluster *c, const struct image *image, const struct image_node *node,
    const struct demand *demand, uint64_t most, uint64_t *count, const char **why, bool *never,
    struct err *e)
{
	struct image_node *copy = NULL;

	*count = 0;
	if (demand_refuses(c, node, demand, why, never, e) < 0)
		return -1;
	if (*why)
		return could_never(c, image, node, demand, never, e);
	for (; *count < most; ++*count) {
		*why = fit_lacks(c, image, copy ? copy : node, demand, never);
		if (*why)
			break;
		if (*count + 1 == most)
			continue;
		if (!copy)
			copy = image_node_copy(c, image, node);
		fit_take(c, image, copy, demand);
	}
	*never = *never && !*count;
	return 0;
}
