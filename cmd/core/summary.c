#include "core/summary.h"

#include <string.h>

#include "base/duration.h"
#include "store/scan.h"
#include "model/timers.h"
#include "state/key.h"
#include "state/record.h"
#include "store/txn.h"
#include "wakeup/monitor_lock.h"

/* Only the first problem is reported. */
static void
wrong(struct cluster_summary *s, const char *text)
{
	if (!s->unhealthy)
		s->why = text;
	s->unhealthy = true;
}

static void
judge(struct ctx *ctx, struct cluster_summary *s)
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

/* Sums what living nodes have, and counts overdue ones. */
static int
nodes_sum(
    struct ctx *ctx, struct cluster_summary *s, summary_node *told, void *argument, struct err *e)
{
	const struct kind *kind = kind_of(ctx->kinds, KIND_NODE);
	struct slice key, row;
	struct scan scan;
	struct computed view;
	int got;

	if (computed_open(ctx, kind, &view, e) ||
	    scan_table(&scan, ctx->cluster->txn, TABLE_NODE, e))
		return -1;
	if (!ctx->style.form.past) {
		view.beats = arena_alloc(ctx->turn, (view.count + 1) * sizeof *view.beats);
		if (pulse_read(ctx->cluster->pulse, 1, view.count, view.beats + 1, e))
			return -1;
	}
	while ((got = scan_next(&scan, &key, &row, e)) > 0) {
		struct node n = {0};

		if (rec_decode(&rec_node, &n, row, ctx->turn, e) ||
		    computed_fill(ctx, &view, kind, &n, e)) {
			got = -1;
			break;
		}
		s->cordoned += n.cordoned && n.state == NODE_ALIVE;
		s->overdue += n.stale;
		if (n.state == NODE_DEAD)
			continue;
		amounts_sum(&s->total, &n.total, ctx->turn);
		amounts_sum(&s->used, &n.used, ctx->turn);
		if (told)
			told(argument, &n);
	}
	scan_close(&scan);
	return got < 0 ? -1 : 0;
}

static int
states_count(struct ctx *ctx, unsigned number, uint64_t *counts, struct err *e)
{
	const struct kind *kind = kind_of(ctx->kinds, number);
	const struct state_rule *s;

	for (s = kind->states; s < kind->states + kind->nstates; s++)
		if (record_count(ctx->cluster, kind, s->state, &counts[s->state], e))
			return -1;
	return 0;
}

int
summary_take(
    struct ctx *ctx, struct cluster_summary *s, summary_node *told, void *argument, struct err *e)
{
	const struct kind *node = kind_of(ctx->kinds, KIND_NODE);
	struct store_size size;
	unsigned state;

	memset(s, 0, sizeof *s);
	for (state = NODE_ALIVE; state <= NODE_DEAD; state++)
		if (record_count(ctx->cluster, node, state, &s->nodes[state], e))
			return -1;
	if (states_count(ctx, KIND_ACTOR, s->actors, e) || states_count(ctx, KIND_PG, s->pgs, e) ||
	    states_count(ctx, KIND_JOB, s->jobs, e) || states_count(ctx, KIND_TASK, s->tasks, e))
		return -1;
	if (record_count(ctx->cluster, kind_of(ctx->kinds, KIND_KV), 0, &s->kv, e) ||
	    nodes_sum(ctx, s, told, argument, e))
		return -1;
	if (txn_size(ctx->cluster->txn, &size, e) || timers_next(ctx->cluster, &s->due_ms, e))
		return -1;
	s->used_bytes = size.used_bytes;
	if (ctx->style.form.past)
		return 0;
	s->monitor = monitor_lock_taken(store_dir(ctx->store), NULL);
	judge(ctx, s);
	return 0;
}

const char *
summary_states(struct ctx *ctx, unsigned number, const uint64_t *counts, bool living)
{
	const struct kind *kind = kind_of(ctx->kinds, number);
	const struct field *names = rec_field(kind->rec, "state");
	struct buf text = {.arena = ctx->turn};
	const struct state_rule *s;

	for (s = kind->states; s < kind->states + kind->nstates; s++)
		if (counts[s->state] && !(living && s->ended))
			buf_printf(&text, "%s%llu %s", text.n ? ", " : "",
			    (unsigned long long)counts[s->state], enum_text(names->sub, s->state));
	return buf_string(&text);
}
