/* resource fit: whether and where a demand fits, and if not, what is lacking. */
#include "core/cmd.h"
#include "store/scan.h"

#include "place/fit.h"
#include "place/image.h"
#include "state/key.h"
#include "state/record.h"
#include "core/demand.h"
#include "why/why.h"

struct params {
	struct demand_params demand;
	struct opt_number count;
};

struct asked {
	struct fitting fit;
	uint64_t most;
};

struct fits {
	uint64_t fits;
	bool waiting; /* it would fit some node if that were empty */
};

/* Names are in the records of the nodes, which are ordered by id, as the image is. */
static int
name_next(struct scan *scan, uint64_t id, const char **name, struct arena *a, struct err *e)
{
	struct slice key, row;
	struct node n = {0};
	int got;

	while ((got = scan_next(scan, &key, &row, e)) > 0 && key_tail(key) < id)
		continue;
	if (got <= 0)
		return got;
	if (rec_decode_to(&rec_node, &n, rec_field(&rec_node, "name")->number, row, a, e))
		return -1;
	*name = n.name;
	return 1;
}

static int
fit_rows(struct ctx *ctx, const struct asked *asked, struct scan *scan, struct list *list,
    struct fits *all, struct err *e)
{
	struct arena_mark mark = arena_mark(ctx->turn);
	const struct image *image = asked->fit.image;
	struct lack lack;
	struct fit row;
	size_t i;

	for (i = 0; i < image->n; i++) {
		const struct image_node *node = image->nodes[i];

		if (!list_keeps(list))
			arena_rewind(ctx->turn, mark);
		row = (struct fit){.id = node->id};
		if (node->state == NODE_DEAD)
			continue;
		if (fit_count(&asked->fit, node, asked->most, &row.fits, &lack, e) ||
		    name_next(scan, row.id, &row.name, ctx->turn, e) < 0)
			return -1;
		row.reason = why_lack_text(&lack, ctx->turn);
		all->fits += row.fits;
		all->waiting |= !lack.never;
		if (list_row(list, &row, e) < 0)
			return -1;
	}
	return 0;
}

static int
fit_list(struct ctx *ctx, const struct asked *asked, struct fits *all, struct err *e)
{
	struct list_count count;
	struct list *list = NULL;
	struct scan scan;
	int bad;

	if (!(list = list_begin(ctx->out, &rec_fit, &ctx->list, &ctx->style, ctx->turn, e)))
		return -1;
	bad = scan_table(&scan, ctx->cluster->txn, TABLE_NODE, e);
	if (!bad) {
		bad = fit_rows(ctx, asked, &scan, list, all, e);
		scan_close(&scan);
	}
	bad = bad || list_end(list, &count, e);
	list_done(list);
	return bad ? -1 : 0;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct asked asked = {.most = p->count.given ? p->count.value : 1};
	struct fits all = {0};
	struct image *image;
	struct demand demand;

	(void)operands;
	if (!p->demand.resources.n)
		return err_set(e, ERR_USAGE, "-r is required: what is to fit?");
	if (demand_of(ctx, &p->demand, &demand, e) || image_of(ctx->cluster, &image, e) ||
	    fit_begin(&asked.fit, ctx->cluster, image, &demand, e) ||
	    fit_list(ctx, &asked, &all, e))
		return -1;
	if (all.fits >= asked.most)
		return 0;
	return err_set(e, ERR_UNSATISFIABLE,
	    all.waiting ? "does not fit now" : "infeasible: no existing node could ever run it");
}

static const struct opt opts[] = {
    DEMAND_OPTS(struct params, demand),
    OPT(0, "count", OPT_U64, count, "N", "this many at once (1)"),
};

const struct command cmd_resource_fit = {
    .name = "resource fit",
    .help = "show where a demand fits, or what is missing",
    .mode = MODE_READ,
    .flags = CMD_LISTS,
    .opts = OPTS(opts, struct params),
    .run = run,
};
