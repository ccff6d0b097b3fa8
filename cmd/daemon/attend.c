/* attend: waits for a supervised child: passes signals on, copies its output, and stops it when its
 * record says so. */
#include "daemon/supervision.h"

#include <unistd.h>

#include "base/clock.h"
#include "core/child_signals.h"
#include "core/stay.h"
#include "sched/schedule.h"
#include "model/worker.h"
#include "proc/descendants.h"
#include "proc/terminal.h"
#include "state/record.h"

#define LOOK_LEAST_MS 50  /* between two looks, even if the bell rings more often */
#define GONE_WAIT_MS 5000 /* for killed processes to be gone */

struct attention {
	struct supervision *s;
	struct child_signals child;
	uint64_t looked, limit; /* CLOCK_MONOTONIC; limit: end of its time limit; 0: none */
	bool stop;
	uint64_t grace_ms;
};

/* --- the record --- */

static int
look_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct attention *at = argument;
	struct worker w = {0};
	int got =
	    record_get_number(ctx->cluster, kind_of(ctx->kinds, KIND_WORKER), at->s->worker, &w, e);

	if (got < 0)
		return -1;
	at->stop = !got || w.state != WORKER_RUNNING || w.stop_ms;
	at->grace_ms = w.grace ? w.grace : at->s->spec.grace_ms ? at->s->spec.grace_ms : GRACE_MS;
	return 0;
}

/* Applies the record's own time limit: no other process may be there to do it. */
static int
limit_reached(struct attention *at, uint64_t now, struct err *e)
{
	if (!at->limit || now < at->limit)
		return 0;
	at->limit = now + STAY_LOOK_MS;
	return stay_tick(at->s->ctx, e);
}

/* The cluster is gone, so the outcome cannot be reported any more. */
static void
look_gone(struct attention *at)
{
	at->stop = true;
	at->grace_ms = at->s->spec.grace_ms ? at->s->spec.grace_ms : GRACE_MS;
}

/* If the store is busy or full for a while, the child runs on and the look is repeated. */
static int
look(struct attention *at, struct err *e)
{
	struct ctx *ctx = at->s->ctx;
	uint64_t now = clock_monotonic_ms();
	bool was = at->stop;
	int bad = 0;

	if (now - at->looked < LOOK_LEAST_MS || at->child.kill_ms)
		return 0;
	at->looked = now;
	if (store_gone(ctx->store))
		look_gone(at);
	else
		bad = limit_reached(at, now, e) || ctx_read(ctx, look_body, at, e);
	if (bad)
		return e->code == ERR_BUSY || e->code == ERR_STORE ? 0 : -1;
	if (at->stop && !was)
		child_signals_stop(&at->child, at->grace_ms);
	return 0;
}

/* --- waiting --- */

static void
kill_late(struct attention *at)
{
	if (!at->child.kill_ms || clock_monotonic_ms() < at->child.kill_ms)
		return;
	descendants_kill(at->s->child.pid, GONE_WAIT_MS);
	at->child.kill_ms += STAY_LOOK_MS;
}

/* Kills the descendants left behind: their resources are being released. */
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

/* Listening to the bell costs more than a child that exits at once; the look after it sees what was
 * missed. */
static void
listen_late(const struct attention *at, struct stay *s)
{
	if (!s->deaf || clock_monotonic_ms() < at->looked + LOOK_LEAST_MS)
		return;
	stay_listen(s);
	s->look_ms = 0;
}

static int
turn(struct stay *s, void *argument, struct err *e)
{
	struct attention *at = argument;
	int bad;

	outputs_copy(at->s);
	kill_late(at);
	if (reap_ended(at->s->child.pid))
		return STAY_OVER;
	listen_late(at, s);
	bad = look(at, e);
	s->next_ms = at->limit;
	return bad;
}

int
attend(struct supervision *s, struct err *e)
{
	struct attention at = {
	    .s = s, .child = {s->child.pid, s->foreground, 0}, .looked = clock_monotonic_ms()};
	int fds[] = {reap_open(s->child.pid, e), s->pipes[0], s->pipes[1]}, bad;
	struct stay stay = {.ctx = s->ctx,
	    .argument = &at,
	    .turn = turn,
	    .child = &at.child,
	    .open_mask = &s->open_mask,
	    .fds = fds,
	    .n = 3,
	    .deaf = true,
	    .look_ms = LOOK_LEAST_MS};

	if (fds[0] < 0)
		return -1;
	child_signals_begin(&at.child);
	if (s->spec.time_limit_ms)
		at.limit = at.looked + s->spec.time_limit_ms;
	bad = stay_run(&stay, e) || take_away(&at, e);
	close(fds[0]);
	return bad ? -1 : 0;
}
