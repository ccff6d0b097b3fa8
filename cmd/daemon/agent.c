/*
 * agent: makes this machine a node: registers it, sends heartbeats, and starts what is placed on
 * it. Each task or actor has its own supervisor, which survives the agent; the next agent finds it
 * by its record. The agent restarts nothing: the rules do.
 */
#include "core/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "daemon/agent_children.h"
#include "daemon/cleanup.h"
#include "base/duration.h"
#include "base/number.h"
#include "base/clock.h"
#include "model/drain.h"
#include "model/node.h"
#include "sched/schedule.h"
#include "model/timers.h"
#include "core/host_node.h"
#include "core/signals.h"
#include "core/stay.h"
#include "daemon/monitor.h"
#include "proc/descendants.h"
#include "proc/runlock.h"
#include "daemon/spec.h"
#include "state/config.h"
#include "state/record.h"
#include "wakeup/notify.h"

#define LEAVE_MS 30000 /* how long running work may go on when the agent is told to leave */
#define GONE_WAIT_MS 5000

struct params {
	struct amounts resources;
	struct labels labels;
	const char *address;
	bool detect, monitor;
	struct opt_number heartbeat, drain;
};

struct agent {
	struct ctx *ctx;
	struct node wanted;	 /* the node to register */
	struct monitor *monitor; /* NULL: another process is the monitor */
	int lock;
	sigset_t open_mask;
	uint64_t node, own_period_ms, period_ms, drain_ms;
	uint64_t beaten, observed; /* CLOCK_MONOTONIC */
	struct cleanup cleaned;
	bool leaving, drains;  /* drains: at registration */
	unsigned state, death; /* of the node, as last read */
	uint64_t due_ms;       /* store's clock */
	struct agent_children children;
};

/* --- the node --- */

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

static const char *
lock_name(const struct agent *a)
{
	return arena_printf(a->ctx->arena, "agent-%s.lock", a->wanted.name);
}

/* One agent for each node: its process holds the lock. */
static int
place_take(struct agent *a, struct err *e)
{
	int dir = store_subdir(a->ctx->store, "run", e);

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
	dir = store_subdir(a->ctx->store, "run", &ignored);
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
start_want(struct agent *a, uint64_t ref, struct err *e)
{
	const struct kind *kind = kind_letter(a->ctx->kinds, ref_letter(ref));
	void *record = arena_alloc(a->ctx->turn, kind->rec->size);
	struct agent_start start = {.ref = ref};

	if (record_get_number(a->ctx->cluster, kind, ref_number(ref), record, e) < 0)
		return -1;
	start.rev = record_rev(kind, record);
	agent_children_want(&a->children, &start);
	return 0;
}

static int
look_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct agent *a = argument;
	uint64_t now = clock_monotonic_ms(), ref = 0;
	struct node node = {0};
	int got =
	    record_get_number(ctx->cluster, kind_of(ctx->kinds, KIND_NODE), a->node, &node, e);

	if (got < 0)
		return -1;
	a->state = got ? node.state : NODE_DEAD;
	a->death = node.death ? ((const struct death *)node.death)->reason : 0;
	agent_children_look(&a->children);
	if (a->state == NODE_DEAD)
		return 0;
	if (now >= a->beaten + a->period_ms) {
		if (ctx_pulse(ctx, e) || node_heartbeat(ctx->cluster, &node, 0, 0, e))
			return -1;
		a->beaten = now;
	}
	while (!agent_children_full(&a->children) &&
	       (got = spec_next(ctx, a->node, getuid() ? getuid() : UINT64_MAX, &ref, e)) > 0)
		if (start_want(a, ref, e))
			return -1;
	return got < 0 || timers_next(ctx->cluster, &a->due_ms, e) ? -1 : 0;
}

/* Ends its own drain without waiting for a monitor. */
static int
own_time(struct agent *a, struct err *e)
{
	if (a->monitor || a->state != NODE_DRAINING || !a->due_ms ||
	    a->due_ms > store_now(a->ctx->store))
		return 0;
	return stay_tick(a->ctx, e);
}

/* --- leaving --- */

static int
leave_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct agent *a = argument;
	struct drain drain = {.purpose = DRAIN_REMOVAL, .message = "its agent was told to stop"};
	struct drain_how how = {false, false};
	struct node node = {0}, *nodes[] = {&node};

	if (record_get_number(ctx->cluster, kind_of(ctx->kinds, KIND_NODE), a->node, &node, e) < 0)
		return -1;
	if (node.state == NODE_DEAD)
		return 0;
	drain.deadline_ms = ctx->cluster->now_ms + a->drain_ms;
	if (node.state != NODE_DRAINING && drain_nodes(ctx->cluster, nodes, 1, &drain, how, e))
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

/* Supervisors see that their records have ended and end their children; what remains is killed. */
static void
children_end(struct agent *a)
{
	static const struct timespec pause = {0, 50000000};
	uint64_t end = clock_monotonic_ms() + LEAVE_MS;

	while (agent_children_run(&a->children) && clock_monotonic_ms() < end) {
		nanosleep(&pause, NULL);
		agent_children_reap(&a->children);
	}
	descendants_kill(0, GONE_WAIT_MS);
	agent_children_reap(&a->children);
}

/* The node has ended. If it was declared dead for silence although it lives, its work runs
 * elsewhere by now: ends what is left here and registers again. */
static int
ended(struct agent *a, struct err *e)
{
	bool silent = a->death == REASON_UNEXPECTED_TERMINATION && !a->leaving;

	say(a->ctx, "node N%llu has ended%s", (unsigned long long)a->node,
	    silent ? ": it was thought dead, and registers anew" : "");
	children_end(a);
	if (!silent)
		return STAY_OVER;
	return join(a, e);
}

/* --- the loop --- */

static int
observe_each_second(struct agent *a, struct err *e)
{
	uint64_t now = clock_monotonic_ms();
	size_t n;

	if (now < a->observed + STAY_LOOK_MS)
		return 0;
	a->observed = now;
	if (agent_children_overdue(&a->children, e) || lost_processes_observe(a->ctx, &n, NULL, e))
		return -1;
	if (n)
		say(a->ctx, "%zu processes are gone", n);
	if (!a->monitor)
		cleanup(a->ctx, &a->cleaned);
	return 0;
}

static int
turn(struct stay *s, void *argument, struct err *e)
{
	struct agent *a = argument;

	if ((a->monitor && monitor_step(a->monitor, e)) || ctx_read(a->ctx, look_body, a, e))
		return -1;
	if (a->state == NODE_DEAD)
		return ended(a, e);
	agent_children_start(&a->children);
	s->next_ms = a->beaten + a->period_ms;
	if (a->monitor)
		s->next_ms = stay_earlier(s->next_ms, monitor_next_ms(a->monitor));
	return own_time(a, e) || observe_each_second(a, e) ? -1 : STAY_ON;
}

/* A second signal to stop ends it at once. */
static int
signalled(struct stay *s, void *argument, struct err *e)
{
	struct agent *a = argument;

	if (s->signal == SIGCHLD) {
		agent_children_reap(&a->children);
		return STAY_ON;
	}
	return a->leaving ? STAY_OVER : leave(a, e);
}

static int
live(struct agent *a, struct err *e)
{
	struct stay s = {.ctx = a->ctx,
	    .argument = a,
	    .turn = turn,
	    .signalled = signalled,
	    .open_mask = &a->open_mask,
	    .patient = true};
	int bad = stay_run(&s, e);

	if (bad && store_gone(a->ctx->store))
		children_end(a);
	return bad;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct agent a = {.ctx = ctx,
	    .lock = -1,
	    .own_period_ms = p->heartbeat.value,
	    .drain_ms = p->drain.given ? p->drain.value : LEAVE_MS};
	static const int held[] = {SIGTERM, SIGINT, SIGCHLD};
	struct err notify;
	int bad;

	if (p->heartbeat.given && p->heartbeat.value < 10)
		return err_set(e, ERR_USAGE, "--heartbeat: at least 10ms");
	agent_children_init(&a.children, ctx);
	signals_hold(held, sizeof held / sizeof *held, &a.open_mask);
	bad = node_prepare(&a, p, operands[0], e) || place_take(&a, e) || descendants_adopt(e) ||
	      (p->monitor && !(a.monitor = monitor_open(ctx, e))) || join(&a, e);
	if (!bad && notify_send(getenv("NOTIFY_SOCKET"), "READY=1", &notify))
		say(ctx, "%s", notify.text);
	if (!bad)
		bad = live(&a, e);
	monitor_close(a.monitor);
	place_leave(&a);
	agent_children_done(&a.children);
	return bad;
}

static const struct opt opts[] = {
    OPT('r', "resources", OPT_AMOUNTS, resources, "R",
	"resources, instead of those detected: cpu=8,gpu=4; may be repeated"),
    OPT('l', "label", OPT_LABELS, labels, "k=v", "label; may be repeated"),
    OPT(0, "address", OPT_TEXT, address, "A", "address at which the node is reached"),
    OPT(0, "detect", OPT_FLAG, detect, NULL, "with -r: also detect cpu, mem and gpu"),
    OPT(0, "heartbeat", OPT_DURATION, heartbeat, "D", "interval of heartbeats (heartbeat_period)"),
    OPT(0, "drain-timeout", OPT_DURATION, drain, "D",
	"how long running work may go on after SIGTERM (30s)"),
    OPT(0, "monitor", OPT_FLAG, monitor, NULL, "do the monitor's work, too"),
};

const struct command cmd_agent = {
    .name = "agent",
    .help = "make this machine a node and run what is placed on it",
    .mode = MODE_OPEN,
    .flags = CMD_LONG,
    .operands = OPERANDS({.name = "NAME", .count = OPERAND_OPTIONAL}),
    .opts = OPTS(opts, struct params),
    .run = run,
};
