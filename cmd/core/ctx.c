/* A command's surroundings: the store, transactions with the cluster over them, and how results are
 * gathered. */
#include "core/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/number.h"
#include "base/time.h"
#include "state/event.h"
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
	return store_open(&ctx->store, dir, &options, e);
}

int
ctx_pulse(struct ctx *ctx, struct err *e)
{
	if (ctx->cluster->pulse)
		return 0;
	return pulse_open(&ctx->cluster->pulse, ctx->store, ctx->arena, e);
}

struct fair_queue {
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
turn_begin(struct fair_queue *turn, struct txn *txn, struct err *e)
{
	struct ctx *ctx = turn->ctx;
	struct audit audit = {
	    &ctx->by, ctx->command->name, ctx->change.message, ctx->change.request_id};
	struct pulse *pulse = ctx->own.pulse;

	arena_rewind(ctx->turn, turn->mark);
	arena_rewind(ctx->kept, turn->kept);
	forget(ctx);
	if (cluster_begin(&ctx->own, txn, &audit, ctx->turn, ctx->kept, e))
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
	struct fair_queue *turn = argument;
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

/* Who stays for longer than one transaction is told that there is nothing to stay for. */
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
	struct fair_queue turn = {
	    ctx, body, argument, arena_mark(ctx->turn), arena_mark(ctx->kept)};
	int bad;

	if (still_there(ctx, e))
		return -1;
	bad = store_read(ctx->store, turn_body, &turn, e);
	turn_done(ctx);
	return bad;
}

/* From /etc/passwd where it stands there, which is cheaper than to ask all services. */
static const char *
user_name(struct ctx *ctx, unsigned long uid)
{
	char text[4096], name[64];
	const char *line = text;
	int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC), end;
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
	struct passwd *p;
	unsigned long its;

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	for (; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		end = 0;
		if (sscanf(line, "%63[^:\n]:%*[^:\n]:%lu:%n", name, &its, &end) == 2 && end &&
		    its == uid)
			return arena_strdup(ctx->arena, name);
	}
	p = getpwuid((uid_t)uid);
	return p ? arena_strdup(ctx->arena, p->pw_name) : NULL;
}

/* Who this is, as the log will say. */
static void
by_fill(struct ctx *ctx)
{
	char host[HOST_NAME_MAX + 1] = "";

	if (ctx->by.pid)
		return;
	if (gethostname(host, sizeof host - 1))
		host[0] = '\0';
	ctx->by.pid = (uint64_t)getpid();
	ctx->by.user = user_name(ctx, ctx->by.uid);
	ctx->by.host = arena_strdup(ctx->arena, host);
}

int
ctx_write(struct ctx *ctx, bool frees, ctx_body *body, void *argument, struct err *e)
{
	struct fair_queue turn = {
	    ctx, body, argument, arena_mark(ctx->turn), arena_mark(ctx->kept)};
	int bad;

	if (still_there(ctx, e))
		return -1;
	by_fill(ctx);
	ctx->out->holding = true;
	bad = store_write(ctx->store, frees, turn_body, &turn, e);
	turn_done(ctx);
	if (bad)
		return bad;
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

void
result_id(struct ctx *ctx, char letter, uint64_t number, bool print)
{
	if (ctx->after.expression)
		buf_printf(&ctx->made, "%c%llu\n", letter, (unsigned long long)number);
	if (!ctx_json(ctx)) {
		if (print)
			out_printf(ctx->out, "%c%llu\n", letter, (unsigned long long)number);
		return;
	}
	buf_printf(
	    &ctx->ids, "%s\"%c%llu\"", ctx->ids.n ? "," : "", letter, (unsigned long long)number);
}

void
result_number(struct ctx *ctx, const char *name, int64_t number)
{
	if (ctx_json(ctx))
		buf_printf(&ctx->result, ",\"%s\":%lld", name, (long long)number);
	else
		out_printf(ctx->out, "%lld\n", (long long)number);
}

void
notes_print(struct ctx *ctx)
{
	fputs(buf_string(&ctx->notes), stderr);
	ctx->notes = (struct buf){.arena = ctx->arena};
}

void
note(struct ctx *ctx, const char *format, ...)
{
	char line[512];
	va_list ap;

	if (ctx->globals.quiet)
		return;
	va_start(ap, format);
	vsnprintf(line, sizeof line, format, ap);
	va_end(ap);
	buf_printf(&ctx->notes, "gcs: %s\n", line);
}

void
say(const struct ctx *ctx, const char *format, ...)
{
	char time[TIME_SIZE], line[512];
	va_list ap;

	if (ctx->globals.quiet)
		return;
	va_start(ap, format);
	vsnprintf(line, sizeof line, format, ap);
	va_end(ap);
	fprintf(stderr, "%s gcs %s: %s\n", time_format(time, clock_real_ms()), ctx->command->name,
	    line);
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

int
when_parse(struct ctx *ctx, const char *text, uint64_t *seq, struct err *e)
{
	uint64_t ms;
	struct err number;

	if (!strncmp(text, "tag:", 4))
		return err_value(e, ERR_NO, text, "no tag is called '%s'", text + 4);
	if (!number_u64(text, seq, &number))
		return 0;
	if (time_parse_past(text, ctx->cluster->now_ms, &ms, e))
		return -1;
	return history_at(ctx->cluster, ms, seq, e);
}
