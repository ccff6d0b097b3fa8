/* lost_processes: finds the recorded processes that are gone. */
#include "core/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "model/lost_processes.h"
#include "sched/schedule.h"
#include "proc/runlock.h"
#include "proc/process_id.h"

struct observation {
	struct lost_process *v;
	size_t n;
	char boot_id[BOOT_ID_SIZE];
};

static int
list_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct observation *o = argument;

	return lost_processes_list(ctx->cluster, &o->v, &o->n, e);
}

static enum process_id_state
process_state(const struct lost_process *o)
{
	struct process_id who = {.pid = (pid_t)o->pid, .start_ticks = o->started};
	size_t n = o->boot_id ? strlen(o->boot_id) : 0;

	if (!o->pid || n >= sizeof who.boot_id)
		return PROCESS_UNKNOWN;
	memcpy(who.boot_id, n ? o->boot_id : "", n + 1);
	return process_id_is(&who);
}

/* An exited process not reaped yet: its parent can report its exit status. init, which inherits
 * orphans, reports nothing. */
static bool
has_heir(const struct lost_process *o)
{
	char boot_id[BOOT_ID_SIZE];
	struct process_id_stat stat;
	struct err ignored;

	if (!o->boot_id || process_id_boot("", boot_id, &ignored) || strcmp(boot_id, o->boot_id))
		return false;
	return !process_id_stat((pid_t)o->pid, &stat) && stat.start_ticks == o->started &&
	       stat.parent > 1;
}

/* The lock covers all descendants of the process; without one only the process itself can be
 * checked. A worker whose lock was never here runs on another machine. */
static bool
is_gone(struct ctx *ctx, int run, const struct lost_process *o)
{
	enum runlock_state lock = RUNLOCK_FREE;
	struct err ignored;

	if (o->name &&
	    runlock_look(run, arena_printf(ctx->arena, "%s.lock", o->name), &lock, &ignored))
		return false;
	return lock == RUNLOCK_FREE && process_state(o) == PROCESS_DEAD && !has_heir(o);
}

/*
 * Copies what is reported of dead processes to the invocation's arena: the write resets the turn's.
 */
static void
judge(struct ctx *ctx, int run, struct observation *o)
{
	size_t i, dead = 0;

	for (i = 0; i < o->n; i++) {
		if (!is_gone(ctx, run, &o->v[i]))
			continue;
		o->v[dead] = o->v[i];
		o->v[dead].name = arena_strdup(ctx->arena, o->v[i].name);
		o->v[dead++].boot_id = NULL;
	}
	o->v = arena_copy(ctx->arena, o->v, dead * sizeof *o->v);
	o->n = dead;
}

static int
end_body(struct ctx *ctx, void *argument, struct err *e)
{
	const struct observation *o = argument;
	size_t i;

	for (i = 0; i < o->n; i++)
		if (lost_processes_end(ctx->cluster, &o->v[i], e))
			return -1;
	return schedule_rest(ctx->cluster, e);
}

int
lost_processes_observe(struct ctx *ctx, size_t *n, size_t *of, struct err *e)
{
	struct arena_mark mark = arena_mark(ctx->arena);
	struct observation o = {.n = 0};
	struct err ignored;
	int run, bad;
	size_t i;

	*n = 0;
	bad = ctx_read(ctx, list_body, &o, e);
	if (of)
		*of = o.n;
	if (bad || !o.n)
		return bad;
	run = store_subdir(ctx->store, "run", e);
	if (run < 0)
		return -1;
	judge(ctx, run, &o);
	bad = o.n && ctx_write(ctx, true, end_body, &o, e);
	for (i = 0; !bad && i < o.n; i++)
		if (o.v[i].name)
			runlock_remove(
			    run, arena_printf(ctx->arena, "%s.lock", o.v[i].name), &ignored);
	close(run);
	*n = o.n;
	arena_rewind(ctx->arena, mark);
	return bad ? -1 : 0;
}
