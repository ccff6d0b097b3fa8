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
	uint64_t fits;
	bool waiting; /* some node would do if it were empty */
};

static int
fit_rows(struct ctx *ctx, const struct image *image, const struct demand *demand, uint64_t most,
    struct list *list, struct fitting *all, struct err *e)
{
	struct arena_mark mark = arena_mark(ctx->turn);
	struct fit fit;
	struct node n;
	bool never;
	size_t i;

	for (i = 0; i < image->n; i++) {
		if (!list_keeps(list))
			arena_rewind(ctx->turn, mark);
		n = (struct node){0};
		fit = (struct fit){.id = image->nodes[i]->id};
		if (image->nodes[i]->state == NODE_DEAD)
			continue;
		if (demand_count(ctx->cluster, image, image->nodes[i], demand, most, &fit.fits,
			&fit.reason, &never, e))
			return -1;
		if (record_get_number(ctx->cluster, kind_of(KIND_NODE), fit.id, &n, e) < 0)
			return -1;
		fit.name = n.name;
		all->fits += fit.fits;
		all->waiting |= !never;
		if (list_row(list, &fit, e) < 0)
			return -1;
	}
	return 0;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	uint64_t most = p->count.given ? p->count.value : 1;
	struct fitting all = {0};
	struct list_count count;
	struct list *list = NULL;
	struct image *image;
	struct demand demand;
	int bad;

	(void)operands;
	if (!p->demand.resources.n)
		return err_set(e, ERR_USAGE, "-r is required: what is to fit?");
	if (demand_of(ctx, &p->demand, &demand, e) || image_of(ctx->cluster, &image, e))
		return -1;
	bad = list_begin(&list, ctx->out, &rec_fit, &ctx->list, &ctx->style, ctx->turn, e);
	bad =
	    bad || fit_rows(ctx, image, &demand, most, list, &all, e) || list_end(list, &count, e);
	list_done(list);
	if (bad)
		return -1;
	if (all.fits >= most)
		return 0;
	return err_set(e, ERR_UNSATISFIABLE,
	    all.waiting ? "does not fit now" : "infeasible: no node there is could ever take it");
}

static const struct opt opts[] = {
    DEMAND_OPTS(struct params, demand),
    {0, "count", OPT_U64, offsetof(struct params, count), "N",
	"this many at once, one beside the other (1)", NULL, NULL},
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};

const struct command cmd_resource_fit = {"resource fit",
    "say where a demand fits, or what is short", MODE_READ, CMD_LISTS, NULL, opts,
    sizeof(struct params), run, NULL, 0, NULL};
