/* show: `node show`, `kv show`: records in full; `show SEQ`: an event. */
#include "cmd.h"

#include "base/number.h"
#include "state/event.h"

/* Records one below the other as text; in all other formats as one list. */
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
	return list_begin(&s->list, ctx->out, rec, NULL, &ctx->style, ctx->turn, e);
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
show_one(struct showing *s, const struct view *view, const struct kind *kind, const char *text,
    struct err *e)
{
	struct found found;

	if (record_find(s->ctx->cluster, kind, text, ctx_self(), &found, e) < 0 ||
	    view_fill(s->ctx, view, kind, found.record, e))
		return -1;
	return showing_add(s, found.record, e);
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct kind *kind = kind_of(*(const unsigned *)ctx->command->sub);
	struct showing showing;
	struct view view;
	int bad = 0;

	(void)params;
	if (view_open(ctx, kind, &view, e) || showing_begin(&showing, ctx, kind->rec, e))
		return -1;
	view.values = true;
	for (; *operands && !bad; operands++)
		bad = show_one(&showing, &view, kind, *operands, e);
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
	if (got < 0 || event_show(&event, ctx->turn, e))
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

static const unsigned node = KIND_NODE, kv = KIND_KV, lease = KIND_LEASE, actor = KIND_ACTOR,
		      pg = KIND_PG, job = KIND_JOB, task = KIND_TASK, worker = KIND_WORKER;
static const struct operand nodes[] = {{"NODE", OPERAND_MANY, "node"}, {NULL, OPERAND_ONE, NULL}};
static const struct operand leases[] = {
    {"LEASE", OPERAND_MANY, "lease"}, {NULL, OPERAND_ONE, NULL}};
static const struct operand actors[] = {
    {"ACTOR", OPERAND_MANY, "actor"}, {NULL, OPERAND_ONE, NULL}};
static const struct operand pgs[] = {{"PG", OPERAND_MANY, "pg"}, {NULL, OPERAND_ONE, NULL}};
static const struct operand jobs[] = {{"JOB", OPERAND_MANY, "job"}, {NULL, OPERAND_ONE, NULL}};
static const struct operand tasks[] = {{"TASK", OPERAND_MANY, "task"}, {NULL, OPERAND_ONE, NULL}};
static const struct operand workers[] = {
    {"WORKER", OPERAND_MANY, "worker"}, {NULL, OPERAND_ONE, NULL}};
static const struct operand keys[] = {
    {"[NAMESPACE/]KEY", OPERAND_MANY, "kv/"}, {NULL, OPERAND_ONE, NULL}};
static const struct operand seqs[] = {{"SEQ", OPERAND_MANY, NULL}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_node_show = {
    "node show", "show all fields of nodes", MODE_READ, 0, nodes, NULL, 0, run, &node, 0, NULL};
const struct command cmd_kv_show = {
    "kv show", "show all fields of keys", MODE_READ, 0, keys, NULL, 0, run, &kv, 0, NULL};
const struct command cmd_show = {"show", "show events of the log in full", MODE_READ, 0, seqs, NULL,
    0, run_events, NULL, 0, NULL};
const struct command cmd_lease_show = {
    "lease show", "show all fields of leases", MODE_READ, 0, leases, NULL, 0, run, &lease, 0, NULL};
const struct command cmd_actor_show = {
    "actor show", "show all fields of actors", MODE_READ, 0, actors, NULL, 0, run, &actor, 0, NULL};
const struct command cmd_pg_show = {
    "pg show", "show all fields of placement groups", MODE_READ, 0, pgs, NULL, 0, run, &pg, 0, NULL};
const struct command cmd_job_show = {
    "job show", "show all fields of jobs", MODE_READ, 0, jobs, NULL, 0, run, &job, 0, NULL};
const struct command cmd_task_show = {
    "task show", "show all fields of tasks", MODE_READ, 0, tasks, NULL, 0, run, &task, 0, NULL};
const struct command cmd_worker_show = {"worker show", "show all fields of processes", MODE_READ, 0,
    workers, NULL, 0, run, &worker, 0, NULL};
