#include "daemon/agent_children.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "core/cmd.h"
#include "model/lost_processes.h"
#include "sched/schedule.h"
#include "model/worker.h"
#include "proc/descendants.h"
#include "proc/reap.h"
#include "proc/runlock.h"
#include "proc/spawn.h"
#include "proc/process_id.h"
#include "state/record.h"

#define GONE_WAIT_MS 5000
#define AGAIN_MS 1000ULL /* the pause after a supervisor that did not start its record */
#define AGAIN_DOUBLED 6	 /* how often the pause doubles */
#define OVERDUE_MS 5000	 /* past its grace: its supervisor would have killed it by now */

static uint64_t
pause_ms(const struct agent_child *child)
{
	return AGAIN_MS << (child->tries < AGAIN_DOUBLED ? child->tries : AGAIN_DOUBLED);
}

void
agent_children_init(struct agent_children *c, struct ctx *ctx)
{
	*c = (struct agent_children){.ctx = ctx};
	arena_init(&c->arena, ctx->arena->exhausted);
}

void
agent_children_done(struct agent_children *c)
{
	arena_done(&c->arena);
}

static struct agent_child *
child_of(const struct agent_children *c, const struct agent_start *start)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->v[i].start.ref == start->ref && c->v[i].start.rev == start->rev)
			return &c->v[i];
	return NULL;
}

static struct agent_child *
place_free(struct agent_children *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (!c->v[i].start.ref)
			return &c->v[i];
	c->v = arena_push(&c->arena, c->v, c->n, sizeof *c->v);
	return &c->v[c->n++];
}

static void
child_add(struct agent_children *c, pid_t pid, const struct agent_start *start)
{
	struct agent_child *child = child_of(c, start);

	if (child)
		child->pid = pid;
	else
		*place_free(c) = (struct agent_child){.pid = pid, .start = *start, .wanted = true};
}

/* The entry is kept until a look shows that the supervisor did its work: if it did not, an
 * immediate retry would fail too. */
static bool
child_ended(struct agent_children *c, pid_t pid)
{
	struct agent_child *child = c->v, *end = child + c->n;

	while (child < end && child->pid != pid)
		child++;
	if (child == end)
		return false;
	child->pid = 0;
	child->told = false;
	child->again = clock_monotonic_ms() + pause_ms(child);
	child->tries++;
	return true;
}

bool
agent_children_run(const struct agent_children *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->v[i].pid)
			return true;
	return false;
}

/* --- what to start --- */

void
agent_children_look(struct agent_children *c)
{
	size_t i;

	c->starts_n = 0;
	for (i = 0; i < c->n; i++)
		c->v[i].wanted = false;
}

void
agent_children_want(struct agent_children *c, const struct agent_start *start)
{
	struct agent_child *child = child_of(c, start);

	if (child)
		child->wanted = true;
	if (!child || (!child->pid && clock_monotonic_ms() >= child->again))
		c->starts[c->starts_n++] = *start;
}

bool
agent_children_full(const struct agent_children *c)
{
	return c->starts_n == AGENT_STARTS;
}

/* Forgets supervisors that did their work; reports those that did not. */
static void
children_forget(struct agent_children *c)
{
	struct agent_child *child;

	for (child = c->v; child < c->v + c->n; child++) {
		if (!child->start.ref)
			continue;
		if (!child->pid && !child->wanted) {
			*child = (struct agent_child){.pid = 0};
			continue;
		}
		if (!child->pid && !child->told)
			say(c->ctx, "%c%llu was not started by its supervisor, number %u",
			    ref_letter(child->start.ref),
			    (unsigned long long)ref_number(child->start.ref), child->tries);
		child->told = true;
	}
}

/* --- starting --- */

static int
supervisor_start(struct agent_children *c, const struct agent_start *start, struct err *e)
{
	char *record = arena_printf(c->ctx->arena, "%c%llu", ref_letter(start->ref),
	    (unsigned long long)ref_number(start->ref));
	char *const argv[] = {"/proc/self/exe", "-q", "-D",
	    arena_strdup(c->ctx->arena, store_path(c->ctx->store)), "supervise", record, NULL};
	struct spawn what = {.argv = argv,
	    .envp = environ,
	    .in = -1,
	    .out = 2,
	    .err = 2,
	    .keep = -1,
	    .script = -1,
	    .umask = -1};
	struct spawned child;
	int code;

	if (spawn_make(&child, e) || spawn_go(&what, &child, &code, e))
		return -1;
	child_add(c, child.pid, start);
	return 0;
}

void
agent_children_start(struct agent_children *c)
{
	struct err e = {0};
	size_t i;

	children_forget(c);
	for (i = 0; i < c->starts_n; i++)
		if (supervisor_start(c, &c->starts[i], &e))
			say(c->ctx, "%s", e.text);
}

/* --- ending --- */

struct orphan {
	pid_t pid;
	uint64_t started;
	struct outcome outcome;
	uint64_t worker;  /* 0: no record */
	const char *name; /* of its files */
	bool waited;	  /* it has not executed anything */
};

static int
find_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct orphan *orphan = argument;
	const char *name = NULL;
	struct lost_process *v;
	size_t n, i;

	if (lost_processes_list(ctx->cluster, &v, &n, e))
		return -1;
	for (i = 0; i < n; i++)
		if (v[i].name && v[i].pid == (uint64_t)orphan->pid &&
		    v[i].started == orphan->started) {
			orphan->worker = ref_number(v[i].ref);
			name = v[i].name;
		}
	orphan->name = arena_strdup(ctx->arena, name);
	return 0;
}

static int
end_body(struct ctx *ctx, void *argument, struct err *e)
{
	const struct orphan *orphan = argument;
	const struct outcome *o = &orphan->outcome;
	struct worker_end how = {.exit = {.code = (uint64_t)o->code, .signal = (uint64_t)o->signal},
	    .cpu_ms = (o->user_us + o->system_us) / 1000,
	    .max_rss = o->rss_max};
	static const struct worker_end lost = {
	    .exit = {.type = EXIT_SYSTEM_ERROR}, .message = "its supervisor died before it ran"};
	struct worker *w = arena_alloc(ctx->turn, sizeof *w);

	if (record_get_number(
		ctx->cluster, kind_of(ctx->kinds, KIND_WORKER), orphan->worker, w, e) < 0 ||
	    worker_exit(ctx->cluster, w, orphan->waited ? &lost : &how, e))
		return -1;
	return schedule_rest(ctx->cluster, e);
}

/* Processes that keep its lock open or stay in its session are killed: its resources are being
 * released. */
static void
orphan_files(struct agent_children *c, const struct orphan *orphan)
{
	const char *name = arena_printf(c->ctx->arena, "%s.lock", orphan->name);
	struct err ignored;
	int run = store_subdir(c->ctx->store, "run", &ignored);

	if (run < 0)
		return;
	descendants_kill_left(orphan->pid, run, name, GONE_WAIT_MS);
	runlock_remove(run, name, &ignored);
	close(run);
}

/* Reports the outcome before the pid is reaped; if the store cannot take it, retries at the next
 * look. */
static bool
orphan_tell(struct agent_children *c, pid_t pid)
{
	struct orphan orphan = {.pid = pid, .waited = spawn_waits(pid)};
	struct process_id_stat stat;
	struct err e = {0};

	if (!process_id_stat(pid, &stat))
		orphan.started = stat.start_ticks;
	if (ctx_read(c->ctx, find_body, &orphan, &e)) {
		say(c->ctx, "%s", e.text);
		return false;
	}
	if (orphan.worker)
		orphan_files(c, &orphan);
	if (reap_take(pid, &orphan.outcome, &e) || !orphan.worker)
		return true;
	say(c->ctx, "W%llu has lost its supervisor and ended", (unsigned long long)orphan.worker);
	while (ctx_write(c->ctx, true, end_body, &orphan, &e) && e.code == ERR_BUSY)
		say(c->ctx, "%s", e.text);
	return true;
}

void
agent_children_reap(struct agent_children *c)
{
	struct outcome ignored;
	struct err e;
	siginfo_t info;

	for (;;) {
		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) || !info.si_pid)
			return;
		if (child_ended(c, info.si_pid)) {
			if (reap_take(info.si_pid, &ignored, &e))
				say(c->ctx, "%s", e.text);
		} else if (!orphan_tell(c, info.si_pid)) {
			return;
		}
	}
}

/* --- overdue processes --- */

static int
overdue_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct lost_process *v;
	size_t n, i;

	(void)argument;
	if (lost_processes_list(ctx->cluster, &v, &n, e))
		return -1;
	for (i = 0; i < n; i++) {
		struct worker w = {0};
		struct process_id who = {.pid = (pid_t)v[i].pid, .start_ticks = v[i].started};

		if (!v[i].name || record_get_number(ctx->cluster, kind_of(ctx->kinds, KIND_WORKER),
				      ref_number(v[i].ref), &w, e) < 0)
			continue;
		if (!w.stop_ms || w.stop_ms + w.grace + OVERDUE_MS > ctx->cluster->now_ms ||
		    !w.boot_id || strlen(w.boot_id) >= sizeof who.boot_id)
			continue;
		memcpy(who.boot_id, w.boot_id, strlen(w.boot_id) + 1);
		if (process_id_is(&who) == PROCESS_ALIVE)
			kill(-who.pid, SIGKILL);
	}
	return 0;
}

int
agent_children_overdue(struct agent_children *c, struct err *e)
{
	return ctx_read(c->ctx, overdue_body, NULL, e);
}
