/*
 * lock: runs a command while holding a named lock, as flock(1) does with a file. The lock is a
 * record; a locked file that the command and its children inherit proves that its holder lives.
 */
#include "daemon/lock_take.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/change.h"
#include "core/records.h"
#include "core/child_signals.h"
#include "core/stay.h"
#include "base/clock.h"
#include "base/duration.h"
#include "model/lock.h"
#include "sched/schedule.h"
#include "model/worker.h"
#include "proc/reap.h"
#include "proc/runlock.h"
#include "proc/spawn.h"
#include "proc/terminal.h"
#include "state/record.h"

extern char **environ;

/* --- options --- */

/* A bare number is seconds, as in flock(1). */
static int
wait_parse(struct asking *a, struct err *e)
{
	const char *text = a->p->wait;
	uint64_t ms;

	if (!text)
		return 0;
	if (*text && !text[strspn(text, "0123456789.")])
		text = arena_printf(a->ctx->arena, "%ss", text);
	if (duration_parse(text, &ms, e))
		return err_wrap(e, "-w");
	a->end_ms = clock_monotonic_ms() + ms;
	return 0;
}

static int
params_check(const struct ctx *ctx, const struct lock_params *p, struct err *e)
{
	if (p->list)
		return ctx->parsed.n || ctx->parsed.child
			   ? err_set(e, ERR_USAGE, "--list stands alone")
			   : 0;
	if (!ctx->parsed.n)
		return err_set(e, ERR_USAGE, "missing operand NAME");
	if (!ctx->parsed.child)
		return err_set(e, ERR_USAGE, "what is to be run? (gcs lock NAME -- COMMAND)");
	if (p->shared && (p->exclusive || p->slots.given))
		return err_set(e, ERR_USAGE, "-s goes neither with -x nor with --slots");
	if (p->exclusive && p->slots.given)
		return err_set(e, ERR_USAGE, "-x does not go with --slots");
	if (p->nonblock && p->wait)
		return err_set(e, ERR_USAGE, "-n does not go with -w");
	if (p->code.value > 255)
		return err_set(e, ERR_USAGE, "-E: 0 to 255");
	if (p->ttl.given && !p->ttl.value)
		return err_set(e, ERR_USAGE, "--ttl: must be greater than 0");
	return 0;
}

/* --- holding --- */

static char **
child_env(const struct asking *a)
{
	struct arena *arena = a->ctx->arena;
	size_t n = 0, m = 0, i;
	char **env;

	while (environ[n])
		n++;
	env = arena_alloc(arena, (n + 3) * sizeof *env);
	for (i = 0; i < n; i++)
		if (strncmp(environ[i], "GCS_LOCK_", 9) != 0)
			env[m++] = environ[i];
	env[m++] = arena_printf(arena, "GCS_LOCK_FENCE=%llu", (unsigned long long)a->lock.born);
	if (a->lock.slot)
		env[m++] =
		    arena_printf(arena, "GCS_LOCK_SLOT=%llu", (unsigned long long)a->lock.slot);
	return env;
}

static int
held_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct asking *a = argument;
	struct lock lock = {0};
	int got =
	    record_get_number(ctx->cluster, kind_of(ctx->kinds, KIND_LOCK), a->lock.id, &lock, e);

	if (got >= 0)
		a->held = got;
	return got < 0 ? -1 : 0;
}

/* A read that fails now is repeated later. */
static bool
is_lost(struct asking *a)
{
	struct err ignored;

	if (!ctx_read(a->ctx, held_body, a, &ignored) && !a->held && !a->ctx->globals.quiet)
		error_print(a->ctx, &(struct err){.code = ERR_REFUSED,
					.text = "the lock was taken away: the command is stopped"});
	return !a->held;
}

struct release {
	const struct asking *a;
	struct worker_end end;
};

static int
release_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct release *r = argument;
	struct worker w = {0};
	int got =
	    record_get_number(ctx->cluster, kind_of(ctx->kinds, KIND_WORKER), r->a->worker, &w, e);

	if (got <= 0 || worker_exit(ctx->cluster, &w, &r->end, e))
		return got < 0 ? -1 : 0;
	return schedule_rest(ctx->cluster, e);
}

/* Processes that the command left running keep the lock, as with flock(1); the next caller that
 * wants it, or the monitor, sees when they are gone. */
static int
release(struct asking *a, const struct outcome *o, struct err *e)
{
	struct release r = {.a = a,
	    .end = {.exit = {.code = (uint64_t)o->code, .signal = (uint64_t)o->signal},
		.cpu_ms = (o->user_us + o->system_us) / 1000,
		.max_rss = o->rss_max}};
	char name[LOCK_FILE_SIZE];
	enum runlock_state state;
	struct err ignored;

	lock_take_file(name, a->worker);
	close(a->fd);
	a->fd = -1;
	if (!runlock_look(a->run, name, &state, &ignored) && state == RUNLOCK_HELD)
		return 0;
	if (ctx_write(a->ctx, true, release_body, &r, e))
		return -1;
	runlock_remove(a->run, name, &ignored);
	return 0;
}

/* No other process may be there to end the lock in time. Failures are retried on the next look. */
static void
ttl_see(struct asking *a, uint64_t now)
{
	struct err ignored;

	if (a->ttl_ms && now >= a->ttl_ms)
		stay_tick(a->ctx, &ignored);
}

/* Stops the child if the lock was taken away; checked once a second. */
static int
turn(struct stay *s, void *argument, struct err *e)
{
	struct child_signals *child = s->child;
	uint64_t now = clock_monotonic_ms();
	struct asking *a = argument;

	(void)e;
	if (reap_ended(child->child))
		return STAY_OVER;
	if (child->kill_ms && now >= child->kill_ms) {
		kill(-child->child, SIGKILL);
		child->kill_ms = now + STAY_LOOK_MS;
	}
	if (child->kill_ms || now - a->looked_ms < STAY_LOOK_MS)
		return STAY_ON;
	a->looked_ms = now;
	ttl_see(a, now);
	if (is_lost(a))
		child_signals_stop(child, GRACE_MS);
	return STAY_ON;
}

static int
child_wait(struct asking *a, pid_t pid, struct outcome *outcome, struct err *e)
{
	struct child_signals child = {pid, true, 0};
	int end = reap_open(pid, e), bad;
	struct stay s = {.ctx = a->ctx,
	    .argument = a,
	    .turn = turn,
	    .child = &child,
	    .open_mask = &a->before,
	    .fds = &end,
	    .n = 1,
	    .deaf = true};

	if (end < 0)
		return -1;
	child_signals_hold(NULL);
	child_signals_begin(&child);
	a->looked_ms = clock_monotonic_ms();
	a->ttl_ms = a->p->ttl.given ? a->looked_ms + a->p->ttl.value : 0;
	bad = stay_run(&s, e) || reap_take(pid, outcome, e);
	close(end);
	terminal_return(STDIN_FILENO, pid);
	return bad ? -1 : 0;
}

/* Runs the command: 0 and its outcome, which may be that nothing could be run (e->text). */
static int
child_run_held(struct asking *a, struct outcome *outcome, struct err *e)
{
	struct spawn what = {.argv = a->ctx->parsed.child,
	    .envp = child_env(a),
	    .in = STDIN_FILENO,
	    .out = STDOUT_FILENO,
	    .err = STDERR_FILENO,
	    .keep = a->p->keep_to_self ? -1 : a->fd,
	    .script = -1,
	    .umask = -1,
	    .foreground = true};
	struct spawned child;
	struct err lost;
	int code;

	a->held = true;
	if (spawn_make(&child, e) || spawn_go(&what, &child, &code, e))
		return -1;
	return child_wait(a, child.pid, outcome, code ? &lost : e);
}

static int
hold(struct asking *a, struct err *e)
{
	struct outcome outcome = {.code = 125};
	struct ctx *ctx = a->ctx;
	struct err late = {0};
	int bad = child_run_held(a, &outcome, e);

	if (release(a, &outcome, &late)) /* it is released all the same on exit */
		note(ctx, "the lock could not be given back: %s", late.text);
	if (bad)
		return -1;
	if (!a->held)
		return err_value(e, ERR_REFUSED, a->name,
		    "lock '%s' was taken away while the command ran (see: gcs log K%llu)", a->name,
		    (unsigned long long)a->lock.id);
	if (*e->text) /* the command could not be run */
		error_print(ctx, e);
	ctx->code = outcome.code;
	return 0;
}

static int
not_had(struct asking *a)
{
	a->ctx->code = a->p->code.given ? (int)a->p->code.value : 1;
	return 0;
}

/* --- the list --- */

static int
list_body(struct ctx *ctx, void *argument, struct err *e)
{
	(void)argument;
	return records_list(ctx, &(struct records){.kind = kind_of(ctx->kinds, KIND_LOCK)}, e);
}

static int
list(struct ctx *ctx, struct err *e)
{
	size_t gone;

	if (lost_processes_observe(ctx, &gone, NULL, e))
		return -1;
	if (!ctx_read(ctx, list_body, NULL, e))
		return 0;
	if (e->code != ERR_NO || *e->text)
		return -1;
	ctx->code = ERR_NO; /* --some */
	return 0;
}

/* --- the command --- */

static int
run_command(struct asking *a, struct err *e)
{
	struct ctx *ctx = a->ctx;
	int got;

	if (process_id_look(getpid(), &a->self, e) || wait_parse(a, e))
		return -1;
	child_signals_block(&a->before);
	if (a->p->dry_run) {
		if (change_run(ctx, lock_take_body, a, e))
			return -1;
		return a->granted ? 0 : not_had(a);
	}
	got = a->p->nonblock ? lock_take_now(a, e) : lock_take_wait(a, e);
	if (got < 0)
		return -1;
	return got ? hold(a, e) : not_had(a);
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct lock_params *p = params;
	struct asking a = {.ctx = ctx, .p = p, .name = operands[0], .turn = {.fd = -1}, .fd = -1};
	int bad;

	if (params_check(ctx, p, e))
		return -1;
	ctx->change.dry_run = p->dry_run;
	ctx->change.message = p->message;
	if (p->list)
		return list(ctx, e);
	a.run = store_subdir(ctx->store, "run", e);
	if (a.run < 0)
		return -1;
	bad = run_command(&a, e);
	close(a.run);
	return bad;
}

static const struct opt opts[] = {
    OPT_OF(struct lock_params, 's', "shared", OPT_FLAG, shared, NULL,
	"share it with others that use -s"),
    OPT_OF(struct lock_params, 'x', "exclusive", OPT_FLAG, exclusive, NULL,
	"share it with nobody (default, without -s and --slots)"),
    OPT_OF(struct lock_params, 0, "slots", OPT_U64, slots, "N",
	"allow up to N holders, each in a slot of its own"),
    OPT_OF(struct lock_params, 'n', "nonblock", OPT_FLAG, nonblock, NULL, "do not wait"),
    OPT_OF(struct lock_params, 'w', "wait", OPT_TEXT, wait, "D",
	"wait at most this long; a bare number is in seconds"),
    OPT_OF(struct lock_params, 'E', "conflict-exit-code", OPT_U64, code, "CODE",
	"exit code if the lock is not available (1)"),
    OPT_OF(struct lock_params, 0, "ttl", OPT_DURATION, ttl, "D",
	"take the lock away after this time, and stop the command"),
    OPT_OF(struct lock_params, 0, "close", OPT_FLAG, keep_to_self, NULL,
	"processes left running by the command do not keep the lock"),
    OPT_OF(struct lock_params, 0, "list", OPT_FLAG, list, NULL, "list locks and their holders"),
    OPT_OF(struct lock_params, 0, "dry-run", OPT_FLAG, dry_run, NULL,
	"show the events it would cause; run nothing"),
    OPT_OF(struct lock_params, 'm', "message", OPT_TEXT, message, "TEXT", "reason, for the log"),
};

const struct command cmd_lock = {
    .name = "lock",
    .help = "run a command while holding a lock, like flock",
    .mode = MODE_OPEN,
    .flags = CMD_LISTS | CMD_CHILD | CMD_LONG | CMD_STANDS,
    .operands = OPERANDS({.name = "NAME", .count = OPERAND_OPTIONAL, .completes = "lock"}),
    .opts = OPTS(opts, struct lock_params),
    .run = run,
};
