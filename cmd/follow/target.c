/*
 * The record that a text names as time goes on, its state after each of its events, and the
 * conditions that hold for it then.
 */
#include "follow/target.h"

#include <string.h>

#include "rec/rec.h"
#include "state/event.h"
#include "state/key.h"
#include "state/record.h"
#include "state/resolve.h"
#include "store/txn.h"

void
target_met(const struct wait *w, struct condition *q)
{
	q->came = true;
	q->never = NULL;
	q->seq = w->cursor;
	if (q->of && q->of->at.kind && q->of->at.kind->letter)
		q->ref = ref_make(q->of->at.kind->letter, key_tail(key_slice(&q->of->at.key)));
}

static const char *
state_text(const struct kind *kind, const void *record)
{
	const struct field *f = rec_field(kind->rec, "state");

	return f ? enum_text(f->sub, record_state(kind, record)) : "there";
}

static const char *
never_text(struct ctx *ctx, const struct condition *q, const struct moment *m)
{
	if (!m->record)
		return arena_printf(
		    ctx->arena, "%s is gone: '%s' can no longer come", q->of->text, q->x.text);
	if (q->x.kind == EXPR_STATE && record_ended(m->kind, m->record))
		return arena_printf(ctx->arena, "%s %s is %s: cannot become %s", m->kind->name,
		    record_label(m->kind, m->record, ctx->turn), state_text(m->kind, m->record),
		    q->x.text);
	return arena_printf(ctx->arena, "%s %s is %s: '%s' can no longer come", m->kind->name,
	    record_label(m->kind, m->record, ctx->turn), state_text(m->kind, m->record), q->x.text);
}

/* The state that ends the wait, although the rules allow others after it. */
static bool
is_unless(const struct wait *w, const struct moment *m)
{
	return w->what->unless && m->record &&
	       !strcmp(state_text(m->kind, m->record), w->what->unless);
}

static int
judge_one(struct ctx *ctx, const struct wait *w, struct condition *q, const struct moment *m,
    struct err *e)
{
	bool named = !q->of->expected.key.n || !m->kind || !m->kind->letter;
	int holds;

	if (q->came || q->never || (m->kind && !q->suits))
		return 0;
	holds = expr_holds(ctx, &q->x, m, e);
	if (holds < 0)
		return -1;
	if (holds)
		target_met(w, q);
	else if (m->kind && (expr_hopeless(&q->x, m, named) || is_unless(w, m)))
		q->never = never_text(ctx, q, m);
	return 0;
}

static int
record_of(struct ctx *ctx, const struct target *t, void **record, struct err *e)
{
	*record = NULL;
	if (!t->row.n)
		return 0;
	*record = arena_alloc(ctx->cluster->arena, t->at.kind->rec->size);
	return rec_decode(t->at.kind->rec, *record, t->row, ctx->cluster->arena, e);
}

int
target_judge(
    struct ctx *ctx, const struct wait *w, const struct target *t, bool past, struct err *e)
{
	struct moment m = {.kind = t->at.kind, .past = past};
	size_t i;

	m.final = t->at.kind && t->at.kind->letter &&
		  (t->gone || (!past && resolve_given_out(ctx->cluster, &t->expected)));
	if (record_of(ctx, t, &m.record, e))
		return -1;
	for (i = 0; i < w->n; i++)
		if (w->conditions[i].of == t && judge_one(ctx, w, &w->conditions[i], &m, e))
			return -1;
	return 0;
}

static void
row_keep(struct ctx *ctx, struct target *t, struct slice row)
{
	unsigned char *p = (unsigned char *)t->row.p;

	if (row.n > t->room) {
		t->room = 2 * row.n;
		p = arena_alloc(ctx->arena, t->room);
	}
	if (row.n)
		memcpy(p, row.p, row.n);
	t->row = (struct slice){p, row.n};
}

/* The row as it was right after event `to`. */
static int
row_rewind(struct ctx *ctx, struct target *t, uint64_t to, struct err *e)
{
	struct cluster *c = ctx->cluster;
	struct event_reader reader = {.c = c};
	struct slice row, key = key_slice(&t->at.key);
	uint64_t from = txn_seq(c->txn), seq;
	struct event event;
	int got;

	if (record_row(c, t->at.kind, key, &row, e) < 0)
		return -1;
	for (; from > to; from = seq - 1) {
		got = history_next(c, &t->at, from, true, &seq, e);
		if (got < 0)
			return -1;
		if (!got || seq <= to)
			break;
		if (event_read(&reader, seq, &event, e) <= 0 ||
		    event_fold(c, &event, event.time_ms, BACKWARD, &row, e))
			return -1;
	}
	row_keep(ctx, t, row);
	return 0;
}

/* Marks the expressions that apply to the target's kind. Returns their number. */
static size_t
suit(struct ctx *ctx, const struct wait *w, const struct target *t, const struct kind *kind,
    struct err *why)
{
	size_t i, n = 0;

	for (i = 0; i < w->n; i++) {
		struct condition *q = &w->conditions[i];

		if (q->of != t)
			continue;
		q->suits = !expr_suits(ctx, &q->x, kind, why);
		n += q->suits;
	}
	return n;
}

/* Every expression must apply to some record that the text can come to name. */
static int
suit_check(struct ctx *ctx, const struct wait *w, const struct target *t, const struct kind *only,
    struct err *e)
{
	const struct kind *k;
	size_t i;
	bool any;

	for (i = 0; i < w->n; i++) {
		struct condition *q = &w->conditions[i];

		if (q->of != t)
			continue;
		for (k = ctx->kinds->v, any = false; k < ctx->kinds->v + ctx->kinds->n && !any; k++)
			any = (!only || only == k) && (only || k->letter) &&
			      !expr_suits(ctx, &q->x, k, e);
		if (!any && !only)
			return err_value(
			    e, ERR_USAGE, q->x.text, "'%s' can be asked of no record", q->x.text);
		if (!any)
			return -1;
	}
	*e = (struct err){0};
	return 0;
}

static void
bind(struct target *t, const struct kind *kind, const struct key *key)
{
	t->at.kind = kind;
	t->at.key = *key;
	t->gone = false;
	t->row.n = 0;
}

int
target_start(struct ctx *ctx, const struct wait *w, struct target *t, struct err *e)
{
	struct found found = {0};
	struct err missing = {0};
	struct key key;

	if (resolve_expected(ctx->cluster, t->text, ctx_self(), &t->expected, e))
		return -1;
	if (resolve_any(ctx->cluster, NULL, t->text, ctx_self(), &found, &missing) < 0) {
		if (missing.code != ERR_NO) {
			*e = missing;
			return -1;
		}
		found.kind = NULL;
	}
	if (suit_check(ctx, w, t, found.kind ? found.kind : t->expected.kind, e))
		return -1;
	if (t->expected.key.n)
		bind(t, t->expected.kind, &t->expected.key);
	else if (found.kind) {
		record_key(found.kind, found.record, &key);
		bind(t, found.kind, &key);
	}
	if (!t->at.kind)
		return 0;
	suit(ctx, w, t, t->at.kind, &missing);
	if (row_rewind(ctx, t, w->cursor, e))
		return -1;
	/* The name may have belonged to another record then: its events say so. */
	if (!t->expected.key.n && !t->row.n)
		t->at.kind = NULL;
	return 0;
}

static bool
is_it(const struct target *t, const struct event *event)
{
	struct key key;

	if (!t->at.kind || t->at.kind->number != event->kind)
		return false;
	event_key(t->at.kind, event, &key);
	return !slice_compare(key_slice(&t->at.key), key_slice(&key));
}

/* Judges its state before this event, the first to show that it had the name. */
static int
judge_before(
    struct ctx *ctx, struct wait *w, struct target *t, const struct event *event, struct err *e)
{
	int bad;

	if (event->prev_rev && row_rewind(ctx, t, event->seq - 1, e))
		return -1;
	w->cursor = event->seq - 1;
	bad = target_judge(ctx, w, t, true, e);
	w->cursor = event->seq;
	return bad;
}

/*
 * An event of a record with the name: from here on the name means that record, unless its current
 * holder is alive. 1, 0 (not meant) or -1.
 */
static int
rebind(struct ctx *ctx, struct wait *w, struct target *t, const struct event *event, struct err *e)
{
	const struct kind *kind = kind_of(ctx->kinds, event->kind);
	struct err why;
	struct key key;
	void *record;
	bool was;

	if (t->expected.key.n || !resolve_is(ctx->kinds, &t->expected, event))
		return 0;
	if (record_of(ctx, t, &record, e))
		return -1;
	if (t->at.kind && record && !record_ended(t->at.kind, record))
		return 0;
	if (t->at.kind && event->prev_rev)
		return 0;
	if (!suit(ctx, w, t, kind, &why)) {
		if (t->at.kind)
			suit(ctx, w, t, t->at.kind, &why);
		return 0;
	}
	event_key(kind, event, &key);
	was = t->at.kind != NULL;
	bind(t, kind, &key);
	return !was && judge_before(ctx, w, t, event, e) ? -1 : 1;
}

int
target_take(
    struct ctx *ctx, struct wait *w, struct target *t, const struct event *event, struct err *e)
{
	int mine = is_it(t, event) ? 1 : rebind(ctx, w, t, event, e);
	struct slice row;

	if (mine <= 0)
		return mine;
	row = t->row;
	if (event_fold(ctx->cluster, event, event->time_ms, FORWARD, &row, e))
		return -1;
	row_keep(ctx, t, row);
	t->gone = !row.n;
	return target_judge(ctx, w, t, true, e) ? -1 : 1;
}
