/* show: `node show`, `kv show`: records in full; `show SEQ`: an event. */
#include "core/cmd.h"

#include "base/number.h"
#include "state/event.h"
#include "store/txn.h"

/* Records: one after the other as text; as one list in all other formats. */
struct showing {
	struct ctx *ctx;
	const struct rec *rec;
	struct list *list; /* NULL: text */
	bool begun;
};

static int
showing_begin(struct showing *s, struct ctx *ctx, const struct rec *rec, struct err *e)
{
	enum format_kind kind = ctx->style.format.kind;

	*s = (struct showing){.ctx = ctx, .rec = rec};
	if (kind == FORMAT_DEFAULT || kind == FORMAT_TABLE || kind == FORMAT_WIDE)
		return 0;
	s->list = list_begin(ctx->out, rec, NULL, &ctx->style, ctx->turn, e);
	return s->list ? 0 : -1;
}

static int
showing_add(struct showing *s, const void *record, struct err *e)
{
	if (s->list)
		return list_row(s->list, record, e) < 0 ? -1 : 0;
	out_text(s->ctx->out, s->begun ? "\n" : "");
	s->begun = true;
	return show_record(s->ctx->out, s->rec, record, &s->ctx->style, s->ctx->turn, e);
}

static int
showing_end(struct showing *s, int bad, struct err *e)
{
	struct list_count count;

	if (!bad && s->list)
		bad = list_end(s->list, &count, e);
	list_done(s->list);
	if (bad)
		out_reset(s->ctx->out); /* all or nothing */
	return bad;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct kind *kind = ctx->records->kind;
	const struct found *f;
	struct showing showing;
	struct computed view;
	int bad = 0;

	(void)params;
	(void)operands;
	if (computed_open(ctx, kind, &view, e) || showing_begin(&showing, ctx, kind->rec, e))
		return -1;
	view.values = true;
	for (f = ctx->records; f < ctx->records + ctx->parsed.n && !bad; f++)
		bad = computed_fill(ctx, &view, kind, f->record, e) ||
		      showing_add(&showing, f->record, e);
	return showing_end(&showing, bad, e);
}

static int
show_event(struct showing *s, const char *text, struct err *e)
{
	struct ctx *ctx = s->ctx;
	struct event_reader reader = {.c = ctx->cluster};
	struct event event;
	uint64_t seq;
	int got;

	if (number_u64(text, &seq, e))
		return -1;
	if (seq && seq < txn_horizon(ctx->cluster->txn))
		return err_value(e, ERR_HORIZON, text, "event %s is forgotten: horizon %llu", text,
		    (unsigned long long)txn_horizon(ctx->cluster->txn));
	got = seq > ctx->style.seq ? 0 : event_read(&reader, seq, &event, e);
	if (got == 0)
		return err_value(e, ERR_NO, text, "no event has the number %s", text);
	if (got < 0 || event_show(ctx->kinds, &event, ctx->turn, e))
		return -1;
	return showing_add(s, &event, e);
}

static int
run_events(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct showing showing;
	int bad = 0;

	(void)params;
	if (showing_begin(&showing, ctx, &rec_event, e))
		return -1;
	for (; *operands && !bad; operands++)
		bad = show_event(&showing, *operands, e);
	return showing_end(&showing, bad, e);
}

#define SHOW(noun, number, what, ...) \
	const struct command cmd_##noun##_show = { \
	    .name = #noun " show", \
	    .help = "show all fields of " what, \
	    .mode = MODE_READ, \
	    .operands = OPERANDS({.count = OPERAND_MANY, .kind = number, .name = __VA_ARGS__}), \
	    .run = run, \
	}

SHOW(node, KIND_NODE, "nodes", "NODE");
SHOW(kv, KIND_KV, "keys", "[NAMESPACE/]KEY", .completes = "kv/");
SHOW(lease, KIND_LEASE, "leases", "LEASE");
SHOW(actor, KIND_ACTOR, "actors", "ACTOR");
SHOW(pg, KIND_PG, "placement groups", "PG");
SHOW(job, KIND_JOB, "jobs", "JOB");
SHOW(task, KIND_TASK, "tasks", "TASK");
SHOW(worker, KIND_WORKER, "processes", "WORKER");

const struct command cmd_show = {
    .name = "show",
    .help = "show events of the log in full",
    .mode = MODE_READ,
    .operands = OPERANDS({.name = "SEQ", .count = OPERAND_MANY}),
    .run = run_events,
};
