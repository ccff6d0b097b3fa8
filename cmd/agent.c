/*
 * agent: makes this machine a node: registers it, beats, and starts what is placed on it. Each task
 * or actor has a supervisor of its own, which goes on without the agent; the next one finds them by
 * their records. It restarts nothing: the rules do.
 */
#include "cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "agent.h"
#include "base/clock.h"
#include "base/number.h"
#include "cluster/node.h"
#include "cluster/schedule.h"
#include "cluster/tick.h"
#include "host_node.h"
#include "monitor.h"
#include "proc/family.h"
#include "proc/runlock.h"
#include "spec.h"
#include "state/config.h"
#include "state/record.h"
#include "watch/bell.h"
#include "watch/notify.h"

#define LOOK_MS 1000
#define LEAVE_MS 30000 /* how long what runs may go on when the agent is told to leave */
#define GONE_WAIT_MS 5000

struct params {
	struct amounts resources;
	struct labels labels;
	const char *address;
	bool detect, monitor;
	struct opt_number heartbeat, drain;
};

static volatile sig_atomic_t told_to_stop, child_changed;

static void
note_signal(int number)
{
	if (number == SIGCHLD)
		child_changed = 1;
	else
		told_to_stop++;
}

static void
signals_hold(struct agent *a)
{
	static const int noted[] = {SIGTERM, SIGINT, SIGCHLD};
	struct sigaction action = {.sa_handler = note_signal};
	sigset_t held;
	size_t i;

	sigemptyset(&held);
	for (i = 0; i < sizeof noted / sizeof *noted; i++) {
		sigaddset(&held, noted[i]);
		sigaction(noted[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &held, &a->open_mask);
}

/* --- being a node --- */

static int
node_prepare(struct agent *a, const struct params *p, const char *name, struct err *e)
{
	struct ctx *ctx = a->ctx;
	char *host = arena_alloc(ctx->arena, 256);

	if (gethostname(host, 255))
		return err_set(e, ERR_NO, "this machine has no name");
	host[strcspn(host, ".")] = '\0';
	a->wanted.name = name ? name : host;
	a->wanted.address = p->address;
	a->wanted.total = p->resources;
	a->wanted.labels = p->labels;
	a->wanted.agent = getuid() ? arena_printf(ctx->arena, "%u", (unsigned)getuid()) : "any";
	labels_set(&a->wanted.labels, "host", host, ctx->arena);
	return p->resources.n && !p->detect ? 0 : host_detect(ctx, &a->wanted, e);
}

static int
run_dir(struct agent *a, struct err *e)
{
	int fd = openat(
	    store_dir(a->ctx->store), "run", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? err_set(e, ERR_STORE, "cannot open run: %s", strerror(errno)) : fd;
}

static const char *
lock_name(const struct agent *a)
{
	return arena_printf(a->ctx->arena, "agent-%s.lock", a->wanted.name);
}

/* One agent for each node: the lock goes with its process. */
static int
place_take(struct agent *a, struct err *e)
{
	int dir = run_dir(a, e);

	if (dir < 0)
		return -1;
	a->lock = runlock_take(dir, lock_name(a), 0660, e);
	close(dir);
	if (a->lock >= 0)
		return 0;
	return e->code == ERR_BUSY
		   ? err_set(e, ERR_REFUSED, "node %s has an agent already", a->wanted.name)
		   : -1;
}

static void
place_leave(struct agent *a)
{
	struct err ignored;
	int dir;

	if (a->lock < 0)
		return;
	close(a->lock);
	dir = run_dir(a, &ignored);
	if (dir < 0)
		return;
	runlock_remove(dir, lock_name(a), &ignored);
	close(dir);
}

static int
register_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct agent *a = argument;
	struct node node = a->wanted;

	if (ctx_pulse(ctx, e) || node_register(ctx->cluster, &node, e))
		return -1;
	a->node = node.id;
	a->drains = node.state == NODE_DRAINING;
	return schedule_rest(ctx->cluster, e) ||
		       config_value(ctx->cluster, SETTING_HEARTBEAT_PERIOD, &a->period_ms, e)
		   ? -1
		   : 0;
}

static int
join(struct agent *a, struct err *e)
{
	if (ctx_write(a->ctx, false, register_body, a, e))
		return -1;
	if (a->own_period_ms)
		a->period_ms = a->own_period_ms;
	a->beaten = clock_monotonic_ms();
	say(a->ctx, "this is node %s (N%llu)%s%s", a->wanted.name, (unsigned long long)a->node,
	    a->drains ? ", which is draining and takes nothing new: gcs undrain " : "",
	    a->drains ? a->wanted.name : "");
	return 0;
}

/* --- looking --- */

static int
start_add(struct agent *a, uint64_t ref, struct err *e)
{
	const struct kind *kind = kind_letter(ref_letter(ref));
	void *record = arena_alloc(a->ctx->turn, kind->rec->size);

	if (record_get_number(a->ctx->cluster, kind, ref_number(ref), record, e) < 0)
		return -1;
	a->starts[a->starts_n] = (struct agent_start){ref, record_rev(kind, record)};
	a->starts_n += agent_may_start(a, &a->starts[a->starts_n]);
	return 0;
}

static int
look_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct agent *a = argument;
	uint64_t now = clock_monotonic_ms(), ref = 0;
	struct node node = {0};
	int got = record_get_number(ctx->cluster, kind_of(KIND_NODE), a->node, &node, e);

	if (got < 0)
		return -1;
	a->state = got ? node.state : NODE_DEAD;
	a->death = node.death ? ((const struct death *)node.death)->reason : 0;
	agent_starts_begin(a);
	if (a->state == NODE_DEAD)
		return 0;
	if (now >= a->beaten + a->period_ms) {
		if (ctx_pulse(ctx, e) || node_heartbeat(ctx->cluster, &node, 0, 0, e))
			return -1;
		a->beaten = now;
	}
	while (a->starts_n < AGENT_STARTS &&
	       (got = spec_next(ctx, a->node, getuid() ? getuid() : UINT64_MAX, &ref, e)) > 0)
		if (start_add(a, ref, e))
			return -1;
	return got < 0 || tick_next(ctx->cluster, &a->due_ms, e) ? -1 : 0;
}

static int
tick_body(struct ctx *ctx, void *argument, struct err *e)
{
	return tick(ctx->cluster, argument, e);
}

/* The end of its own drain does not wait for a monitor. */
static int
own_time(struct agent *a, struct err *e)
{
	bool more;

	if (a->monitor || a->state != NODE_DRAINING || !a->due_ms ||
	    a->due_ms > store_now(a->ctx->store))
		return 0;
	return ctx_write(a->ctx, true, tick_body, &more, e);
}

/* --- leaving --- */

static int
leave_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct agent *a = argument;
	struct drain drain = {.purpose = DRAIN_REMOVAL, .message = "its agent was told to stop"};
	struct drain_how how = {false, false};
	struct node node = {0}, *nodes[] = {&node};

	if (record_get_number(ctx->cluster, kind_of(KIND_NODE), a->node, &node, e) < 0)
		return -1;
	if (node.state == NODE_DEAD)
		return 0;
	drain.deadline_ms = ctx->cluster->now_ms + a->drain_ms;
	if (node.state != NODE_DRAINING && node_drain(ctx->cluster, nodes, 1, &drain, how, e))
		return -1;
	return schedule_rest(ctx->cluster, e);
}

static int
leave(struct agent *a, struct err *e)
{
	char grace[NUMBER_SIZE];

	a->leaving = true;
	say(a->ctx, "draining: running jobs have %s", duration_format(grace, a->drain_ms));
	return ctx_write(a->ctx, true, leave_body, a, e);
}

/* Supervisors see that their records have ended and end what they watch; what is left then is
 * killed. */
static void
children_end(struct agent *a)
{
	static const struct timespec pause = {0, 50000000};
	uint64_t end = clock_monotonic_ms() + LEAVE_MS;

	while (agent_has_children(a) && clock_monotonic_ms() < end) {
		nanosleep(&pause, NULL);
		agent_reap(a);
	}
	family_kill(0, GONE_WAIT_MS);
	agent_reap(a);
}

/* The node has ended. Declared dead for its silence, though we live: what ran here runs elsewhere
 * now; then we come back. 1: the agent ends, too. */
static int
ended(struct agent *a, struct err *e)
{
	bool silent = a->death == REASON_UNEXPECTED_TERMINATION && !a->leaving;

	say(a->ctx, "node N%llu has ended%s", (unsigned long long)a->node,
	    silent ? ": it was thought dead, and registers anew" : "");
	children_end(a);
	if (!silent)
		return 1;
	return join(a, e);
}

static int
cluster_gone(struct agent *a, struct err *e)
{
	children_end(a);
	return err_set(e, ERR_STORE, "the cluster in '%s' is gone", store_path(a->ctx->store));
}

/* --- life --- */

static uint64_t
pause_ms(const struct agent *a)
{
	uint64_t now = clock_monotonic_ms(), beat = a->beaten + a->period_ms, wait = LOOK_MS;

	if (beat < now + wait)
		wait = beat > now ? beat - now : 0;
	if (a->monitor && monitor_pause_ms(a->monitor) < wait)
		wait = monitor_pause_ms(a->monitor);
	return wait;
}

static int
observe_each_second(struct agent *a, struct err *e)
{
	uint64_t now = clock_monotonic_ms();
	size_t n;

	if (now < a->observed + LOOK_MS)
		return 0;
	a->observed = now;
	if (agent_overdue(a, e) || observe(a->ctx, &n, NULL, e))
		return -1;
	if (n)
		say(a->ctx, "%zu processes are gone", n);
	if (!a->monitor)
		sweep(a->ctx, &a->swept);
	return 0;
}

/* 0: go on, 1: it is over, -1. */
static int
step(struct agent *a, struct err *e)
{
	int got = 0;

	if (store_gone(a->ctx->store))
		return cluster_gone(a, e);
	if (told_to_stop > (a->leaving ? 1 : 0)) {
		if (a->leaving)
			return 1;
		told_to_stop = 1;
		got = leave(a, e);
	}
	if (!got && child_changed) {
		child_changed = 0;
		agent_reap(a);
	}
	if (!got && a->monitor)
		got = monitor_step(a->monitor, e);
	if (!got)
		got = ctx_read(a->ctx, look_body, a, e);
	if (got)
		return -1;
	if (a->state == NODE_DEAD)
		return ended(a, e);
	agent_start(a);
	return own_time(a, e) || observe_each_second(a, e) ? -1 : 0;
}

static int
live(struct agent *a, struct err *e)
{
	struct arena_mark mark = arena_mark(a->ctx->arena);
	struct bell bell;
	int got = 0;

	bell_open(&bell, store_dir(a->ctx->store));
	while (!got) {
		bell_drain(&bell);
		got = step(a, e);
		if (got < 0 && e->code == ERR_BUSY) {
			say(a->ctx, "%s", e->text);
			got = 0;
		}
		arena_rewind(a->ctx->arena, mark);
		if (!got)
			bell_wait(&bell, pause_ms(a), -1, &a->open_mask);
	}
	bell_close(&bell);
	return got < 0 ? -1 : 0;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct agent a = {.ctx = ctx,
	    .lock = -1,
	    .own_period_ms = p->heartbeat.value,
	    .drain_ms = p->drain.given ? p->drain.value : LEAVE_MS};
	struct err notify;
	int bad;

	if (p->heartbeat.given && p->heartbeat.value < 10)
		return err_set(e, ERR_USAGE, "--heartbeat: at least 10ms");
	signals_hold(&a);
	bad = node_prepare(&a, p, operands[0], e) || place_take(&a, e) || family_adopt(e) ||
	      (p->monitor && !(a.monitor = monitor_open(ctx, e))) || join(&a, e);
	if (!bad && notify_send(getenv("NOTIFY_SOCKET"), "READY=1", &notify))
		say(ctx, "%s", notify.text);
	if (!bad)
		bad = live(&a, e);
	monitor_close(a.monitor);
	place_leave(&a);
	return bad;
}

static const struct opt opts[] = {
    {'r', "resources", OPT_AMOUNTS, offsetof(struct params, resources), "R",
	"resources, instead of those detected: cpu=8,gpu=4; may be repeated", NULL, NULL},
    {'l', "label", OPT_LABELS, offsetof(struct params, labels), "k=v", "label; may be repeated",
	NULL, NULL},
    {0, "address", OPT_TEXT, offsetof(struct params, address), "A", "address at which the node is reached",
	NULL, NULL},
    {0, "detect", OPT_FLAG, offsetof(struct params, detect), NULL,
	"with -r: also detect cpu, mem and gpu", NULL, NULL},
    {0, "heartbeat", OPT_DURATION, offsetof(struct params, heartbeat), "D",
	"interval of heartbeats (heartbeat_period)", NULL, NULL},
    {0, "drain-timeout", OPT_DURATION, offsetof(struct params, drain), "D",
	"how long running work may go on after SIGTERM (30s)", NULL, NULL},
    {0, "monitor", OPT_FLAG, offsetof(struct params, monitor), NULL, "do the monitor's work, too",
	NULL, NULL},
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};

static const struct operand operands[] = {
    {"NAME", OPERAND_OPTIONAL, NULL}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_agent = {"agent", "make this machine a node and run what is placed on it",
    MODE_OPEN, CMD_LONG, operands, opts, sizeof(struct params), run, NULL, 0, NULL};
