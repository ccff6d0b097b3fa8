/*
 * wait: waits until something holds for records, now or right after any later event. Records are
 * judged in their state after each of their events, as the log has them: so a state that lasted one
 * transaction is seen.
 */
#include "follow/wait.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "core/stay.h"
#include "follow/target.h"
#include "state/event.h"
#include "store/txn.h"

#define EVENTS_MOST 1000 /* in one read transaction */

static bool
is_of_record(const struct expr *x)
{
	return x->kind != EXPR_FITS && x->kind != EXPR_QUIET;
}

/* --- one turn --- */

static void
quiet_event(struct wait *w, uint64_t time_ms)
{
	size_t i;

	for (i = 0; i < w->n; i++) {
		struct condition *q = &w->conditions[i];

		if (q->x.kind == EXPR_QUIET && !q->came && time_ms >= w->last_ms + q->x.quiet_ms)
			target_met(w, q);
	}
	w->last_ms = time_ms;
}

static int
event_take(struct ctx *ctx, struct wait *w, const struct event *event, struct err *e)
{
	bool ours = !w->ntargets;
	size_t i;

	w->cursor = event->seq;
	for (i = 0; i < w->ntargets; i++) {
		int mine = target_take(ctx, w, &w->targets[i], event, e);

		if (mine < 0)
			return -1;
		ours |= mine > 0;
	}
	if (ours)
		quiet_event(w, event->time_ms);
	return 0;
}

/* Finds the last event up to the cursor. */
static int
quiet_start(struct ctx *ctx, struct wait *w, struct err *e)
{
	struct transaction t = {0};
	uint64_t ms;
	size_t i;

	if (!w->ntargets && event_transaction(ctx->cluster, w->cursor, &t, e) < 0)
		return -1;
	w->last_ms = t.time_ms;
	for (i = 0; i < w->ntargets; i++) {
		if (!w->targets[i].at.kind)
			continue;
		if (expr_last_event(ctx, &w->targets[i].at, w->cursor, &ms, e))
			return -1;
		w->last_ms = ms > w->last_ms ? ms : w->last_ms;
	}
	return 0;
}

/* Fails if events after the cursor are missing. */
static int
gap_check(struct ctx *ctx, const struct wait *w, struct err *e)
{
	uint64_t horizon = txn_horizon(ctx->cluster->txn), last = txn_seq(ctx->cluster->txn);
	const struct store_id *history = &store_meta(ctx->store)->history;

	if (memcmp(&w->history, history, sizeof *history) != 0 || (w->started && w->cursor > last))
		return err_set(e, ERR_HORIZON, "the history is another one: horizon %llu",
		    (unsigned long long)horizon);
	if (w->cursor > last)
		return err_set(e, ERR_NO, "event %llu does not exist yet: the last one is %llu",
		    (unsigned long long)w->cursor, (unsigned long long)last);
	if (w->cursor + 1 >= horizon)
		return 0;
	return err_set(e, ERR_HORIZON, "events %llu to %llu are forgotten: horizon %llu",
	    (unsigned long long)w->cursor + 1, (unsigned long long)horizon - 1,
	    (unsigned long long)horizon);
}

static int
start(struct ctx *ctx, struct wait *w, struct err *e)
{
	size_t i;

	w->history = store_meta(ctx->store)->history;
	w->cursor = txn_seq(ctx->cluster->txn);
	if (w->what->since && when_parse(ctx, w->what->since, &w->cursor, e))
		return err_wrap(e, "--since");
	if (gap_check(ctx, w, e))
		return -1;
	for (i = 0; i < w->ntargets; i++)
		if (target_start(ctx, w, &w->targets[i], e))
			return -1;
	if (quiet_start(ctx, w, e))
		return -1;
	w->started = true;
	if (w->cursor == txn_seq(ctx->cluster->txn))
		return 0;
	for (i = 0; i < w->ntargets; i++)
		if (w->targets[i].at.kind && target_judge(ctx, w, &w->targets[i], true, e))
			return -1;
	return 0;
}

static int
present_fits(struct ctx *ctx, struct wait *w, struct condition *q, struct err *e)
{
	int fits;

	if (w->fits_seq == w->cursor + 1)
		return 0;
	fits = expr_fits(ctx, &q->x, e);
	if (fits > 0)
		target_met(w, q);
	return fits < 0 ? -1 : 0;
}

static void
present_quiet(struct ctx *ctx, struct wait *w, struct condition *q)
{
	uint64_t now = ctx->cluster->now_ms, at = w->last_ms + q->x.quiet_ms;

	if (now >= at)
		target_met(w, q);
	else if (!store_meta(ctx->store)->given_clock)
		w->quiet_in = stay_earlier(w->quiet_in, at - now);
}

/* All events are taken: judges the current state. */
static int
present(struct ctx *ctx, struct wait *w, struct err *e)
{
	size_t i;

	for (i = 0; i < w->ntargets; i++)
		if (target_judge(ctx, w, &w->targets[i], false, e))
			return -1;
	w->quiet_in = 0;
	for (i = 0; i < w->n; i++) {
		struct condition *q = &w->conditions[i];

		if (q->came)
			continue;
		if (q->x.kind == EXPR_FITS && present_fits(ctx, w, q, e))
			return -1;
		if (q->x.kind == EXPR_QUIET)
			present_quiet(ctx, w, q);
	}
	w->fits_seq = w->cursor + 1;
	return 0;
}

static int
turn_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct wait *w = argument;
	struct event_reader reader = {.c = ctx->cluster};
	uint64_t last = txn_seq(ctx->cluster->txn);
	struct event event;

	ctx->out->holding = true;
	if (w->started ? gap_check(ctx, w, e) : start(ctx, w, e))
		return -1;
	w->more = last > w->cursor + EVENTS_MOST;
	if (w->more)
		last = w->cursor + EVENTS_MOST;
	while (w->cursor < last)
		if (event_read(&reader, w->cursor + 1, &event, e) <= 0 ||
		    event_take(ctx, w, &event, e))
			return -1;
	return w->more ? 0 : present(ctx, w, e);
}

/* --- output and sleep --- */

static void
tell_one(struct ctx *ctx, const struct condition *q)
{
	const struct target *t = q->of;
	struct buf line = {.arena = ctx->turn};

	buf_text(&line, "{\"v\":1,\"record\":");
	if (t)
		text_json(&line, t->text, strlen(t->text));
	else
		buf_text(&line, "null");
	buf_text(&line, ",\"id\":");
	if (q->ref)
		buf_printf(&line, "\"%c%" PRIu64 "\"", ref_letter(q->ref), ref_number(q->ref));
	else
		buf_text(&line, "null");
	buf_text(&line, ",\"for\":");
	text_json(&line, q->x.text, strlen(q->x.text));
	out_printf(ctx->out, "%s,\"seq\":%" PRIu64 "}\n", buf_string(&line), q->seq);
}

static int
tell(struct ctx *ctx, struct wait *w, struct err *e)
{
	size_t i;

	for (i = 0; i < w->n; i++) {
		struct condition *q = &w->conditions[i];

		if (!q->came || q->told)
			continue;
		q->told = true;
		if (w->what->tell && ctx_json(ctx))
			tell_one(ctx, q);
	}
	return out_flush(ctx->out, e);
}

/* -1: it can no longer hold. */
static int
settled(const struct wait *w, struct err *e)
{
	const char *never = NULL;
	size_t i, come = 0, lost = 0;

	for (i = 0; i < w->n; i++) {
		come += w->conditions[i].came;
		lost += w->conditions[i].never != NULL;
		if (w->conditions[i].never && !never)
			never = w->conditions[i].never;
	}
	if (come == w->n || (w->what->any && come))
		return STAY_OVER;
	if (lost && (!w->what->any || lost == w->n))
		return err_set(e, ERR_IMPOSSIBLE, "%s", never);
	return w->more ? STAY_AGAIN : STAY_ON;
}

static int
out_of_time(struct ctx *ctx, const struct wait *w, struct err *e)
{
	const struct condition *q = NULL;
	const char *more = "";
	size_t i, left = 0;

	for (i = w->n; i-- > 0;)
		if (!w->conditions[i].came && !w->conditions[i].never) {
			q = &w->conditions[i];
			left++;
		}
	if (left > 1)
		more = arena_printf(ctx->arena, ", nor did %zu more", left - 1);
	return err_value(e, ERR_TIMEOUT, q->x.text, "%s%s'%s' did not come in time%s",
	    q->of ? q->of->text : "", q->of ? ": " : "", q->x.text, more);
}

/* -v: prints what it waits for, once. */
static void
say_waits(struct ctx *ctx, struct wait *w)
{
	size_t i;

	for (i = 0; ctx->globals.verbose && !w->said && i < w->n; i++) {
		const struct condition *q = &w->conditions[i];

		if (!q->came && !q->never)
			note(ctx, "waiting for %s%s%s", q->of ? q->of->text : "", q->of ? ": " : "",
			    q->x.text);
	}
	w->said = true;
	notes_print(ctx);
}

static int
turn(struct stay *s, void *argument, struct err *e)
{
	struct wait *w = argument;
	struct ctx *ctx = s->ctx;
	int got;

	if (ctx_read(ctx, turn_body, w, e) || tell(ctx, w, e))
		return -1;
	got = settled(w, e);
	if (got != STAY_ON)
		return got;
	say_waits(ctx, w);
	s->next_ms = w->quiet_in ? clock_monotonic_ms() + w->quiet_in : 0;
	return w->what->meanwhile ? w->what->meanwhile(ctx, w->what->argument, e) : STAY_ON;
}

/* Combines each REC with each EXPR that takes one. */
static int
conditions_make(struct ctx *ctx, struct wait *w, struct err *e)
{
	const struct texts *records = &w->what->records, *expressions = &w->what->expressions;
	struct expr x;
	size_t i, j;

	w->ntargets = records->n;
	w->targets = arena_alloc(ctx->arena, (records->n + 1) * sizeof *w->targets);
	w->conditions =
	    arena_alloc(ctx->arena, (records->n + 1) * expressions->n * sizeof *w->conditions);
	for (j = 0; j < records->n; j++)
		w->targets[j].text = records->v[j];
	for (i = 0; i < expressions->n; i++) {
		if (expr_parse(expressions->v[i], &x, ctx->arena, e))
			return -1;
		if (!is_of_record(&x))
			w->conditions[w->n++].x = x;
		else if (!records->n)
			return err_value(e, ERR_USAGE, x.text, "'%s' of which record?", x.text);
		for (j = 0; is_of_record(&x) && j < records->n; j++)
			w->conditions[w->n++] = (struct condition){.of = &w->targets[j], .x = x};
	}
	return 0;
}

int
wait_run(struct ctx *ctx, const struct wait_for *what, struct err *e)
{
	struct wait w = {.what = what};
	struct stay s = {.ctx = ctx, .argument = &w, .turn = turn, .keeps = true};

	if (what->timeout.given)
		s.end_ms = clock_monotonic_ms() + what->timeout.value;
	if (conditions_make(ctx, &w, e) || stay_run(&s, e))
		return -1;
	return s.late ? out_of_time(ctx, &w, e) : 0;
}

/* --- after a change --- */

struct texts
wait_records(struct ctx *ctx)
{
	char *p = arena_strdup(ctx->arena, buf_string(&ctx->made)), *end;
	struct texts t = {.n = 0};

	if (!*p)
		return (struct texts){(const char **)ctx->parsed.operands, ctx->parsed.n};
	t.v = arena_alloc(ctx->arena, strlen(p) * sizeof *t.v);
	for (; *p; p = end + 1) {
		end = strchr(p, '\n');
		*end = '\0';
		t.v[t.n++] = p;
	}
	return t;
}

/* Called by the dispatcher. */
static int
wait_after(struct ctx *ctx, struct err *e)
{
	struct wait_for what = {.records = wait_records(ctx),
	    .expressions = {&ctx->after.expression, 1},
	    .unless = ctx->after.unless,
	    .since = arena_printf(ctx->arena, "%llu", (unsigned long long)ctx->seq),
	    .timeout = ctx->after.timeout};

	return wait_run(ctx, &what, e);
}

int
wait_prepare(struct ctx *ctx, const struct wait_params *p, const char *expression,
    const char *unless, struct err *e)
{
	if (p->timeout.given && !p->wait)
		return err_set(e, ERR_USAGE, "--timeout goes with --wait");
	if (!p->wait)
		return 0;
	ctx->after = (struct wait_later){
	    .run = wait_after, .expression = expression, .unless = unless, .timeout = p->timeout};
	return 0;
}

/* --- the command --- */

struct params {
	struct texts expressions;
	bool any;
	const char *since;
	struct opt_number timeout;
};

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct wait_for what = {.records = {(const char **)operands, ctx->parsed.n},
	    .expressions = p->expressions,
	    .any = p->any,
	    .since = p->since,
	    .timeout = p->timeout,
	    .tell = true};

	if (!p->expressions.n)
		return err_set(e, ERR_USAGE, "--for is required: what is waited for?");
	return wait_run(ctx, &what, e);
}

static const struct opt opts[] = {
    OPT(0, "for", OPT_TEXTS, expressions, "EXPR",
	"what must hold: a state, exists, gone, ended, ok, FIELD OP VALUE, …; may be repeated",
	.completes = "state"),
    OPT(0, "any", OPT_FLAG, any, NULL, "one of them is enough"),
    OPT(0, "since", OPT_TEXT, since, "WHEN",
	"as if the wait had begun right after this event, or at this time"),
    OPT(0, "timeout", OPT_DURATION, timeout, "D", "give up after this time (exit 124)"),
};

const struct command cmd_wait = {
    .name = "wait",
    .help = "wait until a condition holds for records",
    .mode = MODE_OPEN,
    .flags = CMD_LONG | CMD_READS,
    .operands = OPERANDS({.name = "REC", .count = OPERAND_ANY, .completes = "record"}),
    .opts = OPTS(opts, struct params),
    .run = run,
};
