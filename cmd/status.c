/* status: the cluster at a glance. */
#include "cmd.h"

#include <string.h>

#include "base/clock.h"
#include "base/number.h"
#include "base/text.h"
#include "cluster/tick.h"
#include "state/record.h"
#include "watch/post.h"

struct params {
	bool check;
};

struct glance {
	uint64_t actors[ACTOR_FAILED + 1], pgs[PG_REMOVED + 1], jobs[JOB_FAILED + 1];
	uint64_t tasks[TASK_CANCELLED + 1];
	uint64_t nodes[NODE_DEAD + 1], kv, cordoned, overdue;
	struct amounts total, used;
	uint64_t used_bytes, due_ms;
	bool monitor, unhealthy;
	const char *why; /* the first thing that is wrong */
};

/* The first thing that is wrong is the one that is told. */
static void
wrong(struct glance *s, const char *text)
{
	if (!s->unhealthy)
		s->why = text;
	s->unhealthy = true;
}

static void
judge(struct ctx *ctx, struct glance *s)
{
	uint64_t late_ms =
	    s->due_ms && s->due_ms < ctx->cluster->now_ms ? ctx->cluster->now_ms - s->due_ms : 0;
	char text[NUMBER_SIZE];

	if (s->overdue)
		wrong(s, arena_printf(ctx->turn,
			     "nodes overdue with their heartbeats: %llu (gcs node list)",
			     (unsigned long long)s->overdue));
	if (!s->monitor && s->nodes[NODE_ALIVE])
		wrong(s, "no monitor runs, so silent nodes stay ALIVE (gcs monitor)");
	if (late_ms > 60000)
		wrong(s, arena_printf(ctx->turn,
			     "something fell due %s ago and is not done (gcs monitor)",
			     duration_short(text, late_ms)));
}

/* Sums what living nodes have, and looks who is overdue. */
static int
nodes_sum(struct ctx *ctx, struct glance *s, struct err *e)
{
	const struct kind *kind = kind_of(KIND_NODE);
	struct slice key, row, all = {NULL, 0};
	struct scan scan;
	struct view view;
	int got;

	if (view_open(ctx, kind, &view, e) ||
	    scan_open(&scan, ctx->cluster->txn, TABLE_NODE, all, all, false, e))
		return -1;
	if (!ctx->style.form.past) {
		view.beats = arena_alloc(ctx->turn, (view.count + 1) * sizeof *view.beats);
		if (pulse_read(ctx->cluster->pulse, 1, view.count, view.beats + 1, e))
			return -1;
	}
	while ((got = scan_next(&scan, &key, &row, e)) > 0) {
		struct node n = {0};

		if (rec_decode(&rec_node, &n, row, ctx->turn, e) ||
		    view_fill(ctx, &view, kind, &n, e)) {
			got = -1;
			break;
		}
		s->cordoned += n.cordoned && n.state == NODE_ALIVE;
		s->overdue += n.stale;
		if (n.state == NODE_DEAD)
			continue;
		amounts_sum(&s->total, &n.total, ctx->turn);
		amounts_sum(&s->used, &n.used, ctx->turn);
	}
	scan_close(&scan);
	return got < 0 ? -1 : 0;
}

static int
states_count(struct ctx *ctx, unsigned number, uint64_t *counts, struct err *e)
{
	const struct kind *kind = kind_of(number);
	const struct state_rule *s;

	for (s = kind->states; s->state; s++)
		if (record_count(ctx->cluster, kind, s->state, &counts[s->state], e))
			return -1;
	return 0;
}

static int
summarize(struct ctx *ctx, struct glance *s, struct err *e)
{
	const struct kind *node = kind_of(KIND_NODE);
	struct store_size size;
	unsigned state;

	memset(s, 0, sizeof *s);
	for (state = NODE_ALIVE; state <= NODE_DEAD; state++)
		if (record_count(ctx->cluster, node, state, &s->nodes[state], e))
			return -1;
	if (states_count(ctx, KIND_ACTOR, s->actors, e) || states_count(ctx, KIND_PG, s->pgs, e) ||
	    states_count(ctx, KIND_JOB, s->jobs, e) || states_count(ctx, KIND_TASK, s->tasks, e))
		return -1;
	if (record_count(ctx->cluster, kind_of(KIND_KV), 0, &s->kv, e) || nodes_sum(ctx, s, e))
		return -1;
	if (txn_size(ctx->cluster->txn, &size, e) || tick_next(ctx->cluster, &s->due_ms, e))
		return -1;
	s->used_bytes = size.used_bytes;
	if (ctx->style.form.past)
		return 0;
	s->monitor = post_taken(store_dir(ctx->store), NULL);
	judge(ctx, s);
	return 0;
}

static const char *
truth(bool claim)
{
	return claim ? "true" : "false";
}

/* What is not in the log is null with --at. */
static void
print_json(struct ctx *ctx, const struct glance *s)
{
	bool past = ctx->style.form.past;
	const struct field *total = rec_field(&rec_node, "total");
	struct buf out = {.arena = ctx->turn};
	struct form plain = {0};
	struct node sum = {.total = s->total};

	buf_printf(&out,
	    "{\"v\":1,\"seq\":%llu,\"horizon\":%llu,\"name\":", (unsigned long long)ctx->style.seq,
	    (unsigned long long)txn_horizon(ctx->cluster->txn));
	text_json(&out, store_meta(ctx->store)->name, strlen(store_meta(ctx->store)->name));
	buf_printf(&out, ",\"now_ms\":%llu,\"monitor\":%s,\"healthy\":%s,\"why\":",
	    (unsigned long long)ctx->cluster->now_ms, past ? "null" : truth(s->monitor),
	    past ? "null" : truth(!s->unhealthy));
	if (s->why)
		text_json(&out, s->why, strlen(s->why));
	else
		buf_text(&out, "null");
	buf_printf(&out,
	    ",\"nodes\":{\"ALIVE\":%llu,\"DRAINING\":%llu,\"DEAD\":%llu,\"cordoned\":%llu,"
	    "\"overdue\":%llu},\"kv\":%llu,\"store_bytes\":%llu,\"total\":",
	    (unsigned long long)s->nodes[NODE_ALIVE], (unsigned long long)s->nodes[NODE_DRAINING],
	    (unsigned long long)s->nodes[NODE_DEAD], (unsigned long long)s->cordoned,
	    (unsigned long long)s->overdue, (unsigned long long)s->kv,
	    (unsigned long long)s->used_bytes);
	field_json(total, &sum, &plain, &out);
	buf_text(&out, "}\n");
	out_add(ctx->out, out.p, out.n);
}

/* "gpu        8", or "gpu        [#####...............] 2 of 8 used". */
static void
print_bar(struct out *o, const struct amount *total, const struct amount *used)
{
	char bar[21], of[NUMBER_SIZE], text[NUMBER_SIZE];
	uint64_t part = used ? used->value : 0;
	size_t filled = (size_t)((double)part * 20 / (double)total->value + 0.5);

	if (!part) {
		out_printf(
		    o, "%-10s %s\n", total->name, resource_format(of, total->name, total->value));
		return;
	}
	memset(bar, '.', 20);
	memset(bar, '#', filled < 20 ? filled : 20);
	bar[20] = '\0';
	out_printf(o, "%-10s [%s] %s of %s used\n", total->name, bar,
	    resource_format(text, total->name, part),
	    resource_format(of, total->name, total->value));
}

/* "actors     3 ALIVE, 1 PENDING"; nothing if there never were any. */
static void
print_states(
    struct ctx *ctx, const char *title, const uint64_t *counts, const struct enum_name *states)
{
	struct buf text = {.arena = ctx->turn};

	for (; states->name; states++)
		if (counts[states->value])
			buf_printf(&text, "%s%llu %s", text.n ? ", " : "",
			    (unsigned long long)counts[states->value], states->name);
	if (text.n)
		out_printf(ctx->out, "%-10s %s\n", title, buf_string(&text));
}

static void
print_text(struct ctx *ctx, const struct glance *s)
{
	const struct store_meta *meta = store_meta(ctx->store);
	char text[NUMBER_SIZE], time[CLOCK_TEXT_SIZE];
	struct out *o = ctx->out;
	size_t i;

	if (*meta->name)
		out_printf(o, "cluster    %s\n", meta->name);
	out_printf(o, "directory  %s, %s in use\n", store_path(ctx->store),
	    size_format(text, s->used_bytes));
	out_printf(o, "log        event %llu, kept from %llu\n", (unsigned long long)ctx->style.seq,
	    (unsigned long long)txn_horizon(ctx->cluster->txn));
	if (!ctx->style.form.past)
		out_printf(o, "monitor    %s\n", s->monitor ? "running" : "not running");
	if (meta->given_clock)
		out_printf(
		    o, "clock      %s (a test clock)\n", time_format(time, ctx->cluster->now_ms));
	out_printf(o, "nodes      %llu alive", (unsigned long long)s->nodes[NODE_ALIVE]);
	if (s->cordoned)
		out_printf(o, " (%llu cordoned)", (unsigned long long)s->cordoned);
	if (s->overdue)
		out_printf(o, " (%llu overdue)", (unsigned long long)s->overdue);
	out_printf(o, ", %llu draining, %llu dead\n", (unsigned long long)s->nodes[NODE_DRAINING],
	    (unsigned long long)s->nodes[NODE_DEAD]);
	for (i = 0; i < s->total.n; i++)
		print_bar(o, &s->total.v[i], amounts_get(&s->used, s->total.v[i].name));
	print_states(ctx, "jobs", s->jobs, job_states);
	print_states(ctx, "tasks", s->tasks, task_states);
	print_states(ctx, "actors", s->actors, actor_states);
	print_states(ctx, "pgs", s->pgs, pg_states);
	out_printf(
	    o, "kv         %llu %s\n", (unsigned long long)s->kv, s->kv == 1 ? "key" : "keys");
	if (s->why)
		out_printf(o, "unhealthy  %s\n", s->why);
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct glance s;

	(void)operands;
	if (p->check && ctx->style.form.past)
		return err_set(e, ERR_USAGE, "--check: not with --at: health is of now");
	if (summarize(ctx, &s, e))
		return -1;
	if (ctx_json(ctx))
		print_json(ctx, &s);
	else
		print_text(ctx, &s);
	return p->check && s.unhealthy ? err_set(e, ERR_NO, "%s", "") : 0;
}

static const struct opt opts[] = {
    {0, "check", OPT_FLAG, offsetof(struct params, check), NULL, "exit 1 if something is wrong",
	NULL, NULL},
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};

const struct command cmd_status = {"status", "show the cluster at a glance", MODE_READ, 0, NULL,
    opts, sizeof(struct params), run, NULL, 0, NULL};
