/* watch: every event from now on, as it happens. It misses none without saying so. */
#include "core/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "core/stay.h"
#include "follow/watch_fifo.h"
#include "proc/child.h"
#include "state/event.h"
#include "state/key.h"
#include "state/record.h"
#include "state/resolve.h"
#include "store/txn.h"

#define EVENTS_MOST 1000 /* in one read transaction */

struct params {
	const char *kind, *type, *since, *cursor_file, *fifo;
	struct opt_number count, timeout;
	bool resync;
};

struct watch {
	const struct params *p;
	unsigned kind, type; /* 0: any */
	struct located *of;  /* only these records */
	size_t n;
	uint64_t cursor;      /* the last event passed on */
	bool started;	      /* the cursor is set */
	bool unsaved;	      /* and not yet in the file */
	uint64_t left;	      /* remaining events of --count */
	struct event *events; /* of this turn, complete, in the turn's arena */
	size_t got;
	uint64_t reached; /* the last event this turn read */
	bool more;
};

/* --- the cursor: history id and seq --- */

static const char *
history_text(struct ctx *ctx)
{
	struct buf text = {.arena = ctx->arena};
	const struct store_meta *meta = store_meta(ctx->store);

	text_hex(&text, meta->history.bytes, sizeof meta->history.bytes);
	return buf_string(&text);
}

/* 1 with the cursor, 0 if there is no file yet, -1. */
static int
cursor_load(struct ctx *ctx, const char *path, char history[33], uint64_t *seq, struct err *e)
{
	struct buf text = {.arena = ctx->arena};
	int fd = open(path, O_RDONLY | O_CLOEXEC), bad;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return err_value(e, ERR_USAGE, path, "--cursor-file: cannot read '%s': %s", path,
		    strerror(errno));
	bad = input_read_all(fd, 4096, &text, e);
	close(fd);
	if (bad)
		return err_wrap(e, "--cursor-file");
	if (sscanf(buf_string(&text), "%32[0-9a-f] %" SCNu64, history, seq) != 2)
		return err_value(e, ERR_USAGE, path, "--cursor-file: '%s' holds no cursor", path);
	return 1;
}

/* Replaces the whole file and flushes it, so that it is never half written. */
static int
cursor_save(struct ctx *ctx, const struct watch *w, struct err *e)
{
	const char *path = w->p->cursor_file;
	char *new, text[80];
	int fd, n, bad;

	if (!path)
		return 0;
	new = arena_printf(ctx->turn, "%s.new", path);
	n = snprintf(text, sizeof text, "%s %" PRIu64 "\n", history_text(ctx), w->cursor);
	fd = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	bad = fd < 0 || write(fd, text, (size_t)n) != n || fdatasync(fd);
	if (fd >= 0)
		bad |= close(fd);
	if (!bad && !rename(new, path))
		return 0;
	return err_value(
	    e, ERR_STORE, path, "--cursor-file: cannot write '%s': %s", path, strerror(errno));
}

static int
cursor_start(struct ctx *ctx, struct watch *w, struct err *e)
{
	const struct store_meta *meta = store_meta(ctx->store);
	struct buf parent = {.arena = ctx->arena};
	char history[33] = "";
	int got = 0;

	w->started = true;
	w->cursor = txn_seq(ctx->cluster->txn);
	if (w->p->cursor_file)
		got = cursor_load(ctx, w->p->cursor_file, history, &w->cursor, e);
	if (got < 0)
		return -1;
	w->unsaved = !got;
	if (!got && w->p->since)
		return when_parse(ctx, w->p->since, &w->cursor, e) ? err_wrap(e, "--since") : 0;
	if (!got || !strcmp(history, history_text(ctx)))
		return 0;
	text_hex(&parent, meta->parent.bytes, sizeof meta->parent.bytes);
	if (!strcmp(history, buf_string(&parent)) && w->cursor <= meta->fork_seq)
		return 0;
	if (!w->p->resync)
		return err_set(e, ERR_HORIZON,
		    "the cursor belongs to another history: horizon %llu",
		    (unsigned long long)txn_horizon(ctx->cluster->txn));
	note(ctx, "the cursor belongs to another history: going on from event %llu",
	    (unsigned long long)txn_horizon(ctx->cluster->txn));
	w->cursor = txn_horizon(ctx->cluster->txn) - 1;
	return 0;
}

/* --- one turn: read without holding anything, then print --- */

static bool
wanted(const struct watch *w, const struct event *event)
{
	struct key key;
	size_t i;

	if ((w->kind && event->kind != w->kind) || (w->type && event->type != w->type))
		return false;
	if (!w->n)
		return true;
	for (i = 0; i < w->n; i++) {
		if (w->of[i].kind->number != event->kind)
			continue;
		event_key(w->of[i].kind, event, &key);
		if (!slice_compare(key_slice(&w->of[i].key), key_slice(&key)))
			return true;
	}
	return false;
}

static int
gap_check(struct ctx *ctx, struct watch *w, struct err *e)
{
	uint64_t horizon = txn_horizon(ctx->cluster->txn);

	if (w->cursor > txn_seq(ctx->cluster->txn))
		return err_set(e, ERR_NO, "event %llu does not exist yet: the last one is %llu",
		    (unsigned long long)w->cursor, (unsigned long long)txn_seq(ctx->cluster->txn));
	if (w->cursor + 1 >= horizon)
		return 0;
	if (!w->p->resync)
		return err_set(e, ERR_HORIZON, "events %llu to %llu are forgotten: horizon %llu",
		    (unsigned long long)w->cursor + 1, (unsigned long long)horizon - 1,
		    (unsigned long long)horizon);
	note(ctx, "events %llu to %llu are forgotten", (unsigned long long)w->cursor + 1,
	    (unsigned long long)horizon - 1);
	w->cursor = horizon - 1;
	return 0;
}

static int
turn_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct watch *w = argument;
	struct event_reader reader = {.c = ctx->cluster};
	uint64_t last = txn_seq(ctx->cluster->txn), seq;

	ctx->out->holding = true;
	if ((!w->started && cursor_start(ctx, w, e)) || gap_check(ctx, w, e))
		return -1;
	w->more = last > w->cursor + EVENTS_MOST;
	if (w->more)
		last = w->cursor + EVENTS_MOST;
	w->got = 0;
	w->events = arena_alloc(ctx->turn, (last - w->cursor + 1) * sizeof *w->events);
	for (seq = w->cursor + 1; seq <= last; seq++) {
		struct event *event = &w->events[w->got];

		if (event_read(&reader, seq, event, e) <= 0)
			return -1;
		if (!wanted(w, event))
			continue;
		if (event_show(ctx->kinds, event, ctx->turn, e))
			return -1;
		w->got++;
	}
	w->reached = last;
	return 0;
}

static char *
env_pair(struct ctx *ctx, const char *name, const char *value)
{
	return arena_printf(ctx->turn, "GCS_EVENT_%s=%s", name, value ? value : "");
}

static char **
event_env(struct ctx *ctx, const struct event *event)
{
	extern char **environ;
	struct buf json = {.arena = ctx->turn};
	struct form plain = {0};
	char **env;
	size_t n = 0, m = 0;

	while (environ[n])
		n++;
	env = arena_alloc(ctx->turn, (n + 14) * sizeof *env);
	for (n = 0; environ[n]; n++)
		if (strncmp(environ[n], "GCS_EVENT_", 10) != 0)
			env[m++] = environ[n];
	rec_json(&rec_event, event, &plain, &json);
	env[m++] =
	    env_pair(ctx, "SEQ", arena_printf(ctx->turn, "%llu", (unsigned long long)event->seq));
	env[m++] =
	    env_pair(ctx, "TXN", arena_printf(ctx->turn, "%llu", (unsigned long long)event->txn));
	env[m++] = env_pair(
	    ctx, "TIME_MS", arena_printf(ctx->turn, "%llu", (unsigned long long)event->time_ms));
	env[m++] = env_pair(
	    ctx, "CAUSE", arena_printf(ctx->turn, "%llu", (unsigned long long)event->cause));
	env[m++] = env_pair(ctx, "TYPE", enum_text(&event_types, event->type));
	env[m++] = env_pair(ctx, "KIND", enum_text(&kind_names, event->kind));
	env[m++] = env_pair(ctx, "ID",
	    event->id ? arena_printf(ctx->turn, "%c%llu", ref_letter(event->id),
			    (unsigned long long)ref_number(event->id))
		      : "");
	env[m++] = env_pair(ctx, "NAME", event->name);
	env[m++] = env_pair(ctx, "USER", event->user);
	env[m++] = env_pair(ctx, "COMMAND", event->command);
	env[m++] = env_pair(ctx, "MESSAGE", event->message);
	env[m++] = env_pair(ctx, "JSON", buf_string(&json));
	return env;
}

/* Runs the command for one event; the watch goes on only after exit code 0. */
static int
event_run(struct ctx *ctx, const struct event *event, struct err *e)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC), code, bad;

	bad = child_run(ctx->parsed.child, event_env(ctx, event), null, &code, e);
	if (null >= 0)
		close(null);
	if (bad || !code)
		return bad;
	e->code = (enum err_code)code;
	if (*e->text) /* the command was not run */
		return err_wrap(e, "event %llu", (unsigned long long)event->seq);
	return err_set(e, e->code, "the command for event %llu ended with %d",
	    (unsigned long long)event->seq, code);
}

static int
event_list(struct ctx *ctx, const struct event *event, struct err *e)
{
	struct list_params bare = {.no_headers = true};
	struct list_count count;
	struct list *list = NULL;
	int bad;

	bad = !(list = list_begin(ctx->out, &rec_event, &bare, &ctx->style, ctx->turn, e)) ||
	      list_row(list, event, e) < 0 || list_end(list, &count, e);
	list_done(list);
	return bad ? -1 : 0;
}

static int
event_tell(struct ctx *ctx, struct event *event, struct err *e)
{
	enum format_kind kind = ctx->style.format.kind;

	if (ctx->parsed.child)
		return event_run(ctx, event, e);
	if (kind == FORMAT_DEFAULT || kind == FORMAT_TABLE || ctx_json(ctx))
		return event_line(ctx, event, false, e);
	return event_list(ctx, event, e);
}

/* Prints the events read. */
static int
tell(struct ctx *ctx, struct watch *w, struct err *e)
{
	size_t i;

	notes_print(ctx);
	for (i = 0; i < w->got; i++) {
		if (event_tell(ctx, &w->events[i], e))
			return -1;
		w->cursor = w->events[i].seq;
		if (ctx->parsed.child && cursor_save(ctx, w, e))
			return -1;
		if (w->p->count.given && !--w->left) {
			w->reached = w->cursor;
			break;
		}
	}
	if (out_flush(ctx->out, e))
		return -1;
	if (ctx->out->closed) /* nobody has read these events: the cursor stays before them */
		return STAY_OVER;
	if (w->cursor != w->reached || w->got || w->unsaved) {
		w->cursor = w->reached;
		w->unsaved = false;
		if (cursor_save(ctx, w, e))
			return -1;
	}
	if (w->p->count.given && !w->left)
		return STAY_OVER;
	return w->more ? STAY_AGAIN : STAY_ON;
}

static int
turn(struct stay *s, void *argument, struct err *e)
{
	return ctx_read(s->ctx, turn_body, argument, e) ? -1 : tell(s->ctx, argument, e);
}

static int
records_find(struct ctx *ctx, void *argument, struct err *e)
{
	struct watch *w = argument;
	char **o = ctx->parsed.operands;

	ctx->cluster->arena = ctx->arena; /* results live as long as the watch */
	for (w->n = 0; o[w->n]; w->n++)
		if (resolve_located(ctx->cluster, o[w->n], ctx_self(), &w->of[w->n], e))
			return -1;
	return 0;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct watch w = {.p = p, .left = p->count.value};
	struct stay s = {.ctx = ctx, .argument = &w, .turn = turn, .unread_ends = true};

	if (p->kind && !enum_parse(&kind_names, p->kind, &w.kind))
		return err_value(
		    e, ERR_USAGE, p->kind, "--kind: no kind of record is called '%s'", p->kind);
	if (p->type && !enum_parse(&event_types, p->type, &w.type))
		return err_value(e, ERR_USAGE, p->type,
		    "--type: no event is called '%s' (see: gcs explain)", p->type);
	if (p->count.given && !p->count.value)
		return 0;
	if (p->timeout.given)
		s.end_ms = clock_monotonic_ms() + p->timeout.value;
	if (p->fifo) {
		if (*operands || p->kind || p->type || p->since || p->cursor_file ||
		    ctx->parsed.child)
			return err_set(e, ERR_USAGE,
			    "--fifo shows what the monitor publishes: everything, from now on");
		return watch_fifo(ctx, p->fifo, s.end_ms, w.left, e);
	}
	w.of = arena_alloc(ctx->arena, (ctx->parsed.n + 1) * sizeof *w.of);
	if (ctx->parsed.n && ctx_read(ctx, records_find, &w, e))
		return -1;
	if (stay_run(&s, e))
		return -1;
	return s.late && w.left ? err_set(e, ERR_TIMEOUT, "%llu more events did not come in time",
				      (unsigned long long)w.left)
				: 0;
}

static const struct opt opts[] = {
    OPT(0, "kind", OPT_TEXT, kind, "KIND", "only events of this kind of record",
	.completes = "kind"),
    OPT(0, "type", OPT_TEXT, type, "TYPE", "only events of this type", .completes = "type"),
    OPT(0, "since", OPT_TEXT, since, "WHEN", "start after this event number or time"),
    OPT(0, "cursor-file", OPT_TEXT, cursor_file, "FILE",
	"continue from the position in FILE, and keep it up to date", .completes = "file"),
    OPT(0, "count", OPT_U64, count, "N", "exit after N events"),
    OPT(0, "timeout", OPT_DURATION, timeout, "D",
	"exit after this time (exit 124 if --count was not reached)"),
    OPT(0, "resync", OPT_FLAG, resync, NULL, "after a gap, report it and go on"),
    OPT(0, "fifo", OPT_TEXT, fifo, "NAME",
	"create the FIFO watch/NAME and show what the monitor writes there"),
};

const struct command cmd_watch = {
    .name = "watch",
    .help = "show events as they happen, or run a command for each",
    .mode = MODE_OPEN,
    .flags = CMD_CHILD | CMD_LONG,
    .operands = OPERANDS({.name = "REC", .count = OPERAND_ANY, .completes = "record"}),
    .opts = OPTS(opts, struct params),
    .run = run,
};
