/* agent_children: the supervisors of an agent, and what they leave to it when they are killed. */
#include "daemon/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
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
#define AGAIN_MS 1000ULL /* the pause after a supervisor that did not start what it was to */
#define AGAIN_DOUBLED 6	 /* how often it is doubled */
#define OVERDUE_MS 5000	 /* after its grace: its supervisor would have killed it by now */

static uint64_t
pause_ms(const struct agent_child *child)
{
	return AGAIN_MS << (child->tries < AGAIN_DOUBLED ? child->tries : AGAIN_DOUBLED);
}

static struct agent_child *
child_of(const struct agent *a, const struct agent_start *start)
{
	size_t i;

	for (i = 0; i < a->children_n; i++)
		if (a->children[i].start.ref == start->ref &&
		    a->children[i].start.rev == start->rev)
			return &a->children[i];
	return NULL;
}

static void
child_add(struct agent *a, pid_t pid, const struct agent_start *start)
{
	struct agent_child *child = child_of(a, start), *more;

	if (child) {
		child->pid = pid;
		return;
	}
	if (a->children_n == a->children_size) {
		a->children_size = a->children_size ? 2 * a->children_size : 16;
		more = realloc(a->children, a->children_size * sizeof *more);
		if (!more)
			a->ctx->arena->exhausted();
		a->children = more;
	}
	a->children[a->children_n++] =
	    (struct agent_child){.pid = pid, .start = *start, .wanted = true};
}

/* It is remembered until a look has shown that it did what it was started for: if it did not, the
 * next one does no better at once. */
static bool
child_ended(struct agent *a, pid_t pid)
{
	struct agent_child *child = a->children, *end = child + a->children_n;

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
agent_has_children(const struct agent *a)
{
	size_t i;

	for (i = 0; i < a->children_n; i++)
		if (a->children[i].pid)
			return true;
	return false;
}

/* --- what is to be started --- */

void
agent_starts_begin(struct agent *a)
{
	size_t i;

	a->starts_n = 0;
	for (i = 0; i < a->children_n; i++)
		a->children[i].wanted = false;
}

bool
agent_may_start(struct agent *a, const struct agent_start *start)
{
	struct agent_child *child = child_of(a, start);

	if (!child)
		return true;
	child->wanted = true;
	return !child->pid && clock_monotonic_ms() >= child->again;
}

/* Those that did what they were to; says which did not. */
static void
children_forget(struct agent *a)
{
	size_t i, n = 0;

	for (i = 0; i < a->children_n; i++) {
		struct agent_child *child = &a->children[i];

		if (!child->pid && !child->wanted)
			continue;
		if (!child->pid && !child->told)
			say(a->ctx, "%c%llu was not started by its supervisor, number %u",
			    ref_letter(child->start.ref),
			    (unsigned long long)ref_number(child->start.ref), child->tries);
		child->told = true;
		a->children[n++] = *child;
	}
	a->children_n = n;
}

/* --- starting --- */

static int
supervisor_start(struct agent *a, const struct agent_start *start, struct err *e)
{
	char *record = arena_printf(a->ctx->arena, "%c%llu", ref_letter(start->ref),
	    (unsigned long long)ref_number(start->ref));
	char *const argv[] = {"/proc/self/exe", "-q", "-D",
	    arena_strdup(a->ctx->arena, store_path(a->ctx->store)), "supervise", record, NULL};
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
	child_add(a, child.pid, start);
	return 0;
}

void
agent_start(struct agent *a)
{
	struct err e = {0};
	size_t i;

	children_forget(a);
	for (i = 0; i < a->starts_n; i++)
		if (supervisor_start(a, &a->starts[i], &e))
			say(a->ctx, "%s", e.text);
}

/* --- ending --- */

struct orphan {
	pid_t pid;
	uint64_t started;
	struct outcome outcome;
	uint64_t worker;  /* 0: of no record */
	const char *name; /* of its files */
	bool waited;	  /* it has executed nothing */
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

	if (record_get_number(ctx->cluster, kind_of(KIND_WORKER), orphan->worker, w, e) < 0 ||
	    worker_exit(ctx->cluster, w, orphan->waited ? &lost : &how, e))
		return -1;
	return schedule_rest(ctx->cluster, e);
}

/* What it left behind has its lock open, or stays in its session: the resources are given back, so
 * that goes too. */
static void
orphan_files(struct agent *a, const struct orphan *orphan)
{
	const char *name = arena_printf(a->ctx->arena, "%s.lock", orphan->name);
	struct err ignored;
	int run = store_subdir(a->ctx->store, "run", &ignored);

	if (run < 0)
		return;
	descendants_kill_left(orphan->pid, run, name, GONE_WAIT_MS);
	runlock_remove(run, name, &ignored);
	close(run);
}

/* How it ended is told before its pid is given away; if the store cannot take that, at the next
 * look. */
static bool
orphan_tell(struct agent *a, pid_t pid)
{
	struct orphan orphan = {.pid = pid, .waited = spawn_waits(pid)};
	struct process_id_stat stat;
	struct err e = {0};

	if (!process_id_stat(pid, &stat))
		orphan.started = stat.start_ticks;
	if (ctx_read(a->ctx, find_body, &orphan, &e)) {
		say(a->ctx, "%s", e.text);
		return false;
	}
	if (orphan.worker)
		orphan_files(a, &orphan);
	if (reap_take(pid, &orphan.outcome, &e) || !orphan.worker)
		return true;
	say(a->ctx, "W%llu has lost its supervisor and ended", (unsigned long long)orphan.worker);
	while (ctx_write(a->ctx, true, end_body, &orphan, &e) && e.code == ERR_BUSY)
		say(a->ctx, "%s", e.text);
	return true;
}

void
agent_reap(struct agent *a)
{
	struct outcome ignored;
	struct err e;
	siginfo_t info;

	for (;;) {
		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) || !info.si_pid)
			return;
		if (child_ended(a, info.si_pid)) {
			if (reap_take(info.si_pid, &ignored, &e))
				say(a->ctx, "%s", e.text);
		} else if (!orphan_tell(a, info.si_pid)) {
			return;
		}
	}
}

/* --- what nobody stops --- */

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

		if (!v[i].name || record_get_number(ctx->cluster, kind_of(KIND_WORKER),
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
agent_overdue(struct agent *a, struct err *e)
{
	return ctx_read(a->ctx, overdue_body, NULL, e);
}
