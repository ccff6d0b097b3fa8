/* top_look: the data on the screen, from one transaction; except for nodes, reads only what fits on
 * the screen. */
#include "top/top.h"

#include <stdlib.h>
#include <string.h>

#include "store/scan.h"
#include "place/queue.h"
#include "state/event.h"
#include "state/key.h"
#include "state/record.h"
#include "store/txn.h"

#define JOBS_LOOKED_AT 5000 /* newest first: ended jobs lie in between */

static const struct enum_name top_orders_rows[] = {
    {ORDER_USE, "use", "fullest first"},
    {ORDER_NAME, "name", "by name"},
    {ORDER_BEAT, "beat", "longest silent first"},
};
const struct enums top_orders = ENUMS(top_orders_rows);

struct look_at {
	struct ctx *ctx;
	const struct top_view *view;
	struct top *top;
};

/* --- rows of a part --- */

static struct top_rows *
rows_begin(const struct look_at *l, enum top_part part, uint64_t total)
{
	struct top_rows *rows = &l->top->parts[part];

	*rows = (struct top_rows){.total = total};
	rows->v = arena_alloc(l->ctx->turn, (l->view->rows + 1) * sizeof *rows->v);
	if (l->view->part == part)
		rows->skipped = l->view->skip;
	if (rows->skipped >= total)
		rows->skipped = total ? (size_t)total - 1 : 0;
	return rows;
}

static bool
rows_full(const struct look_at *l, const struct top_rows *rows)
{
	return rows->n >= l->view->rows;
}

/* Reads a record with all its shown fields into the next row; a record that is gone adds no row. */
static int
rows_add(
    struct look_at *l, struct top_rows *rows, const struct kind *kind, uint64_t id, struct err *e)
{
	void *record = arena_alloc(l->ctx->turn, kind->rec->size);
	struct computed view;
	int got = record_get_number(l->ctx->cluster, kind, id, record, e);

	if (got <= 0)
		return got;
	if (computed_open(l->ctx, kind, &view, e) || computed_fill(l->ctx, &view, kind, record, e))
		return -1;
	rows->v[rows->n++] = (struct top_row){kind, record};
	return 0;
}

/* --- nodes: all are read, for the sums --- */

struct standing {
	struct node node;
	double use; /* the largest share in use of any resource */
};

struct nodes {
	struct arena *arena;
	struct standing *v;
	size_t n;
};

static double
use_of(const struct node *n)
{
	const struct amount *used;
	double part, most = 0;
	size_t i;

	for (i = 0; i < n->total.n; i++) {
		used = amounts_get(&n->used, n->total.v[i].name);
		part = used && n->total.v[i].value
			   ? (double)used->value / (double)n->total.v[i].value
			   : 0;
		most = part > most ? part : most;
	}
	return most;
}

static void
node_add(void *argument, const struct node *node)
{
	struct nodes *all = argument;

	all->v = arena_push(all->arena, all->v, all->n, sizeof *all->v);
	all->v[all->n++] = (struct standing){*node, use_of(node)};
}

static int
by_id(const struct standing *a, const struct standing *b)
{
	return a->node.id < b->node.id ? -1 : a->node.id > b->node.id;
}

static int
by_use(const void *a, const void *b)
{
	const struct standing *x = a, *y = b;

	return x->use == y->use ? by_id(x, y) : x->use < y->use ? 1 : -1;
}

static int
by_name(const void *a, const void *b)
{
	const struct standing *x = a, *y = b;

	return strverscmp(x->node.name, y->node.name);
}

static int
by_beat(const void *a, const void *b)
{
	const struct standing *x = a, *y = b;

	if (x->node.heartbeat == y->node.heartbeat)
		return by_id(x, y);
	return x->node.heartbeat < y->node.heartbeat ? 1 : -1;
}

static int
nodes_look(struct look_at *l, struct err *e)
{
	static int (*const orders[])(const void *, const void *) = {
	    [ORDER_USE] = by_use, [ORDER_NAME] = by_name, [ORDER_BEAT] = by_beat};
	struct nodes all = {.arena = l->ctx->turn};
	struct top_rows *rows;
	size_t i;

	if (summary_take(l->ctx, &l->top->summary, node_add, &all, e))
		return -1;
	if (all.n)
		qsort(all.v, all.n, sizeof *all.v, orders[l->view->order]);
	rows = rows_begin(l, TOP_NODES, all.n);
	for (i = rows->skipped; i < all.n && !rows_full(l, rows); i++)
		rows->v[rows->n++] =
		    (struct top_row){kind_of(l->ctx->kinds, KIND_NODE), &all.v[i].node};
	return 0;
}

/* --- the queue, in placement order --- */

static int
queue_look(struct look_at *l, struct err *e)
{
	struct heads heads = {.n = 0};
	struct top_rows *rows;
	struct head *head;
	uint64_t total;
	size_t at;

	if (queue_length(l->ctx->cluster, &total, e) || queue_heads(l->ctx->cluster, &heads, e) < 0)
		return -1;
	rows = rows_begin(l, TOP_QUEUE, total);
	for (at = 0; (head = queue_first(&heads)) && !rows_full(l, rows); at++) {
		if (at >= rows->skipped &&
		    rows_add(l, rows, kind_of(l->ctx->kinds, head->kind), head->id, e))
			return -1;
		if (queue_advance(l->ctx->cluster, head, e))
			return -1;
	}
	return 0;
}

/* --- unfinished jobs, newest first --- */

static int
job_living(struct ctx *ctx, struct slice row, bool *living, struct err *e)
{
	struct arena_mark mark = arena_mark(ctx->turn);
	struct job job = {0};
	int bad = rec_decode(&rec_job, &job, row, ctx->turn, e);

	*living = !bad && !record_ended(kind_of(ctx->kinds, KIND_JOB), &job);
	arena_rewind(ctx->turn, mark);
	return bad;
}

static int
jobs_scan(struct look_at *l, struct top_rows *rows, struct scan *scan, struct err *e)
{
	uint64_t living = 0, looked = 0;
	struct slice key, row;
	bool lives;
	int got;

	while (living < rows->total && !rows_full(l, rows) && looked++ < JOBS_LOOKED_AT) {
		got = scan_next(scan, &key, &row, e);
		if (got <= 0)
			return got;
		if (job_living(l->ctx, row, &lives, e))
			return -1;
		if (!lives || living++ < rows->skipped)
			continue;
		if (rows_add(l, rows, kind_of(l->ctx->kinds, KIND_JOB), key_tail(key), e))
			return -1;
	}
	return 0;
}

static int
jobs_look(struct look_at *l, struct err *e)
{
	static const struct slice all = {NULL, 0};
	const struct cluster_summary *g = &l->top->summary;
	struct top_rows *rows =
	    rows_begin(l, TOP_JOBS, g->jobs[JOB_PENDING] + g->jobs[JOB_RUNNING]);
	struct scan scan;
	int bad;

	if (!rows->total)
		return 0;
	if (scan_prefix(&scan, l->ctx->cluster->txn, TABLE_JOB, all, true, e))
		return -1;
	bad = jobs_scan(l, rows, &scan, e);
	scan_close(&scan);
	return bad;
}

/* --- on nodes: tasks and actors, newest first --- */

struct ids {
	struct arena *arena;
	uint64_t *v;
	size_t n;
};

static void
ids_add(struct ids *ids, uint64_t id)
{
	ids->v = arena_push(ids->arena, ids->v, ids->n, sizeof *ids->v);
	ids->v[ids->n++] = id;
}

static int
newest_first(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? 1 : *x > *y ? -1 : 0;
}

/* The ids of a kind in the index by node. */
static int
placed_ids(struct ctx *ctx, unsigned kind, struct ids *ids, struct err *e)
{
	struct slice key, value;
	struct scan scan;
	int got;

	if (scan_table(&scan, ctx->cluster->txn, TABLE_ON_NODE, e))
		return -1;
	while ((got = scan_next(&scan, &key, &value, e)) > 0)
		if (key.n == 17 && key.p[8] == kind)
			ids_add(ids, key_tail(key));
	scan_close(&scan);
	if (ids->n)
		qsort(ids->v, ids->n, sizeof *ids->v, newest_first);
	return got;
}

static int
placed_look(struct look_at *l, enum top_part part, unsigned kind, struct err *e)
{
	struct ids ids = {.arena = l->ctx->turn};
	struct top_rows *rows;
	size_t i;

	if (placed_ids(l->ctx, kind, &ids, e))
		return -1;
	rows = rows_begin(l, part, ids.n);
	for (i = rows->skipped; i < ids.n && !rows_full(l, rows); i++)
		if (rows_add(l, rows, kind_of(l->ctx->kinds, kind), ids.v[i], e))
			return -1;
	return 0;
}

/* --- the latest events, the last one last; skipping goes back in the log --- */

static int
events_look(struct look_at *l, struct err *e)
{
	uint64_t horizon = txn_horizon(l->ctx->cluster->txn), seq = txn_seq(l->ctx->cluster->txn);
	struct top_rows *rows = rows_begin(l, TOP_EVENTS, seq >= horizon ? seq - horizon + 1 : 0);
	struct event_reader reader = {.c = l->ctx->cluster};
	uint64_t n = rows->total - rows->skipped;
	int got;

	if (!rows->total)
		return 0;
	n = n < l->view->rows ? n : l->view->rows;
	for (seq = seq - rows->skipped - n + 1; rows->n < n; seq++) {
		struct event *event = arena_alloc(l->ctx->turn, sizeof *event);

		got = event_read(&reader, seq, event, e);
		if (got <= 0)
			return got;
		rows->v[rows->n++] = (struct top_row){NULL, event};
	}
	return 0;
}

int
top_look(struct ctx *ctx, void *argument, struct err *e)
{
	const struct top_looking *looking = argument;
	struct look_at l = {ctx, looking->view, looking->top};

	*l.top = (struct top){0};
	return nodes_look(&l, e) || queue_look(&l, e) || jobs_look(&l, e) ||
		       placed_look(&l, TOP_TASKS, KIND_TASK, e) ||
		       placed_look(&l, TOP_ACTORS, KIND_ACTOR, e) || events_look(&l, e)
		   ? -1
		   : 0;
}
