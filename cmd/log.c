/* log: the events of the cluster, newest first. */
#include "core/cmd.h"

#include <string.h>

#include "state/event.h"
#include "state/key.h"
#include "state/resolve.h"
#include "store/txn.h"

#define EVENTS_KEPT 1000 /* of one transaction, before its row is read again */

struct params {
	bool diff, cascade, reverse;
	const char *type, *since, *until;
};

struct range {
	uint64_t first, last;
	unsigned type;	    /* 0: any */
	struct located *of; /* only of these records */
	size_t n;
};

static int
range_make(struct ctx *ctx, const struct params *p, char **operands, struct range *r, struct err *e)
{
	struct txn *txn = ctx->cluster->txn;
	size_t n = 0;

	*r = (struct range){.first = txn_horizon(txn), .last = ctx->style.seq};
	if (p->since && when_parse(ctx, p->since, &r->first, e))
		return err_wrap(e, "--since");
	if (p->since && r->first < txn_horizon(txn) - 1)
		return err_value(e, ERR_HORIZON, p->since,
		    "--since: the history begins later: horizon %llu",
		    (unsigned long long)txn_horizon(txn));
	r->first += p->since && r->first < UINT64_MAX;
	if (p->until && when_parse(ctx, p->until, &r->last, e))
		return err_wrap(e, "--until");
	if (r->last > ctx->style.seq)
		r->last = ctx->style.seq;
	if (p->type && !enum_parse(&event_types, p->type, &r->type))
		return err_value(e, ERR_USAGE, p->type,
		    "--type: no event is called '%s' (see: gcs explain)", p->type);
	while (operands[n])
		n++;
	r->of = arena_alloc(ctx->turn, n * sizeof *r->of);
	for (r->n = 0; r->n < n; r->n++)
		if (resolve_located(ctx->cluster, operands[r->n], ctx_self(), &r->of[r->n], e))
			return -1;
	return 0;
}

/* The next event number at or after `seq` in the reading direction; of the selected records, if
 * any. 0: none. */
static int
next_seq(struct ctx *ctx, const struct range *r, bool backward, uint64_t seq, uint64_t *next,
    struct err *e)
{
	uint64_t one;
	size_t i;
	int got;

	*next = 0;
	if (seq < r->first || seq > r->last)
		return 0;
	if (!r->n)
		*next = seq;
	for (i = 0; i < r->n; i++) {
		got = history_next(ctx->cluster, &r->of[i], seq, backward, &one, e);
		if (got < 0)
			return -1;
		if (got && one >= r->first && one <= r->last &&
		    (!*next || (backward ? one > *next : one < *next)))
			*next = one;
	}
	return 0;
}

struct visitor {
	int (*visit)(struct ctx *ctx, struct event *event, void *argument, struct err *e);
	void *argument;
	bool keeps; /* pointers into the events */
};

static int
each_event(
    struct ctx *ctx, const struct range *r, bool backward, const struct visitor *v, struct err *e)
{
	struct event_reader reader = {.c = ctx->cluster};
	struct arena_mark mark = arena_mark(ctx->turn);
	uint64_t seq, next = backward ? r->last : r->first, read = 0;
	struct event event;
	int got = 0;

	while (next && !got) {
		if (next_seq(ctx, r, backward, next, &seq, e))
			return -1;
		if (!seq)
			return 0;
		next = backward ? seq - 1 : seq + 1;
		if (!v->keeps && (seq < reader.transaction.txn ||
				     seq >= reader.transaction.txn + reader.transaction.count ||
				     ++read % EVENTS_KEPT == 0)) {
			arena_rewind(ctx->turn, mark);
			reader.transaction = (struct transaction){0};
		}
		got = event_read(&reader, seq, &event, e);
		if (got < 0)
			return -1;
		if (got && (!r->type || event.type == r->type))
			got = v->visit(ctx, &event, v->argument, e);
		else
			got = 0;
	}
	return got < 0 ? -1 : 0;
}

static int
visit_list(struct ctx *ctx, struct event *event, void *argument, struct err *e)
{
	struct list *list = argument;

	if (event_show(ctx->kinds, event, ctx->turn, e))
		return -1;
	return list_row(list, event, e);
}

static int
print_lines(void *argument, const void *record, struct err *e)
{
	struct event event = *(const struct event *)record;

	return event_line(argument, &event, true, e);
}

/* The events of one transaction, numbered from 1, each below its cause. */
struct tree {
	struct event *events;
	uint64_t *child, *sibling; /* the first event it caused; the next with the same cause */
};

static int
tree_line(struct ctx *ctx, const struct tree *t, uint64_t i, unsigned depth, struct err *e)
{
	for (; i; i = t->sibling[i]) {
		unsigned d;

		for (d = 0; d < depth; d++)
			out_text(ctx->out, d + 1 == depth ? "`- " : "   ");
		if (event_line(ctx, &t->events[i], false, e))
			return -1;
		if (depth < 64 && tree_line(ctx, t, t->child[i], depth + 1, e))
			return -1;
	}
	return 0;
}

static int
tree_print(struct ctx *ctx, const struct transaction *t, struct err *e)
{
	struct event_reader reader = {.c = ctx->cluster};
	uint64_t i, parent, n = t->count + 1;
	struct tree tree = {.events = arena_alloc(ctx->turn, n * sizeof *tree.events),
	    .child = arena_alloc(ctx->turn, n * sizeof *tree.child),
	    .sibling = arena_alloc(ctx->turn, n * sizeof *tree.sibling)};

	for (i = t->count; i > 0; i--) {
		if (event_read(&reader, t->txn + i - 1, &tree.events[i], e) <= 0)
			return -1;
		parent = tree.events[i].cause;
		parent = parent >= t->txn ? parent - t->txn + 1 : 0;
		tree.sibling[i] = tree.child[parent];
		tree.child[parent] = i;
	}
	return tree_line(ctx, &tree, tree.child[0], 0, e);
}

/* Shows whole transactions: the first selected event shows all others of its transaction. */
struct cascade {
	struct ctx *ctx;
	struct list *list;
	uint64_t last; /* the last transaction shown */
};

static int
print_tree(void *argument, const void *record, struct err *e)
{
	const struct event *event = record;
	struct cascade *cascade = argument;
	struct transaction t;

	cascade->last = event->txn;
	if (event_transaction(cascade->ctx->cluster, event->seq, &t, e) < 0)
		return -1;
	return tree_print(cascade->ctx, &t, e);
}

static int
visit_cascade(struct ctx *ctx, struct event *event, void *argument, struct err *e)
{
	struct cascade *cascade = argument;

	return event->txn == cascade->last ? 0 : visit_list(ctx, event, cascade->list, e);
}

static int
params_check(struct ctx *ctx, const struct params *p, struct err *e)
{
	enum format_kind kind = ctx->style.format.kind;

	if (!p->cascade)
		return 0;
	if (p->diff)
		return err_set(e, ERR_USAGE, "--cascade: not with --patch");
	if (ctx->list.sort)
		return err_value(e, ERR_USAGE, ctx->list.sort,
		    "--sort: not with --cascade, which has an order of its own");
	if (kind != FORMAT_DEFAULT && kind != FORMAT_TABLE && kind != FORMAT_WIDE)
		return err_value(e, ERR_USAGE, ctx->globals.output,
		    "-o: not with --cascade, which is for people (every event has its cause)");
	return 0;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct list_style style = ctx->style;
	struct cascade cascade = {.ctx = ctx};
	struct visitor visitor = {visit_list, NULL, false};
	struct list_count count = {0, false};
	struct range r;
	int bad;

	if (params_check(ctx, p, e) || range_make(ctx, p, operands, &r, e))
		return -1;
	style.print = p->cascade ? print_tree : p->diff ? print_lines : NULL;
	style.print_argument = p->cascade ? (void *)&cascade : ctx;
	if (!(cascade.list = list_begin(ctx->out, &rec_event, &ctx->list, &style, ctx->turn, e)))
		return -1;
	visitor.argument = cascade.list;
	visitor.keeps = list_keeps(cascade.list);
	if (p->cascade) {
		visitor.visit = visit_cascade;
		visitor.argument = &cascade;
	}
	bad = each_event(ctx, &r, !p->reverse, &visitor, e);
	if (!bad)
		bad = list_end(cascade.list, &count, e);
	list_done(cascade.list);
	if (bad)
		return -1;
	if (count.cut)
		note(ctx, "only the first %llu are shown (--limit)",
		    (unsigned long long)count.shown);
	return ctx->list.some && !count.shown ? err_set(e, ERR_NO, "%s", "") : 0;
}

static const struct opt opts[] = {
    OPT('p', "patch", OPT_FLAG, diff, NULL, "also show what changed, field by field"),
    OPT(0, "cascade", OPT_FLAG, cascade, NULL, "whole transactions, each event below its cause"),
    OPT(0, "type", OPT_TEXT, type, "TYPE", "only events of this type", .completes = "type"),
    OPT(0, "since", OPT_TEXT, since, "WHEN",
	"only events after this event number, time ago (5m) or date"),
    OPT(0, "until", OPT_TEXT, until, "WHEN", "only up to then"),
    OPT(0, "reverse", OPT_FLAG, reverse, NULL, "oldest first"),
};

const struct command cmd_log = {
    .name = "log",
    .help = "show the events, newest first",
    .mode = MODE_READ,
    .flags = CMD_LISTS,
    .operands = OPERANDS({.name = "REC", .count = OPERAND_ANY, .completes = "record"}),
    .opts = OPTS(opts, struct params),
    .run = run,
};
