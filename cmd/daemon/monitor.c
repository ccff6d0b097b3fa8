/*
 * monitor: applies what time brings. It looks for silent nodes, applies what is due, and publishes
 * events to the FIFOs in watch/. It sleeps until the bell rings or the next thing can happen, and
 * looks at least once a second.
 */
#include "daemon/monitor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "sched/schedule.h"
#include "model/liveness.h"
#include "model/timers.h"
#include "state/config.h"
#include "state/event.h"
#include "core/signals.h"
#include "core/stay.h"
#include "daemon/cleanup.h"
#include "store/txn.h"
#include "wakeup/fifo.h"
#include "wakeup/notify.h"
#include "wakeup/monitor_lock.h"

struct params {
	bool once, standby;
	struct opt_number interval;
	const char *fifo;
};

struct monitor {
	struct ctx *ctx;
	uint64_t interval_ms, observed; /* observed: when processes were last checked */
	struct fifos *fifos;
	struct monitor_note post;
	int post_fd;
	uint64_t seen_seq; /* the last event at the last look at nodes */
	uint64_t last_look,
	    next_look;	 /* CLOCK_MONOTONIC: of the nodes; next: when one could be silent */
	uint64_t due_ms; /* store's clock; 0: nothing is due */
	bool more, silent_more;
	struct cleanup cleaned;
	struct silent_node *silent;
	size_t silent_n;
	struct look look;
};

/* --- the look: silent nodes, due timers --- */

static int
look_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct monitor *m = argument;
	struct silence silence;
	uint64_t period, next;

	if (ctx_pulse(ctx, e) || config_value(ctx->cluster, SETTING_HEARTBEAT_PERIOD, &period, e))
		return -1;
	if (pulse_look(ctx->cluster->pulse, period, &m->look, e))
		return -1;
	silence.look = m->look;
	if (liveness_find(ctx->cluster, &silence, e))
		return -1;
	next = silence.next_ms;
	m->silent_n = silence.n;
	m->silent = arena_copy(ctx->turn, silence.v, silence.n * sizeof *m->silent);
	m->silent_more = next == 0;
	if (next > 3600000)
		next = 3600000;
	m->last_look = clock_monotonic_ms();
	m->next_look = m->last_look + next;
	m->seen_seq = txn_seq(ctx->cluster->txn);
	return timers_next(ctx->cluster, &m->due_ms, e);
}

static int
act_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct monitor *m = argument;
	struct silence silence = {.look = m->look, .v = m->silent, .n = m->silent_n};

	if (ctx_pulse(ctx, e) || liveness_end(ctx->cluster, &silence, e))
		return -1;
	if (schedule_rest(ctx->cluster, e))
		return -1;
	return timers_apply(ctx->cluster, &m->more, e);
}

/* Looks and acts until nothing more is due now. */
static int
turn(struct monitor *m, struct err *e)
{
	struct ctx *ctx = m->ctx;
	uint64_t before;

	do {
		if (ctx_read(ctx, look_body, m, e))
			return -1;
		m->more = false;
		if (!m->silent_n && (!m->due_ms || m->due_ms > store_now(ctx->store)))
			return 0;
		/* The result lies in the turn's arena, which the write below resets. */
		m->silent = arena_copy(ctx->arena, m->silent, m->silent_n * sizeof *m->silent);
		before = ctx->seq;
		if (ctx_write(ctx, true, act_body, m, e))
			return -1;
		if (ctx->own.count)
			say(ctx, "%zu silent, %llu events from %llu", m->silent_n,
			    (unsigned long long)ctx->own.count, (unsigned long long)before + 1);
	} while (m->more || m->silent_more);
	return 0;
}

/* --- publishing --- */

static void
event_json(struct ctx *ctx, struct event *event, struct buf *line)
{
	struct form plain = {0};

	rec_json(&rec_event, event, &plain, line);
	buf_byte(line, '\n');
	if (line->n <= FIFO_LINE_MAX)
		return;
	event->before = event->after = NULL;
	*line = (struct buf){.arena = ctx->turn};
	rec_json(&rec_event, event, &plain, line);
	line->n--;
	buf_text(line, ",\"cut\":true}\n");
}

static int
publish_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct monitor *m = argument;
	struct event_reader reader = {.c = ctx->cluster};
	uint64_t seq = m->post.published + 1, last = txn_seq(ctx->cluster->txn),
		 horizon = txn_horizon(ctx->cluster->txn);
	struct event event;

	if (seq < horizon)
		seq = horizon;
	if (last > seq + 999)
		last = seq + 999;
	for (; seq <= last; seq++) {
		struct buf line = {.arena = ctx->turn};

		if (event_read(&reader, seq, &event, e) <= 0 ||
		    event_show(ctx->kinds, &event, ctx->turn, e))
			return -1;
		event_json(ctx, &event, &line);
		/* Never blocks: a slow reader gets a gap marker instead. */
		fifos_publish(m->fifos, seq, line.p, line.n);
		m->post.published = seq;
	}
	return 0;
}

static int
publish(struct monitor *m, struct err *e)
{
	size_t listeners = fifos_scan(m->fifos);
	uint64_t before = m->post.published;

	fifos_settle(m->fifos);
	if (!listeners) {
		m->post.published = m->ctx->seq;
	} else {
		do
			if (ctx_read(m->ctx, publish_body, m, e))
				return -1;
		while (m->post.published < m->ctx->seq);
	}
	return before == m->post.published ? 0 : monitor_lock_write(m->post_fd, &m->post, e);
}

/* --- the loop --- */

/* Reads the last event and the next due time: cheap, at each wake-up. */
static int
silence_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct monitor *m = argument;

	return timers_next(ctx->cluster, &m->due_ms, e);
}

/* Tries once a second: blocking in the lock itself could miss a signal that comes just before. */
static int
try_place(struct stay *s, void *argument, struct err *e)
{
	struct monitor *m = argument;
	int got = monitor_lock_take(store_dir(s->ctx->store), &m->post_fd, &m->post, e);

	return got > 0 ? STAY_OVER : got;
}

/* 1 with the lock taken, 0 if a signal came first, -1. */
static int
stand_by(struct monitor *m, const sigset_t *open_mask, struct err *e)
{
	struct stay s = {
	    .ctx = m->ctx, .argument = m, .turn = try_place, .open_mask = open_mask, .deaf = true};

	say(m->ctx, "waiting: process %llu is the monitor", (unsigned long long)m->post.pid);
	return stay_run(&s, e) ? -1 : !s.signal;
}

/* 0 with the lock taken, 1 if a signal ended the wait for it, -1. */
static int
post_begin(struct monitor *m, bool standby, const sigset_t *open_mask, struct err *e)
{
	const struct store_meta *meta = store_meta(m->ctx->store);
	struct buf history = {.arena = m->ctx->arena};
	int got = monitor_lock_take(store_dir(m->ctx->store), &m->post_fd, &m->post, e);

	if (got == 0 && !standby)
		return err_set(e, ERR_REFUSED, "process %llu is this directory's monitor already",
		    (unsigned long long)m->post.pid);
	if (got == 0)
		got = stand_by(m, open_mask, e);
	if (got <= 0)
		return got < 0 ? -1 : 1;
	if (ctx_read(m->ctx, silence_body, m, e))
		return -1;
	text_hex(&history, meta->history.bytes, sizeof meta->history.bytes);
	if (strcmp(m->post.history, buf_string(&history)) != 0 || m->post.published > m->ctx->seq)
		m->post.published = m->ctx->seq;
	snprintf(m->post.history, sizeof m->post.history, "%s", buf_string(&history));
	m->post.pid = (uint64_t)getpid();
	return monitor_lock_write(m->post_fd, &m->post, e);
}

uint64_t
monitor_next_ms(const struct monitor *m)
{
	uint64_t now = clock_monotonic_ms(), store_ms = store_now(m->ctx->store);
	uint64_t next = m->next_look > now ? m->next_look : now;

	if (store_meta(m->ctx->store)->given_clock)
		return now + m->interval_ms; /* a given clock moves by the bell */
	if (m->due_ms)
		next =
		    stay_earlier(next, m->due_ms > store_ms ? now + (m->due_ms - store_ms) : now);
	return stay_earlier(next, now + m->interval_ms);
}

/*
 * True if nodes must be checked, or something is due. A change may have added a node that times out
 * sooner than those seen before, but none in less than a second: so a storm of changes costs one
 * look a second.
 */
static bool
must_look(struct monitor *m)
{
	bool changed = m->ctx->seq != m->seen_seq;
	uint64_t next;

	if (store_meta(m->ctx->store)->given_clock)
		return changed || m->due_ms;
	if (changed && m->next_look > m->last_look + 1000)
		m->next_look = m->last_look + 1000;
	next = monitor_next_ms(m);
	return next <= clock_monotonic_ms();
}

/* Looks once a second for processes that ended without a report. */
static int
look_at_processes(struct monitor *m, struct err *e)
{
	uint64_t now = clock_monotonic_ms();
	size_t n;

	if (now < m->observed + 1000)
		return 0;
	m->observed = now;
	if (lost_processes_observe(m->ctx, &n, NULL, e))
		return -1;
	if (n)
		say(m->ctx, "%zu processes are gone", n);
	return 0;
}

int
monitor_step(struct monitor *m, struct err *e)
{
	struct ctx *ctx = m->ctx;
	struct arena_mark mark = arena_mark(ctx->arena);
	int bad = ctx_read(ctx, silence_body, m, e);

	if (!bad && must_look(m))
		bad = turn(m, e);
	if (!bad)
		bad = look_at_processes(m, e);
	if (!bad)
		cleanup(ctx, &m->cleaned);
	bad = stay_patient(ctx, bad, e);
	if (!bad)
		bad = publish(m, e);
	arena_rewind(ctx->arena, mark);
	return bad;
}

static int
step(struct stay *s, void *argument, struct err *e)
{
	int bad = monitor_step(argument, e);

	s->next_ms = monitor_next_ms(argument);
	return bad;
}

static int
watch_over(struct monitor *m, const sigset_t *open_mask, struct err *e)
{
	struct stay s = {.ctx = m->ctx,
	    .argument = m,
	    .turn = step,
	    .open_mask = open_mask,
	    .look_ms = m->interval_ms};
	struct err notify;
	int bad;

	say(m->ctx, "started as process %llu, events published up to %llu",
	    (unsigned long long)getpid(), (unsigned long long)m->post.published);
	if (notify_send(getenv("NOTIFY_SOCKET"), "READY=1", &notify))
		say(m->ctx, "%s", notify.text);
	bad = stay_run(&s, e);
	if (notify_send(getenv("NOTIFY_SOCKET"), "STOPPING=1", &notify))
		say(m->ctx, "%s", notify.text);
	if (!bad)
		say(m->ctx, "stopped by signal %d", s.signal);
	return bad;
}

static int
once(struct monitor *m, struct err *e)
{
	if (turn(m, e) || look_at_processes(m, e))
		return -1;
	cleanup(m->ctx, &m->cleaned);
	return ctx_read(m->ctx, silence_body, m, e) || publish(m, e) ? -1 : 0;
}

static int
fifo_dir(struct ctx *ctx, const char *path, struct err *e)
{
	int fd = path ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
		      : store_subdir(ctx->store, "watch", e);

	if (fd < 0 && path)
		return err_set(e, ERR_STORE, "cannot open '%s': %s", path, strerror(errno));
	return fd;
}

static int
fifos_begin(struct monitor *m, const char *path, struct err *e)
{
	int dir = fifo_dir(m->ctx, path, e), bad;

	if (dir < 0)
		return -1;
	bad = fifos_open(&m->fifos, dir, e);
	close(dir);
	return bad;
}

struct monitor *
monitor_open(struct ctx *ctx, struct err *e)
{
	struct monitor *m = arena_alloc(ctx->arena, sizeof *m);

	*m = (struct monitor){.ctx = ctx, .post_fd = -1, .interval_ms = 1000};
	if (fifos_begin(m, NULL, e))
		return NULL;
	if (!post_begin(m, false, NULL, e))
		return m;
	monitor_close(m);
	return NULL;
}

void
monitor_close(struct monitor *m)
{
	if (!m)
		return;
	fifos_close(m->fifos);
	if (m->post_fd >= 0)
		close(m->post_fd);
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct monitor m = {
	    .ctx = ctx, .post_fd = -1, .interval_ms = p->interval.given ? p->interval.value : 1000};
	static const int held[] = {SIGTERM, SIGINT};
	sigset_t before;
	int bad;

	(void)operands;
	if (m.interval_ms < 1000)
		return err_set(e, ERR_USAGE, "--interval: at least 1s");
	if (fifos_begin(&m, p->fifo, e))
		return -1;
	signals_hold(held, sizeof held / sizeof *held, &before);
	bad = post_begin(&m, p->standby && !p->once, &before, e);
	if (!bad && p->once)
		bad = once(&m, e);
	else if (!bad)
		bad = watch_over(&m, &before, e);
	monitor_close(&m);
	return bad < 0 ? -1 : 0;
}

static const struct opt opts[] = {
    OPT(0, "once", OPT_FLAG, once, NULL, "do what is due now and exit, for cron"),
    OPT(0, "standby", OPT_FLAG, standby, NULL, "if there already is a monitor, wait to take over"),
    OPT(0, "interval", OPT_DURATION, interval, "D", "check at least this often (1s)"),
    OPT(0, "fifo", OPT_TEXT, fifo, "DIR",
	"publish to the FIFOs of this directory instead of watch/", .completes = "dir"),
};

const struct command cmd_monitor = {
    .name = "monitor",
    .help = "declare silent nodes dead, do what is due, publish events",
    .mode = MODE_OPEN,
    .flags = CMD_LONG,
    .opts = OPTS(opts, struct params),
    .run = run,
};
