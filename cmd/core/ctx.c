/* ctx: the store, and transactions with the cluster over it. */
#include "core/cmd.h"
#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "core/advice.h"
#include "core/by.h"
#include "core/die.h"
#include "store/txn.h"
#include "wakeup/bell.h"

bool
ctx_json(const struct ctx *ctx)
{
	return ctx->style.format.kind == FORMAT_JSON || ctx->style.format.kind == FORMAT_JSONL;
}

const char *
ctx_dir(struct ctx *ctx)
{
	const char *dir = ctx->globals.dir ? ctx->globals.dir : getenv("GCS_DIR"), *state, *home;
	struct stat st;

	if (dir && *dir)
		return dir;
	if (!stat("/var/lib/gcs", &st))
		return "/var/lib/gcs";
	state = getenv("XDG_STATE_HOME");
	home = getenv("HOME");
	if (state && *state)
		return arena_printf(ctx->arena, "%s/gcs", state);
	return arena_printf(ctx->arena, "%s/.local/state/gcs", home && *home ? home : "");
}

static void
damaged(const char *message)
{
	die("gcs: state damaged, run gcs doctor: ", message);
}

static void
warn(const char *message)
{
	fprintf(stderr, "gcs: %s\n", message);
}

static int
given_now(uint64_t *ms, struct err *e)
{
	const char *text = getenv("GCS_NOW");

	*ms = 0;
	if (!text || !*text)
		return 0;
	return time_parse(text, ms, e) ? err_wrap(e, "GCS_NOW") : 0;
}

int
ctx_open(struct ctx *ctx, bool reading_only, struct err *e)
{
	struct store_options options = {.damaged = damaged, .reading_only = reading_only};
	const char *dir = ctx_dir(ctx);

	options.warn = ctx->globals.quiet ? NULL : warn;
	options.lock_timeout_ms =
	    ctx->globals.lock_timeout.given ? ctx->globals.lock_timeout.value : 10000;
	if (given_now(&options.now_ms, e))
		return -1;
	if (store_open(&ctx->store, dir, &options, e)) {
		advice_add(e);
		return -1;
	}
	return 0;
}

int
ctx_pulse(struct ctx *ctx, struct err *e)
{
	if (ctx->cluster->pulse)
		return 0;
	return pulse_open(&ctx->cluster->pulse, ctx->store, ctx->arena, e);
}

struct turn {
	struct ctx *ctx;
	ctx_body *body;
	void *argument;
	struct arena_mark mark, kept;
};

static void
forget(struct ctx *ctx)
{
	out_reset(ctx->out);
	ctx->result = (struct buf){.arena = ctx->turn};
	ctx->ids = (struct buf){.arena = ctx->turn};
	ctx->notes = (struct buf){.arena = ctx->arena};
	ctx->made = (struct buf){.arena = ctx->arena};
}

static int
turn_begin(struct turn *turn, struct txn *txn, struct err *e)
{
	struct ctx *ctx = turn->ctx;
	struct audit audit = {
	    &ctx->by, ctx->command->name, ctx->change.message, ctx->change.request_id};
	struct pulse *pulse = ctx->own.pulse;

	arena_rewind(ctx->turn, turn->mark);
	arena_rewind(ctx->kept, turn->kept);
	forget(ctx);
	ctx->own = (struct cluster){
	    .kinds = ctx->kinds, .txn = txn, .arena = ctx->turn, .kept = ctx->kept, .audit = audit};
	if (cluster_begin(&ctx->own, e))
		return -1;
	ctx->own.pulse = pulse;
	ctx->own.guarded = ctx->change.if_rev.given;
	ctx->own.guard_rev = ctx->change.if_rev.value;
	ctx->own.dry_run = ctx->change.dry_run;
	ctx->cluster = &ctx->own;
	ctx->seq = txn_seq(txn);
	ctx->style.seq = ctx->seq;
	ctx->style.form.now_ms = ctx->own.now_ms;
	return 0;
}

static int
turn_body(struct txn *txn, void *argument, struct err *e)
{
	struct turn *turn = argument;
	struct ctx *ctx = turn->ctx;
	int bad = turn_begin(turn, txn, e) || turn->body(ctx, turn->argument, e);

	if (!bad && txn_writes(txn))
		bad = cluster_end(&ctx->own, e);
	if (!bad)
		ctx->seq = txn_seq(txn);
	return bad ? -1 : 0;
}

static void
turn_done(struct ctx *ctx)
{
	ctx->cluster = NULL;
	pulse_close(ctx->own.pulse);
	ctx->own.pulse = NULL;
}

/* Tells a command that outlives one transaction when its cluster is gone. */
static int
still_there(struct ctx *ctx, struct err *e)
{
	if (ctx->looked && store_gone(ctx->store))
		return err_set(e, ERR_STORE, "the cluster in '%s' is gone", store_path(ctx->store));
	ctx->looked = true;
	return 0;
}

int
ctx_read(struct ctx *ctx, ctx_body *body, void *argument, struct err *e)
{
	struct turn turn = {ctx, body, argument, arena_mark(ctx->turn), arena_mark(ctx->kept)};
	int bad;

	if (still_there(ctx, e))
		return -1;
	bad = store_read(ctx->store, turn_body, &turn, e);
	turn_done(ctx);
	if (bad)
		advice_add(e);
	return bad;
}

int
ctx_write(struct ctx *ctx, bool frees, ctx_body *body, void *argument, struct err *e)
{
	struct turn turn = {ctx, body, argument, arena_mark(ctx->turn), arena_mark(ctx->kept)};
	int bad;

	if (still_there(ctx, e))
		return -1;
	by_fill(ctx);
	ctx->out->holding = true;
	bad = store_write(ctx->store, frees, turn_body, &turn, e);
	turn_done(ctx);
	if (bad) {
		advice_add(e);
		return bad;
	}
	ctx->committed = !ctx->change.dry_run && ctx->own.count > 0;
	if (ctx->globals.verbose && ctx->committed)
		note(ctx, "committed events %llu to %llu", (unsigned long long)ctx->own.first_seq,
		    (unsigned long long)ctx->seq);
	else if (ctx->globals.verbose && !ctx->change.dry_run)
		note(ctx, "nothing changed");
	if (!ctx->change.dry_run)
		bell_ring(store_dir(ctx->store));
	return 0;
}

const char *
ctx_self(void)
{
	static const char *const names[] = {
	    "GCS_TASK_ID", "GCS_ACTOR_ID", "GCS_JOB_ID", "GCS_NODE_ID"};
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(names); i++)
		if (getenv(names[i]) && *getenv(names[i]))
			return getenv(names[i]);
	return NULL;
}
