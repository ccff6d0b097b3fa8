/*
 * lock: runs a command while holding a name, as flock(1) does with a file. The lock is a record;
 * what proves that its holder lives is a locked file that the command and its children inherit.
 */
#include "lock_inner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tend.h"
#include "base/clock.h"
#include "base/number.h"
#include "cluster/lock.h"
#include "cluster/schedule.h"
#include "cluster/worker.h"
#include "proc/reap.h"
#include "proc/runlock.h"
#include "proc/spawn.h"
#include "proc/terminal.h"
#include "state/record.h"

#define LOOK_MS 1000

extern char **environ;

/* --- what is asked for --- */

/* A bare number is seconds, as flock(1) has it. */
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

/* --- having it --- */

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
	int got = record_get_number(ctx->cluster, kind_of(KIND_LOCK), a->lock.id, &lock, e);

	if (got >= 0)
		a->held = got;
	return got < 0 ? -1 : 0;
}

/* What cannot be read now will be read later. */
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
	int got = record_get_number(ctx->cluster, kind_of(KIND_WORKER), r->a->worker, &w, e);

	if (got <= 0 || worker_exit(ctx->cluster, &w, &r->end, e))
		return got < 0 ? -1 : 0;
	return schedule_rest(ctx->cluster, e);
}

/* Whatever the command left running keeps the lock, as with flock(1); the next who wants it, or the
 * monitor, sees when that is gone. */
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

	lock_file(name, a->worker);
	close(a->fd);
	a->fd = -1;
	if (!runlock_look(a->run, name, &state, &ignored) && state == RUNLOCK_HELD)
		return 0;
	if (ctx_write(a->ctx, true, release_body, &r, e))
		return -1;
	runlock_remove(a->run, name, &ignored);
	return 0;
}

/* Nobody else may be there to end it in time. What fails now is tried with the next look. */
static void
ttl_see(struct asking *a, uint64_t now)
{
	struct err ignored;

	if (a->ttl_ms && now >= a->ttl_ms)
		tend_tick(a->ctx, &ignored);
}

/* It stops the child when the lock was taken away: that is looked at once a second. */
static void
course(struct asking *a, struct tending *child)
{
	uint64_t now = clock_monotonic_ms();

	if (child->kill_ms && now >= child->kill_ms) {
		kill(-child->child, SIGKILL);
		child->kill_ms = now + LOOK_MS;
	}
	if (child->kill_ms || now - a->looked_ms < LOOK_MS)
		return;
	a->looked_ms = now;
	ttl_see(a, now);
	if (is_lost(a))
		tend_stop(child, GRACE_MS);
}

static int
child_wait(struct asking *a, pid_t pid, struct outcome *outcome, struct err *e)
{
	static const struct timespec second = {1, 0};
	struct tending child = {pid, true, 0};
	struct pollfd end = {.fd = reap_open(pid, e), .events = POLLIN};
	int bad;

	if (end.fd < 0)
		return -1;
	tend_signals();
	tend_begin(&child);
	a->looked_ms = clock_monotonic_ms();
	a->ttl_ms = a->p->ttl.given ? a->looked_ms + a->p->ttl.value : 0;
	while (!reap_ended(pid)) {
		ppoll(&end, 1, &second, &a->before);
		tend_pass(&child);
		course(a, &child);
	}
	close(end.fd);
	bad = reap_take(pid, outcome, e);
	terminal_return(STDIN_FILENO, pid);
	return bad;
}

/* Runs it: 0 and how it ended, which may be that nothing could be run (e->text). */
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

	if (release(a, &outcome, &late)) /* it comes free all the same, as we end */
		note(ctx, "the lock could not be given back: %s", late.text);
	if (bad)
		return -1;
	if (!a->held)
		return err_value(e, ERR_REFUSED, a->name,
		    "lock '%s' was taken away while the command ran (see: gcs log K%llu)", a->name,
		    (unsigned long long)a->lock.id);
	if (*e->text) /* it could not be run */
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
	return records_list(ctx, kind_of(KIND_LOCK), e);
}

static int
list(struct ctx *ctx, struct err *e)
{
	size_t gone;

	if (observe(ctx, &gone, NULL, e))
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

	if (who_look(getpid(), &a->self, e) || wait_parse(a, e))
		return -1;
	tend_hold(&a->before);
	if (a->p->dry_run) {
		if (ctx_change(ctx, lock_grant_body, a, e))
			return -1;
		return a->granted ? 0 : not_had(a);
	}
	got = a->p->nonblock ? lock_try(a, e) : lock_wait(a, e);
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
	a.run =
	    openat(store_dir(ctx->store), "run", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (a.run < 0)
		return err_set(e, ERR_STORE, "cannot open 'run': %s", strerror(errno));
	bad = run_command(&a, e);
	close(a.run);
	return bad;
}

static const struct opt opts[] = {
    {'s', "shared", OPT_FLAG, offsetof(struct lock_params, shared), NULL,
	"share it with others that use -s", NULL, NULL},
    {'x', "exclusive", OPT_FLAG, offsetof(struct lock_params, exclusive), NULL,
	"share it with nobody (default, without -s and --slots)", NULL, NULL},
    {0, "slots", OPT_U64, offsetof(struct lock_params, slots), "N",
	"allow up to N holders, each in a slot of its own", NULL, NULL},
    {'n', "nonblock", OPT_FLAG, offsetof(struct lock_params, nonblock), NULL, "do not wait",
	NULL, NULL},
    {'w', "wait", OPT_TEXT, offsetof(struct lock_params, wait), "D",
	"wait at most this long; a bare number is in seconds", NULL, NULL},
    {'E', "conflict-exit-code", OPT_U64, offsetof(struct lock_params, code), "CODE",
	"exit code if the lock is not available (1)", NULL, NULL},
    {0, "ttl", OPT_DURATION, offsetof(struct lock_params, ttl), "D",
	"take the lock away after this time, and stop the command", NULL, NULL},
    {0, "close", OPT_FLAG, offsetof(struct lock_params, keep_to_self), NULL,
	"processes left running by the command do not keep the lock", NULL, NULL},
    {0, "list", OPT_FLAG, offsetof(struct lock_params, list), NULL, "list locks and their holders", NULL,
	NULL},
    {0, "dry-run", OPT_FLAG, offsetof(struct lock_params, dry_run), NULL,
	"show the events it would cause; run nothing", NULL, NULL},
    {'m', "message", OPT_TEXT, offsetof(struct lock_params, message), "TEXT", "reason, for the log",
	NULL, NULL},
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};
static const struct operand operands[] = {
    {"NAME", OPERAND_OPTIONAL, "lock"}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_lock = {"lock", "run a command while holding a lock, like flock",
    MODE_OPEN, CMD_LISTS | CMD_CHILD | CMD_LONG | CMD_STANDS, operands, opts,
    sizeof(struct lock_params), run, NULL, 0, NULL};
