#include "place/demand.h"

#include <string.h>

#include "base/amount.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/wire.h"
#include "rec/filter.h"
#include "rec/form.h"
#include "state/cluster.h"
#include "state/kind.h"
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

const char *
demand_cell(struct cluster *c, const struct demand *demand)
{
	struct buf resources = {.arena = c->arena};

	if (demand)
		demand_text(demand, &resources);
	return buf_string(&resources);
}
