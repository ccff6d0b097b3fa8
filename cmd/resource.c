/* resource list, resource summary: total and free resources. */
#include "core/cmd.h"

#include <string.h>

#include "base/amount.h"
#include "place/image.h"
#include "place/queue.h"
#include "state/record.h"

static void
add(struct ctx *ctx, struct amounts *to, const struct image_resource *resource, uint64_t value)
{
	if (value)
		amounts_set(
		    to, (struct amount){resource->name, value, resource->indexed}, ctx->turn);
}

/* "gpu:0=1,gpu:1=0.5": what is free of each instance. */
static void
add_instances(struct buf *text, const struct image *image, const struct image_node *in, size_t r)
{
	char left[NUMBER_SIZE];
	size_t i;

	for (i = 0; image->resources[r].indexed && i < image_instances(in, (int)r); i++) {
		const uint64_t *of_each = image_instances_used(in, (int)r);
		uint64_t used = of_each ? of_each[i] : 0;

		buf_printf(text, "%s%s:%zu=%s", text->n ? "," : "", image->resources[r].name, i,
		    amount_format(left, AMOUNT_ONE - used));
	}
}

static int
offer_fill(struct ctx *ctx, const struct image *image, const struct image_node *in,
    struct offer *offer, struct err *e)
{
	struct buf instances = {.arena = ctx->turn};
	struct node n = {0};
	size_t r;

	if (record_get_number(ctx->cluster, kind_of(ctx->kinds, KIND_NODE), in->id, &n, e) < 0)
		return -1;
	*offer = (struct offer){.name = n.name, .id = n.id, .state = n.state, .labels = n.labels};
	for (r = 0; r < image->nresources && r < in->width; r++) {
		add(ctx, &offer->total, &image->resources[r], in->total[r]);
		add(ctx, &offer->used, &image->resources[r], image_used(in, (int)r));
		add(ctx, &offer->free, &image->resources[r], image_free(in, (int)r));
		add_instances(&instances, image, in, r);
	}
	offer->instances = buf_string(&instances);
	return 0;
}

static int
finish_list(struct ctx *ctx, struct list *list, int bad, struct err *e)
{
	struct list_count count = {0, false};

	if (!bad)
		bad = list_end(list, &count, e);
	list_done(list);
	if (bad)
		return -1;
	if (count.cut)
		note(ctx, "only the first %llu are shown (--limit)",
		    (unsigned long long)count.shown);
	return ctx->list.some && !count.shown ? err_set(e, ERR_NO, "%s", "") : 0;
}

static int
run_list(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct list *list = NULL;
	struct image *image;
	size_t i;
	int bad;

	(void)params;
	(void)operands;
	if (image_of(ctx->cluster, &image, e) ||
	    !(list = list_begin(ctx->out, &rec_offer, &ctx->list, &ctx->style, ctx->turn, e)))
		return -1;
	for (i = 0, bad = 0; !bad && i < image->n; i++) {
		struct offer offer;

		if (image->nodes[i]->state == NODE_DEAD)
			continue;
		bad = offer_fill(ctx, image, image->nodes[i], &offer, e)
			  ? -1
			  : list_row(list, &offer, e);
	}
	return finish_list(ctx, list, bad < 0, e);
}

static void
summary_fill(const struct image *image, size_t r, struct summary *s)
{
	const char *name = image->resources[r].name;
	size_t i;

	*s = (struct summary){.resource = name,
	    .total = {.name = name},
	    .used = {.name = name},
	    .free = {.name = name},
	    .largest_free = {.name = name}};
	for (i = 0; i < image->n; i++) {
		const struct image_node *in = image->nodes[i];
		uint64_t free = image_free(in, (int)r);

		if (in->state == NODE_DEAD || r >= in->width || !in->total[r])
			continue;
		s->nodes++;
		s->total.value += in->total[r];
		s->used.value += image_used(in, (int)r);
		if (in->state != NODE_ALIVE || in->cordoned)
			continue;
		s->free.value += free;
		if (free > s->largest_free.value)
			s->largest_free.value = free;
	}
}

static int
run_summary(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct list *list = NULL;
	struct image *image;
	size_t r;
	int bad;

	(void)params;
	(void)operands;
	if (image_of(ctx->cluster, &image, e) ||
	    !(list = list_begin(ctx->out, &rec_summary, &ctx->list, &ctx->style, ctx->turn, e)))
		return -1;
	for (r = 0, bad = 0; !bad && r < image->nresources; r++) {
		struct summary s;

		summary_fill(image, r, &s);
		if (s.nodes)
			bad = list_row(list, &s, e);
	}
	return finish_list(ctx, list, bad < 0, e);
}

static int
waiting_row(struct cluster *c, const struct kind *kind, uint64_t first, uint64_t count,
    void *argument, struct err *e)
{
	struct waiting row = {.kind = kind->name, .count = count};
	struct waiter waiter = {0};
	const struct demand *demand;
	void *record = arena_alloc(c->arena, kind->rec->size);
	size_t i;

	if (record_get_number(c, kind, first, record, e) < 0)
		return -1;
	kind->waiter(record, &waiter);
	row.first = record_label(kind, record, c->arena);
	demand = waiter.group ? waiter.group->demand : waiter.demand;
	if (waiter.group) {
		const struct bundle *bundle = waiter.group->bundles.v;

		row.bundles = waiter.group->bundles.n;
		row.strategy = enum_text(&strategies, waiter.group->strategy);
		for (i = 0; i < waiter.group->bundles.n; i++)
			amounts_sum(&row.resources, &bundle[i].resources, c->arena);
	} else if (demand) {
		row.resources = demand->resources;
		row.strategy = enum_text(&strategies, demand->strategy);
	}
	row.selector = demand ? demand->selector : NULL;
	return list_row(argument, &row, e) < 0 ? -1 : 0;
}

static int
run_demand(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct list *list = NULL;
	int bad;

	(void)params;
	(void)operands;
	if (!(list = list_begin(ctx->out, &rec_waiting, &ctx->list, &ctx->style, ctx->turn, e)))
		return -1;
	bad = queue_shapes(ctx->cluster, waiting_row, list, e);
	return finish_list(ctx, list, bad, e);
}

const struct command cmd_resource_list = {
    .name = "resource list",
    .help = "list what each node has and what is free",
    .mode = MODE_READ,
    .flags = CMD_LISTS,
    .run = run_list,
};
const struct command cmd_resource_summary = {
    .name = "resource summary",
    .help = "show the total of each resource over all nodes",
    .mode = MODE_READ,
    .flags = CMD_LISTS,
    .run = run_summary,
};
const struct command cmd_resource_demand = {
    .name = "resource demand",
    .help = "list what is waiting for resources, grouped by shape",
    .mode = MODE_READ,
    .flags = CMD_LISTS,
    .run = run_demand,
};
