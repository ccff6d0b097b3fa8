#include "daemon/supervision.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/number.h"
#include "model/lost_processes.h"
#include "model/passing.h"
#include "sched/schedule.h"
#include "model/worker.h"
#include "proc/descendants.h"
#include "proc/program.h"
#include "proc/runlock.h"
#include "proc/script.h"
#include "proc/user.h"
#include "proc/process_id.h"
#include "state/config.h"
#include "state/record.h"

void
supervision_init(struct supervision *s, struct ctx *ctx)
{
	*s = (struct supervision){.ctx = ctx,
	    .child = {.line = -1},
	    .spare = {.line = -1},
	    .lock = -1,
	    .logs = -1,
	    .files = {{.fd = -1}, {.fd = -1}},
	    .pipes = {-1, -1}};
	arena_init(&s->keep[0], ctx->arena->exhausted);
	arena_init(&s->keep[1], ctx->arena->exhausted);
}

int
supervision_spare(struct supervision *s, struct err *e)
{
	return s->spare.line >= 0 ? 0 : spawn_make(&s->spare, e);
}

/* --- the lock of its files, which proves that its holder lives --- */

static void
lock_drop(struct supervision *s)
{
	if (s->lock >= 0)
		close(s->lock);
	s->lock = -1;
}

static int
lock_take(struct supervision *s, struct err *e)
{
	const char *name = arena_printf(&s->keep[s->which], "%s.lock", s->spec.name);
	int dir = store_subdir(s->ctx->store, "run", e);

	if (dir < 0)
		return -1;
	s->lock = runlock_take(dir, name, 0660, e);
	close(dir);
	return s->lock < 0 ? -1 : 0;
}

/* The spare child has the lock open briefly, between its fork and its first steps. A process that
 * the child left behind may hold it for longer: then whichever process finds it free removes
 * it. */
static void
lock_remove(const struct supervision *s, int lock, const char *name)
{
	static const struct timespec pause = {0, 1000000};
	struct err held;
	int dir = store_subdir(s->ctx->store, "run", &held), tries;

	close(lock);
	if (dir < 0)
		return;
	for (tries = 0; runlock_remove(dir, name, &held) && held.code == ERR_BUSY && tries < 50;
	     tries++)
		nanosleep(&pause, NULL);
	close(dir);
}

void
supervision_done(struct supervision *s)
{
	spawn_drop(&s->spare);
	lock_drop(s);
	arena_done(&s->keep[0]);
	arena_done(&s->keep[1]);
}

/* --- starting --- */

int
supervision_claim(struct supervision *s, uint64_t ref, struct err *e)
{
	struct ctx *ctx = s->ctx;
	char boot_id[BOOT_ID_SIZE];
	struct worker w = {.record = ref,
	    .pid = process_id_number(s->spare.pid),
	    .started = s->spare.start_ticks,
	    .boot_id = boot_id,
	    .supervised = true};

	lock_drop(s); /* the body may run twice */
	arena_done(&s->keep[s->which]);
	arena_init(&s->keep[s->which], ctx->arena->exhausted);
	if (spec_fill(ctx, ref, s->foreground ? environ : NULL, &s->keep[s->which], &s->spec, e) ||
	    config_value(ctx->cluster, SETTING_LOG_LIMIT, &s->log_limit, e) ||
	    config_value(ctx->cluster, SETTING_LOG_KEEP, &s->log_keep, e))
		return -1;
	if (lock_take(s, e) || process_id_boot("", boot_id, e))
		return -1;
	w.uid = s->spec.uid;
	w.log = s->spec.name;
	if (worker_start(ctx->cluster, &w, e))
		return -1;
	s->worker = w.id;
	return 0;
}

/* As another user, HOME and the user's name are that user's, unless the job sets them. */
static int
become(struct supervision *s, struct user *user, const struct user **who, struct err *e)
{
	*who = NULL;
	if (s->spec.uid == getuid())
		return 0;
	if (getuid())
		return err_set(e, ERR_DENIED, "work of uid %llu is not ours to run",
		    (unsigned long long)s->spec.uid);
	*who = user;
	return user_find((uid_t)s->spec.uid, user, e);
}

static int
let_go(struct supervision *s, struct spawn *what, int *code, struct err *e)
{
	struct user user;
	int bad = become(s, &user, &what->user, e);

	if (!bad && s->spec.script)
		bad = script_open(s->spec.script, s->spec.argv, &what->argv, &what->script, e);
	if (bad) {
		*code = PROGRAM_CANNOT_RUN;
		spawn_drop(&s->spare);
		return 1;
	}
	s->child = s->spare;
	s->spare.line = -1;
	bad = spawn_go(what, &s->child, code, e);
	script_close(what->argv, what->script);
	return bad;
}

/* 0: it runs (or ended at once: *code is 126 or 127), 1: there is no child, -1. */
static int
child_start(struct supervision *s, int *code, struct err *e)
{
	int ends[2], got;
	struct spawn what = {.argv = s->spec.argv,
	    .envp = s->spec.envp,
	    .cwd = s->foreground ? NULL : s->spec.cwd,
	    .in = s->foreground ? 0 : -1,
	    .keep = s->lock,
	    .script = -1,
	    .umask = -1,
	    .foreground = s->foreground};

	if (outputs_open(s, ends, e)) {
		*code = PROGRAM_CANNOT_RUN;
		spawn_drop(&s->spare);
		return 1;
	}
	what.out = ends[0];
	what.err = ends[1];
	got = let_go(s, &what, code, e);
	close(ends[0]);
	close(ends[1]);
	return got;
}

/* --- ending --- */

struct end {
	struct supervision *s;
	uint64_t next; /* what the spare child is to run; 0: nothing */
};

static uint64_t
used_ms(const struct outcome *o)
{
	return (o->user_us + o->system_us) / 1000;
}

/* A record that cannot be claimed, or whose files cannot be locked, is left to others: it must not
 * keep the last outcome from being reported. Once its files are locked, records have changed. */
static int
next_claim(struct supervision *s, uint64_t *next, struct err *e)
{
	uint64_t ref = 0;
	int got;

	*next = 0;
	if (!s->goes_on || s->spare.line < 0)
		return 0;
	while ((got = spec_next(s->ctx, s->spec.node, s->uid, &ref, e)) > 0) {
		if (!supervision_claim(s, ref, e)) {
			*next = ref;
			return 0;
		}
		if (s->lock >= 0 && e->code != ERR_REFUSED && e->code != ERR_BUSY)
			return -1;
	}
	return got;
}

static int
end_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct end *end = argument;
	struct supervision *s = end->s;
	const struct outcome *o = &s->outcome;
	struct worker_end how = {.exit = {.code = (uint64_t)o->code, .signal = (uint64_t)o->signal},
	    .message = s->trouble,
	    .cpu_ms = used_ms(o),
	    .max_rss = o->rss_max};
	struct worker *w = arena_alloc(ctx->turn, sizeof *w);
	int got =
	    record_get_number(ctx->cluster, kind_of(ctx->kinds, KIND_WORKER), s->worker, w, e);

	if (got < 0 || (got > 0 && worker_exit(ctx->cluster, w, &how, e)))
		return -1;
	if (schedule_rest(ctx->cluster, e))
		return -1;
	if (s->foreground && passing_end(ctx->cluster, s->spec.node, ctx->seq, e))
		return -1;
	return next_claim(s, &end->next, e);
}

/* Retries whatever error keeps the store from taking it: the outcome must be reported as long as
 * there is a store. */
static int
say_end(struct supervision *s, uint64_t *next, struct err *e)
{
	static const struct timespec pause = {0, 200000000};
	struct end end = {s, 0};
	unsigned tries;

	for (tries = 0; ctx_write(s->ctx, true, end_body, &end, e); tries++) {
		if ((e->code != ERR_BUSY && e->code != ERR_STORE) || store_gone(s->ctx->store))
			return -1;
		if (!tries)
			error_print(s->ctx, e);
		nanosleep(&pause, NULL);
	}
	*next = end.next;
	return 0;
}

static int
run_one(struct supervision *s, uint64_t *next, struct err *e)
{
	int code = 0, got, lock = s->lock;
	const char *name;

	s->outcome = (struct outcome){0};
	s->trouble = NULL;
	s->failure = (struct err){0};
	got = child_start(s, &code, &s->failure);
	if (code || got)
		s->trouble = s->failure.text;
	if (got <= 0 && attend(s, e))
		return -1;
	if (got > 0)
		s->outcome.code = code;
	outputs_close(s);
	if (s->goes_on && supervision_spare(s, e))
		return -1;
	name = arena_printf(&s->keep[s->which], "%s.lock", s->spec.name);
	s->which = !s->which; /* the next spec is filled in the transaction that ends this one */
	s->lock = -1;
	if (say_end(s, next, e))
		return -1;
	lock_remove(s, lock, name);
	return 0;
}

int
supervision_run(struct supervision *s, struct err *e)
{
	struct arena_mark mark;
	uint64_t next = 0;

	if (descendants_adopt(e))
		return -1;
	do {
		mark = arena_mark(s->ctx->arena);
		if (run_one(s, &next, e))
			return -1;
		arena_rewind(s->ctx->arena, mark);
	} while (next);
	return 0;
}
