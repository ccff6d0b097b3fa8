/* resource fit: would it fit, and where, and if not, what is short? */
#include "cmd.h"

#include "place/image.h"
#include "state/record.h"
#include "demand.h"

struct params {
	struct demand_params demand;
	struct opt_number count;
};

struct fitting {
	const struct image *image;
	const struct demand *demand;
	uint64_t most;
};

struct fits {
	uint64_t fits;
	bool waiting; /* some node would do if it were empty */
};

/* Names stand in the records of the nodes, which go by id as the image does. */
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
fit_rows(struct ctx *ctx, const struct fitting *f, struct scan *scan, struct list *list,
    struct fits *all, struct err *e)
{
	struct arena_mark mark = arena_mark(ctx->turn);
	struct fit fit;
	bool never;
	size_t i;

	for (i = 0; i < f->image->n; i++) {
		const struct image_node *node = f->image->nodes[i];

		if (!list_keeps(list))
			arena_rewind(ctx->turn, mark);
		fit = (struct fit){.id = node->id};
		if (node->state == NODE_DEAD)
			continue;
		if (demand_count(ctx->cluster, f->image, node, f->demand, f->most, &fit.fits,
			&fit.reason, &never, e) ||
		    name_next(scan, fit.id, &fit.name, ctx->turn, e) < 0)
			return -1;
		all->fits += fit.fits;
		all->waiting |= !never;
		if (list_row(list, &fit, e) < 0)
			return -1;
	}
	return 0;
}

static int
fit_list(struct ctx *ctx, const struct fitting *f, struct fits *all, struct err *e)
{
	static const struct slice every = {NULL, 0};
	struct list_count count;
	struct list *list = NULL;
	struct scan scan;
	int bad;

	if (list_begin(&list, ctx->out, &rec_fit, &ctx->list, &ctx->style, ctx->turn, e))
		return -1;
	bad = scan_open(&scan, ctx->cluster->txn, TABLE_NODE, every, every, false, e);
	if (!bad) {
		bad = fit_rows(ctx, f, &scan, list, all, e);
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
	struct fitting f = {.most = p->count.given ? p->count.value : 1};
	struct fits all = {0};
	struct image *image;
	struct demand demand;

	(void)operands;
	if (!p->demand.resources.n)
		return err_set(e, ERR_USAGE, "-r is required: what is to fit?");
	if (demand_of(ctx, &p->demand, &demand, e) || image_of(ctx->cluster, &image, e))
		return -1;
	f.image = image;
	f.demand = &demand;
	if (fit_list(ctx, &f, &all, e))
		return -1;
	if (all.fits >= f.most)
		return 0;
	return err_set(e, ERR_UNSATISFIABLE,
	    all.waiting ? "does not fit now" : "infeasible: no existing node could ever run it");
}

static const struct opt opts[] = {
    DEMAND_OPTS(struct params, demand),
    {0, "count", OPT_U64, offsetof(struct params, count), "N",
	"this many at once (1)", NULL, NULL},
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};

const struct command cmd_resource_fit = {"resource fit",
    "show where a demand fits, or what is missing", MODE_READ, CMD_LISTS, NULL, opts,
    sizeof(struct params), run, NULL, 0, NULL};
