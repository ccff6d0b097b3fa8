#include "follow/expr.h"

#include <ctype.h>
#include <string.h>

#include "base/duration.h"
#include "core/demand.h"
#include "sched/lease.h"
#include "place/demand.h"
#include "place/fit.h"
#include "place/image.h"
#include "rec/filter.h"
#include "state/event.h"
#include "state/key.h"
#include "state/resolve.h"
#include "store/txn.h"

static const struct enum_name expr_words_rows[] = {
    {EXPR_EXISTS, "exists", "it exists and has not ended"},
    {EXPR_GONE, "gone", "it does not exist, or has ended"},
    {EXPR_ENDED, "ended", "it has ended"},
    {EXPR_OK, "ok", "it has ended successfully"},
    {EXPR_EMPTY, "empty", "nothing is on the node"},
};
const struct enums expr_words = ENUMS(expr_words_rows);

static bool
is_word(const char *text)
{
	return isalpha((unsigned char)text[0]) &&
	       !text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")];
}

static int
demand_check(const char *text, struct arena *a, struct err *e)
{
	struct demand demand = {0};

	if (demand_parse(text, &demand, a, e))
		return err_wrap(e, "fits");
	if (!demand.resources.n && !demand.instances.n)
		return err_value(e, ERR_USAGE, text, "fits: '%s' asks for nothing", text);
	return 0;
}

int
expr_parse(const char *text, struct expr *x, struct arena *a, struct err *e)
{
	size_t i = 0;

	*x = (struct expr){.kind = EXPR_FIELD, .text = text};
	if (!strncmp(text, "fits:", 5)) {
		x->kind = EXPR_FITS;
		x->demand = text + 5;
		return demand_check(x->demand, a, e);
	}
	if (!strncmp(text, "quiet:", 6)) {
		x->kind = EXPR_QUIET;
		return duration_parse(text + 6, &x->quiet_ms, e) ? err_wrap(e, "quiet") : 0;
	}
	if (!is_word(text))
		return 0;
	while (i < expr_words.n && strcmp(expr_words.v[i].name, text) != 0)
		i++;
	x->kind = i < expr_words.n ? (enum expr_kind)expr_words.v[i].value : EXPR_STATE;
	return 0;
}

/* 0: the kind has no such state. */
static unsigned
state_named(const struct kind *kind, const char *text)
{
	const struct field *f = kind->states ? rec_field(kind->rec, "state") : NULL;
	unsigned state;

	return f && enum_parse(f->sub, text, &state) ? state : 0;
}

/* The kind's states, "ALIVE, DRAINING, DEAD"; for a kind without states, the other words. */
static const char *
states_text(const struct kind *kind, struct arena *arena)
{
	const struct field *f = kind->nstates ? rec_field(kind->rec, "state") : NULL;
	const struct enums *names = f ? f->sub : NULL;
	struct buf text = {.arena = arena};
	size_t i;

	if (!names)
		return "exists, gone, FIELD OP VALUE";
	for (i = 0; i < names->n; i++)
		buf_printf(&text, "%s%s", text.n ? ", " : "", names->v[i].name);
	return buf_string(&text);
}

static int
field_suits(struct ctx *ctx, const struct expr *x, const struct kind *kind, struct err *e)
{
	struct filter *filter = NULL;
	int bad =
	    filter_add(&filter, kind->rec, x->text, ctx->cluster->now_ms, ctx->cluster->arena, e);

	filter_done(filter);
	return bad;
}

int
expr_suits(struct ctx *ctx, const struct expr *x, const struct kind *kind, struct err *e)
{
	bool suits = true;

	switch (x->kind) {
	case EXPR_FIELD:
		return field_suits(ctx, x, kind, e);
	case EXPR_STATE:
		if (state_named(kind, x->text))
			return 0;
		return err_value(e, ERR_USAGE, x->text, "'%s' is not a %s state (%s)", x->text,
		    kind->name, states_text(kind, ctx->cluster->arena));
	case EXPR_OK:
		suits = kind->succeeded != NULL;
		break;
	case EXPR_ENDED:
		suits = kind->letter != 0;
		break;
	case EXPR_EMPTY:
		suits = kind->empty != NULL;
		break;
	case EXPR_EXISTS:
	case EXPR_GONE:
	case EXPR_FITS:
	case EXPR_QUIET:
		break;
	}
	return suits ? 0
		     : err_value(e, ERR_USAGE, x->text, "'%s' cannot be asked of a %s", x->text,
			   kind->name);
}

static int
field_holds(struct ctx *ctx, const struct expr *x, const struct moment *m, struct err *e)
{
	struct filter *filter = NULL;
	struct computed view;
	bool computed;
	int match = 0;

	if (filter_add(
		&filter, m->kind->rec, x->text, ctx->cluster->now_ms, ctx->cluster->arena, e))
		return -1;
	computed = filter_computed(filter);
	if (computed && !m->past &&
	    (computed_open(ctx, m->kind, &view, e) ||
		computed_fill(ctx, &view, m->kind, m->record, e)))
		match = -1;
	else if (!computed || !m->past)
		match = filter_match(filter, m->record);
	filter_done(filter);
	return match;
}

static bool
is_there(struct ctx *ctx, const struct moment *m)
{
	return m->record &&
	       (m->past || !m->kind->expired || !m->kind->expired(ctx->cluster, m->record));
}

int
expr_holds(struct ctx *ctx, const struct expr *x, const struct moment *m, struct err *e)
{
	bool there = is_there(ctx, m), ended = there && record_ended(m->kind, m->record);

	switch (x->kind) {
	case EXPR_EXISTS:
		return there && !ended;
	case EXPR_GONE:
		return !there || ended;
	case EXPR_ENDED:
		return ended || (!there && m->final);
	case EXPR_OK:
		return ended && m->kind->succeeded(m->record);
	case EXPR_STATE:
		return there && record_state(m->kind, m->record) == state_named(m->kind, x->text);
	case EXPR_EMPTY:
		return ended || (there && !m->past && m->kind->empty(ctx->cluster, m->record, e));
	case EXPR_FIELD:
		return there ? field_holds(ctx, x, m, e) : 0;
	case EXPR_FITS:
	case EXPR_QUIET:
		break;
	}
	return 0;
}

/* Whether a record can still reach a state, by the rules of its kind. */
static bool
reaches(const struct kind *kind, unsigned from, unsigned to)
{
	unsigned all = 1U << from, before;
	const struct state_rule *s;

	do {
		before = all;
		for (s = kind->states; s < kind->states + kind->nstates; s++)
			if (s->from & all)
				all |= 1U << s->state;
	} while (all != before);
	return all & 1U << to;
}

bool
expr_hopeless(const struct expr *x, const struct moment *m, bool named)
{
	bool ended = m->record ? record_ended(m->kind, m->record) : m->final;

	switch (x->kind) {
	case EXPR_EXISTS:
		return ended && !named;
	case EXPR_STATE:
		return m->record ? !reaches(m->kind, record_state(m->kind, m->record),
				       state_named(m->kind, x->text))
				 : ended;
	case EXPR_OK:
	case EXPR_EMPTY:
	case EXPR_FIELD:
		return ended;
	case EXPR_GONE:
	case EXPR_ENDED:
	case EXPR_FITS:
	case EXPR_QUIET:
		break;
	}
	return false;
}

int
expr_fits(struct ctx *ctx, const struct expr *x, struct err *e)
{
	struct demand_text text = {.names = demand_options, .resources = &x->demand, .n = 1};
	struct cluster *c = ctx->cluster;
	struct image *image;
	struct demand demand;
	struct fitting fit;
	int fits = 0;
	size_t i;

	if (demand_make(c, &text, &demand, e) || image_of(c, &image, e) ||
	    fit_begin(&fit, c, image, &demand, e))
		return -1;
	for (i = 0; i < image->n && !fits; i++)
		fits = fit_node(&fit, image->nodes[i], NULL, e);
	return fits;
}

int
expr_last_event(
    struct ctx *ctx, const struct located *of, uint64_t seq, uint64_t *time_ms, struct err *e)
{
	struct transaction t;
	int got = 0;

	*time_ms = 0;
	if (seq)
		got = history_next(ctx->cluster, of, seq, true, &seq, e);
	if (got > 0)
		got = event_transaction(ctx->cluster, seq, &t, e);
	if (got > 0)
		*time_ms = t.time_ms;
	return got < 0 ? -1 : 0;
}

/* Handles an id that was assigned, and whose record is forgotten or removed. */
static void
was_there(struct ctx *ctx, const char *text, struct moment *m)
{
	struct expected expected;
	struct err ignored;

	if (resolve_expected(ctx->cluster, text, ctx_self(), &expected, &ignored) ||
	    !resolve_given_out(ctx->cluster, &expected))
		return;
	m->kind = expected.kind;
	m->final = true;
}

static int
quiet_holds(struct ctx *ctx, const char *text, const struct expr *x, struct err *e)
{
	struct located of;
	uint64_t last;

	if (resolve_located(ctx->cluster, text, ctx_self(), &of, e) ||
	    expr_last_event(ctx, &of, txn_seq(ctx->cluster->txn), &last, e))
		return -1;
	return ctx->cluster->now_ms >= last + x->quiet_ms;
}

int
expr_is(struct ctx *ctx, const char *text, const char *expression, struct err *e)
{
	struct moment m = {0};
	struct found found;
	struct err missing = {0};
	struct expr x;

	if (expr_parse(expression, &x, ctx->turn, e))
		return -1;
	if (x.kind == EXPR_FITS)
		return expr_fits(ctx, &x, e);
	if (!text)
		return err_value(e, ERR_USAGE, "EXPR", "missing operand EXPR");
	if (x.kind == EXPR_QUIET)
		return quiet_holds(ctx, text, &x, e);
	if (resolve_any(ctx->cluster, NULL, text, ctx_self(), &found, &missing) > 0)
		m = (struct moment){.kind = found.kind, .record = found.record};
	else if (missing.code != ERR_NO) {
		*e = missing;
		return -1;
	} else
		was_there(ctx, text, &m);
	if (!m.record && x.kind != EXPR_EXISTS && x.kind != EXPR_GONE && x.kind != EXPR_ENDED) {
		*e = missing;
		return -1;
	}
	if (m.kind && expr_suits(ctx, &x, m.kind, e))
		return -1;
	return expr_holds(ctx, &x, &m, e);
}
