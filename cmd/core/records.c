#include "core/records.h"

#include <string.h>

#include "core/cmd.h"
#include "state/record.h"
#include "store/scan.h"

struct listing {
	struct ctx *ctx;
	const struct kind *kind;
	struct computed view;
	struct list *list;
	uint64_t ended; /* number of rows hidden because they ended */
};

static bool
hidden(struct ctx *ctx, const struct kind *kind, const void *record)
{
	if (ctx->list.all)
		return false;
	return record_ended(kind, record) || (kind->expired && kind->expired(ctx->cluster, record));
}

/* 1 if no further row is needed. */
static int
row_add(struct listing *l, void *record, struct slice row, struct err *e)
{
	struct ctx *ctx = l->ctx;

	memset(record, 0, l->kind->rec->size);
	if (rec_decode(l->kind->rec, record, row, ctx->turn, e))
		return -1;
	if (hidden(ctx, l->kind, record)) {
		l->ended++;
		return 0;
	}
	if (computed_fill(ctx, &l->view, l->kind, record, e))
		return -1;
	return list_row(l->list, record, e);
}

static int
rows(struct listing *l, const struct key *prefix, struct err *e)
{
	struct ctx *ctx = l->ctx;
	void *record = arena_alloc(ctx->turn, l->kind->rec->size);
	struct arena_mark mark = arena_mark(ctx->turn);
	struct slice key, row;
	struct scan scan;
	int got;

	if (scan_prefix(&scan, ctx->cluster->txn, l->kind->table, key_slice(prefix), false, e))
		return -1;
	while ((got = scan_next(&scan, &key, &row, e)) > 0) {
		if (!list_keeps(l->list))
			arena_rewind(ctx->turn, mark);
		got = row_add(l, record, row, e);
		if (got)
			break;
	}
	scan_close(&scan);
	return got < 0 ? -1 : 0;
}

static int
view_open(struct listing *l, bool values, struct err *e)
{
	struct ctx *ctx = l->ctx;
	struct computed *view = &l->view;

	if (computed_open(ctx, l->kind, view, e))
		return -1;
	view->values = values;
	if (!l->kind->beats || ctx->style.form.past)
		return 0;
	view->beats = arena_alloc(ctx->turn, (view->count + 1) * sizeof *view->beats);
	return pulse_read(ctx->cluster->pulse, 1, view->count, view->beats + 1, e);
}

int
records_list(struct ctx *ctx, const struct records *which, struct err *e)
{
	struct listing l = {.ctx = ctx, .kind = which->kind};
	struct list_count count = {0, false};
	int bad;

	if (view_open(&l, which->values, e))
		return -1;
	l.list = list_begin(ctx->out, l.kind->rec, &ctx->list, &ctx->style, ctx->turn, e);
	if (!l.list)
		return -1;
	bad = rows(&l, &which->prefix, e) || list_end(l.list, &count, e);
	list_done(l.list);
	if (bad)
		return -1;
	if (l.ended)
		note(ctx, "%llu ended %s not shown (-a shows them)", (unsigned long long)l.ended,
		    l.ended == 1 ? l.kind->name : l.kind->plural);
	if (count.cut)
		note(ctx, "only the first %llu are shown (--limit)",
		    (unsigned long long)count.shown);
	return ctx->list.some && !count.shown ? err_set(e, ERR_NO, "%s", "") : 0;
}
