/* status: a summary of the cluster. */
#include "core/summary.h"

#include <string.h>

#include "base/size.h"
#include "base/text.h"
#include "base/time.h"
#include "store/txn.h"
#include "ui/bar.h"

struct params {
	bool check;
};

static const char *
truth(bool claim)
{
	return claim ? "true" : "false";
}

/* Values that the log does not have are null with --at. */
static void
print_json(struct ctx *ctx, const struct cluster_summary *s)
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
print_resource(struct ctx *ctx, const struct amount *total, const struct amount *used)
{
	char of[NUMBER_SIZE], text[NUMBER_SIZE];
	uint64_t part = used ? used->value : 0;
	struct buf bar = {.arena = ctx->turn};

	resource_format(of, total->name, total->value);
	if (!part) {
		out_printf(ctx->out, "%-10s %s\n", total->name, of);
		return;
	}
	bar_add(&bar, 20, part, total->value);
	out_printf(ctx->out, "%-10s %s %s of %s used\n", total->name, buf_string(&bar),
	    resource_format(text, total->name, part), of);
}

/* "actors     3 ALIVE, 1 PENDING"; nothing if there were never any. */
static void
print_states(struct ctx *ctx, const char *title, unsigned kind, const uint64_t *counts)
{
	const char *text = summary_states(ctx, kind, counts, false);

	if (*text)
		out_printf(ctx->out, "%-10s %s\n", title, text);
}

static void
print_text(struct ctx *ctx, const struct cluster_summary *s)
{
	const struct store_meta *meta = store_meta(ctx->store);
	char text[NUMBER_SIZE], time[TIME_SIZE];
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
		print_resource(ctx, &s->total.v[i], amounts_get(&s->used, s->total.v[i].name));
	print_states(ctx, "jobs", KIND_JOB, s->jobs);
	print_states(ctx, "tasks", KIND_TASK, s->tasks);
	print_states(ctx, "actors", KIND_ACTOR, s->actors);
	print_states(ctx, "pgs", KIND_PG, s->pgs);
	out_printf(
	    o, "kv         %llu %s\n", (unsigned long long)s->kv, s->kv == 1 ? "key" : "keys");
	if (s->why)
		out_printf(o, "unhealthy  %s\n", s->why);
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct cluster_summary s;

	(void)operands;
	if (p->check && ctx->style.form.past)
		return err_set(e, ERR_USAGE, "--check: not with --at: health is of now");
	if (summary_take(ctx, &s, NULL, NULL, e))
		return -1;
	if (ctx_json(ctx))
		print_json(ctx, &s);
	else
		print_text(ctx, &s);
	return p->check && s.unhealthy ? err_set(e, ERR_NO, "%s", "") : 0;
}

static const struct opt opts[] = {
    OPT(0, "check", OPT_FLAG, check, NULL, "exit 1 if something is wrong"),
};

const struct command cmd_status = {
    .name = "status",
    .help = "show the cluster at a glance",
    .mode = MODE_READ,
    .opts = OPTS(opts, struct params),
    .run = run,
};
