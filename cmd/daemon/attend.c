/* attend: waits for a child that is supervised: passes signals on, copies its output, and stops it
 * when its record says so. */
#include "daemon/supervise.h"
#include "core/child_signals.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"
#include "sched/schedule.h"
#include "model/worker.h"
#include "proc/descendants.h"
#include "proc/terminal.h"
#include "state/record.h"
#include "wakeup/bell.h"

#define LOOK_MS 1000	  /* at its record, without being rung */
#define LOOK_LEAST_MS 50  /* between two looks, however often the bell rings */
#define GONE_WAIT_MS 5000 /* for what was killed to be gone */

struct attention {
	struct supervision *s;
	struct bell bell;
	int pidfd, epoll;
	struct child_signals child;
	uint64_t looked, limit; /* CLOCK_MONOTONIC; limit: when it has run long enough; 0: never */
	bool stop, listens;
	uint64_t grace_ms;
};

void
attend_signals(struct supervision *s)
{
	sigprocmask(SIG_BLOCK, NULL, &s->open_mask);
	child_signals_set();
}

/* --- the record --- */

static int
look_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct attention *at = argument;
	struct worker w = {0};
	int got = record_get_number(ctx->cluster, kind_of(KIND_WORKER), at->s->worker, &w, e);

	if (got < 0)
		return -1;
	at->stop = !got || w.state != WORKER_RUNNING || w.stop_ms;
	at->grace_ms = w.grace ? w.grace : at->s->spec.grace_ms ? at->s->spec.grace_ms : GRACE_MS;
	return 0;
}

/* Nobody may be there to advance time: what its own limit brings is seen to here. */
static int
limit_reached(struct attention *at, uint64_t now, struct err *e)
{
	if (!at->limit || now < at->limit)
		return 0;
	at->limit = now + LOOK_MS;
	return child_signals_tick(at->s->ctx, e);
}

/* Its cluster is gone, and nobody can be told how it ends any more. */
static void
look_gone(struct attention *at)
{
	at->stop = true;
	at->grace_ms = at->s->spec.grace_ms ? at->s->spec.grace_ms : GRACE_MS;
}

/* The store may be busy or full for a while: the child runs on, and we look again. */
static int
look(struct attention *at, struct err *e)
{
	struct ctx *ctx = at->s->ctx;
	uint64_t now = clock_monotonic_ms();
	struct arena_mark mark = arena_mark(ctx->arena);
	bool was = at->stop;
	int bad = 0;

	if (now - at->looked < LOOK_LEAST_MS || at->child.kill_ms)
		return 0;
	at->looked = now;
	if (store_gone(ctx->store))
		look_gone(at);
	else
		bad = limit_reached(at, now, e) || ctx_read(ctx, look_body, at, e);
	arena_rewind(ctx->arena, mark);
	if (bad)
		return e->code == ERR_BUSY || e->code == ERR_STORE ? 0 : -1;
	if (at->stop && !was)
		child_signals_stop(&at->child, at->grace_ms);
	return 0;
}

/* --- sleeping --- */

static uint64_t
pause_ms(const struct attention *at)
{
	uint64_t now = clock_monotonic_ms(), wait = at->listens ? LOOK_MS : LOOK_LEAST_MS;

	if (at->child.kill_ms && at->child.kill_ms < now + wait)
		wait = at->child.kill_ms > now ? at->child.kill_ms - now : 0;
	if (at->limit && at->limit < now + wait)
		wait = at->limit > now ? at->limit - now : 0;
	return wait;
}

static void
listen_to(struct attention *at, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data = {.fd = fd}};

	if (fd >= 0)
		epoll_ctl(at->epoll, EPOLL_CTL_ADD, fd, &event);
}

static int
attention_open(struct attention *at, struct supervision *s, struct err *e)
{
	*at = (struct attention){.s = s, .epoll = -1, .bell = {.inotify = -1}};
	at->pidfd = reap_open(s->child.pid, e);
	if (at->pidfd < 0)
		return -1;
	at->looked = clock_monotonic_ms();
	at->child = (struct child_signals){s->child.pid, s->foreground, 0};
	child_signals_begin(&at->child);
	at->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (at->epoll < 0)
		return err_set(e, ERR_NO, "cannot wait: %s", strerror(errno));
	listen_to(at, at->pidfd);
	listen_to(at, s->pipes[0]);
	listen_to(at, s->pipes[1]);
	if (s->spec.time_limit_ms)
		at->limit = clock_monotonic_ms() + s->spec.time_limit_ms;
	return 0;
}

/* To listen costs more than what ends at once; the look that follows sees what was missed. */
static void
listen_late(struct attention *at)
{
	if (at->listens || clock_monotonic_ms() < at->looked + LOOK_LEAST_MS)
		return;
	bell_open(&at->bell, store_dir(at->s->ctx->store));
	at->listens = true;
}

static void
attention_close(struct attention *at)
{
	bell_close(&at->bell);
	if (at->pidfd >= 0)
		close(at->pidfd);
	if (at->epoll >= 0)
		close(at->epoll);
}

static void
kill_late(struct attention *at)
{
	if (!at->child.kill_ms || clock_monotonic_ms() < at->child.kill_ms)
		return;
	descendants_kill(at->s->child.pid, GONE_WAIT_MS);
	at->child.kill_ms += LOOK_MS;
}

/* What it left behind used its resources: they are given back, so that goes too. */
static int
take_away(struct attention *at, struct err *e)
{
	struct supervision *s = at->s;

	if (s->foreground)
		terminal_return(0, s->child.pid);
	if (reap_take(s->child.pid, &s->outcome, e))
		return -1;
	descendants_kill(0, GONE_WAIT_MS);
	outputs_copy(s);
	return 0;
}

int
attend(struct supervision *s, struct err *e)
{
	struct attention at;
	int bad = attention_open(&at, s, e);

	while (!bad && !reap_ended(s->child.pid)) {
		bell_wait(&at.bell, pause_ms(&at), at.epoll, &s->open_mask);
		bell_drain(&at.bell);
		child_signals_pass(&at.child);
		outputs_copy(s);
		kill_late(&at);
		if (reap_ended(s->child.pid))
			break;
		listen_late(&at);
		bad = look(&at, e);
	}
	if (!bad)
		bad = take_away(&at, e);
	attention_close(&at);
	return bad;
}
