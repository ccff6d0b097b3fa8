/*
 * logs: the output of a task, an actor, a job or a process. The files are in log/ of the cluster's
 * directory, two for each attempt; logs reads them, and with -f goes on until no process can write
 * to them any more.
 */
#include "core/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/stay.h"
#include "proc/log_tail.h"
#include "state/key.h"
#include "state/record.h"
#include "state/resolve.h"
#include "store/scan.h"

#define FILE_MS 100	/* between two looks at the files */
#define LINE_MOST 65536 /* a longer line is shown in parts */

struct params {
	bool follow, only_out, only_err;
	struct opt_number lines;
};

enum { OUT, ERR, ENDS };

/* The output of one attempt. */
struct attempt {
	const char *name; /* of its files */
	bool opened, over;
	struct log_tail files[ENDS];
	struct buf partial[ENDS]; /* an unfinished line */
	struct attempt *next;
};

/* A task, an actor or a process. */
struct subject {
	const struct source *source;
	const struct kind *kind;
	uint64_t id, next_attempt;
	const char *prefix; /* "T5| ", "" for a single subject */
	bool known, ended;  /* ended: no further output */
	struct attempt *first, *last;
	struct subject *next;
};

struct logs {
	struct ctx *ctx;
	const struct params *p;
	const char *text; /* REC */
	struct subject *first, *last;
	uint64_t array, tasks_seen; /* an array job: its id, and the last task read */
	bool complete;		    /* no further subject will appear */
	bool kept, attached; /* kept: some output exists; attached: it ran where it was submitted */
	int dir, looks;	     /* looks: at the files, since the last one at the records */
};

/* A kind that writes output, or (look NULL) whose tasks do. */
struct source {
	unsigned kind;
	/* Finds its files so far, and whether it has ended. */
	int (*look)(struct logs *l, struct subject *s, const void *record, struct err *e);
	const char *none; /* why it has no files at all */
};

/* --- which files: inside a transaction --- */

static void
subject_add(struct logs *l, const struct source *source, uint64_t id, bool several)
{
	struct subject *s = arena_alloc(l->ctx->arena, sizeof *s);
	const struct kind *kind = kind_of(l->ctx->kinds, source->kind);

	*s = (struct subject){.source = source, .kind = kind, .id = id, .prefix = ""};
	if (several)
		s->prefix =
		    arena_printf(l->ctx->arena, "%c%llu| ", kind->letter, (unsigned long long)id);
	if (l->last)
		l->last->next = s;
	else
		l->first = s;
	l->last = s;
}

static void
attempt_add(struct logs *l, struct subject *s, const char *name)
{
	struct attempt *a = arena_alloc(l->ctx->arena, sizeof *a);

	a->name = arena_strdup(l->ctx->arena, name);
	a->partial[OUT].arena = a->partial[ERR].arena = l->ctx->arena;
	if (s->last)
		s->last->next = a;
	else
		s->first = a;
	s->last = a;
}

/* Names as given when started: T5.1 is the first attempt of T5, A3.0 the first life of A3. */
static void
attempts_add(struct logs *l, struct subject *s, uint64_t first, uint64_t last)
{
	if (!s->known)
		s->next_attempt = l->p->lines.given ? last : first;
	s->known = true;
	for (; s->next_attempt <= last; s->next_attempt++)
		attempt_add(l, s,
		    arena_printf(l->ctx->turn, "%c%llu.%llu", s->kind->letter,
			(unsigned long long)s->id, (unsigned long long)s->next_attempt));
}

static int
worker_gone(struct ctx *ctx, uint64_t id, bool *gone, struct err *e)
{
	struct worker w = {0};
	int got =
	    id ? record_get_number(ctx->cluster, kind_of(ctx->kinds, KIND_WORKER), id, &w, e) : 0;

	*gone = !got || w.state == WORKER_EXITED;
	return got < 0 ? -1 : 0;
}

static int
task_look(struct logs *l, struct subject *s, const void *record, struct err *e)
{
	const struct task *t = record;

	l->attached |= t->attached;
	if (t->attempt)
		attempts_add(l, s, 1, t->attempt);
	if (!record_ended(s->kind, t))
		return 0;
	return worker_gone(l->ctx, t->worker, &s->ended, e);
}

static int
actor_look(struct logs *l, struct subject *s, const void *record, struct err *e)
{
	const struct actor *a = record;
	bool ended = record_ended(s->kind, a), waits = !a->worker && !ended;

	/* A life that waits to be placed has not begun. */
	if (!waits || a->num_restarts)
		attempts_add(l, s, 0, a->num_restarts - waits);
	if (!ended)
		return 0;
	return worker_gone(l->ctx, a->worker, &s->ended, e);
}

static int
worker_look(struct logs *l, struct subject *s, const void *record, struct err *e)
{
	const struct worker *w = record;

	(void)e;
	s->ended = w->state == WORKER_EXITED;
	if (!s->known && w->log && *w->log)
		attempt_add(l, s, w->log);
	s->known = true;
	return 0;
}

static int
subject_look(struct logs *l, struct subject *s, struct err *e)
{
	void *record = arena_alloc(l->ctx->turn, s->kind->rec->size);
	int got = record_get_number(l->ctx->cluster, s->kind, s->id, record, e);

	if (got < 0)
		return -1;
	s->ended = !got; /* forgotten meanwhile */
	return got ? s->source->look(l, s, record, e) : 0;
}

static const struct source sources[] = {
    {.kind = KIND_TASK, .look = task_look, .none = ": it has not run"},
    {.kind = KIND_ACTOR, .look = actor_look, .none = ": it has not run"},
    {.kind = KIND_WORKER, .look = worker_look, .none = ": it runs elsewhere"},
    {.kind = KIND_JOB},
};

/* NULL: the kind writes nothing. */
static const struct source *
source_of(unsigned kind)
{
	size_t i;

	for (i = 0; i < sizeof sources / sizeof *sources; i++)
		if (sources[i].kind == kind)
			return &sources[i];
	return NULL;
}

/* Finds the tasks of an array created since the last look. */
static int
array_look(struct logs *l, struct err *e)
{
	struct key from = {.n = 0};
	struct slice key, row;
	struct scan scan;
	int got;

	key_u64(&from, l->tasks_seen + 1);
	if (scan_open(&scan, l->ctx->cluster->txn, TABLE_TASK,
		&(struct scan_range){.from = key_slice(&from)}, e))
		return -1;
	while ((got = scan_next(&scan, &key, &row, e)) > 0) {
		struct arena_mark mark = arena_mark(l->ctx->turn);
		struct task t = {0};

		if (rec_decode(&rec_task, &t, row, l->ctx->turn, e)) {
			got = -1;
			break;
		}
		l->tasks_seen = t.id;
		if (t.job == l->array)
			subject_add(l, source_of(KIND_TASK), t.id, true);
		arena_rewind(l->ctx->turn, mark);
	}
	scan_close(&scan);
	return got < 0 ? -1 : 0;
}

static void
job_begin(struct logs *l, const struct job *job)
{
	if (job->array)
		l->array = job->id;
	else if (job->driver)
		subject_add(l, source_of(KIND_TASK), job->driver, false);
	l->complete = !job->array;
}

/* Resolves REC, once. */
static int
logs_begin(struct logs *l, struct err *e)
{
	const struct source *source;
	struct found found;

	if (resolve_any(l->ctx->cluster, NULL, l->text, ctx_self(), &found, e) < 0)
		return -1;
	source = source_of(found.kind->number);
	if (!source)
		return err_value(e, ERR_USAGE, l->text,
		    "a %s writes nothing: it takes a task, an actor, a job or a worker",
		    found.kind->name);
	l->complete = true;
	if (source->look)
		subject_add(l, source, record_number(found.kind, found.record), false);
	else
		job_begin(l, found.record);
	return 0;
}

static int
look_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct logs *l = argument;
	struct subject *s;
	struct job job = {0};
	int got;

	if (!l->first && !l->array && logs_begin(l, e))
		return -1;
	if (l->array) {
		got = record_get_number(
		    ctx->cluster, kind_of(ctx->kinds, KIND_JOB), l->array, &job, e);
		if (got < 0 || array_look(l, e))
			return -1;
		l->complete = !got || record_ended(kind_of(ctx->kinds, KIND_JOB), &job);
	}
	for (s = l->first; s; s = s->next)
		if (!s->ended && subject_look(l, s, e))
			return -1;
	return 0;
}

/* --- their contents --- */

static void
line_show(struct logs *l, const struct subject *s, const char *p, size_t n)
{
	out_text(l->ctx->out, s->prefix);
	out_add(l->ctx->out, p, n);
}

/* Shows whole lines, so that lines of several writers do not mix. */
static void
lines_show(struct logs *l, struct subject *s, struct buf *partial, const char *p, size_t n)
{
	const char *end;

	while (n && (end = memchr(p, '\n', n))) {
		buf_add(partial, p, (size_t)(end + 1 - p));
		line_show(l, s, partial->p, partial->n);
		partial->n = 0;
		n -= (size_t)(end + 1 - p);
		p = end + 1;
	}
	buf_add(partial, p, n);
	if (partial->n < LINE_MOST)
		return;
	buf_byte(partial, '\n');
	line_show(l, s, partial->p, partial->n);
	partial->n = 0;
}

static bool
is_wanted(const struct logs *l, int i)
{
	return !(i == OUT && l->p->only_err) && !(i == ERR && l->p->only_out);
}

/* True if bytes are passed through unchanged: they come from a single file. */
static bool
is_plain(const struct logs *l, const struct subject *s)
{
	return !*s->prefix && (!l->p->follow || l->p->only_out || l->p->only_err);
}

static int
file_read(struct logs *l, struct subject *s, struct attempt *a, int i, struct err *e)
{
	struct log_tail *f = &a->files[i];
	char bytes[16384];
	ssize_t n;

	while (!l->ctx->out->closed && (n = log_tail_read(f, bytes, sizeof bytes, e))) {
		if (n < 0)
			return -1;
		l->kept = true;
		if (is_plain(l, s))
			out_add(l->ctx->out, bytes, (size_t)n);
		else
			lines_show(l, s, &a->partial[i], bytes, (size_t)n);
	}
	l->kept |= f->fd >= 0;
	if (f->skipped)
		note(l->ctx, "%s: some of the output is no longer kept", a->name);
	f->skipped = false;
	return 0;
}

static const char *
file_name(struct logs *l, const struct attempt *a, int i)
{
	return arena_printf(l->ctx->turn, "%s.%s", a->name, i == OUT ? "out" : "err");
}

static int
attempt_open(struct logs *l, struct attempt *a, struct err *e)
{
	uint64_t lines = l->p->lines.given ? l->p->lines.value : FOLLOW_ALL;
	int i;

	for (i = 0; i < ENDS; i++)
		if (is_wanted(l, i) &&
		    log_tail_open(&a->files[i], l->dir, file_name(l, a, i), lines, e))
			return -1;
	a->opened = true;
	return 0;
}

/* No process writes to it any more. An unfinished line gets a newline if others follow. */
static void
attempt_close(struct logs *l, struct subject *s, struct attempt *a)
{
	int i;

	for (i = 0; i < ENDS; i++) {
		if (!is_wanted(l, i))
			continue;
		if (a->partial[i].n && *s->prefix)
			buf_byte(&a->partial[i], '\n');
		if (a->partial[i].n)
			line_show(l, s, a->partial[i].p, a->partial[i].n);
		a->partial[i].n = 0;
		log_tail_close(&a->files[i]);
	}
	a->over = true;
}

/* Shows the output so far; an attempt is over when the next one exists, or the subject has
 * ended. */
static int
subject_show(struct logs *l, struct subject *s, struct err *e)
{
	struct attempt *a;
	int i;

	for (a = s->first; a; a = a->next) {
		if (a->over)
			continue;
		if (!a->opened && attempt_open(l, a, e))
			return -1;
		for (i = 0; i < ENDS; i++)
			if (is_wanted(l, i) && file_read(l, s, a, i, e))
				return -1;
		if (a->next || s->ended || !l->p->follow)
			attempt_close(l, s, a);
	}
	return 0;
}

static int
logs_show(struct logs *l, struct err *e)
{
	bool over = l->complete;
	struct subject *s;

	for (s = l->first; s; s = s->next) {
		if (subject_show(l, s, e))
			return -1;
		over &= s->ended;
	}
	if (out_flush(l->ctx->out, e))
		return -1;
	notes_print(l->ctx);
	return over || !l->p->follow || l->ctx->out->closed ? STAY_OVER : STAY_ON;
}

/* --- the loop --- */

static int
turn(struct stay *s, void *argument, struct err *e)
{
	struct logs *l = argument;

	if (s->rung || ++l->looks * FILE_MS >= STAY_LOOK_MS) {
		l->looks = 0;
		if (ctx_read(l->ctx, look_body, l, e))
			return -1;
	}
	return logs_show(l, e);
}

static const char *
why_none(const struct logs *l)
{
	if (l->attached)
		return ": it ran where it was submitted";
	if (l->first && l->first->first)
		return "";
	if (l->first)
		return l->first->source->none;
	return l->array ? ": it has not run" : ": it runs elsewhere";
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct logs l = {.ctx = ctx, .p = p, .text = *operands};
	struct stay s = {.ctx = ctx,
	    .argument = &l,
	    .turn = turn,
	    .unread_ends = true,
	    .keeps = true,
	    .look_ms = FILE_MS};
	int bad;

	if (ctx->globals.output)
		return err_value(e, ERR_USAGE, ctx->globals.output,
		    "-o %s: output is shown as it was written", ctx->globals.output);
	if (p->only_out && p->only_err)
		return err_set(
		    e, ERR_USAGE, "--stdout and --stderr: one of them, or none for both");
	l.dir = store_subdir(ctx->store, "log", e);
	if (l.dir < 0)
		return -1;
	bad = stay_run(&s, e);
	close(l.dir);
	if (bad || l.kept || ctx->out->closed)
		return bad;
	return err_value(e, ERR_NO, l.text, "no output of '%s' is kept%s", l.text, why_none(&l));
}

static const struct opt opts[] = {
    OPT('f', "follow", OPT_FLAG, follow, NULL, "follow the output until it has ended"),
    OPT('n', "lines", OPT_U64, lines, "N",
	"start with the last N lines of stdout and of stderr of the last attempt"),
    OPT(0, "stdout", OPT_FLAG, only_out, NULL, "only stdout"),
    OPT(0, "stderr", OPT_FLAG, only_err, NULL, "only stderr"),
};

const struct command cmd_logs = {
    .name = "logs",
    .help = "show the output of a task, actor, job or process",
    .mode = MODE_OPEN,
    .flags = CMD_LONG | CMD_READS,
    .operands = OPERANDS({.name = "REC", .completes = "record"}),
    .opts = OPTS(opts, struct params),
    .run = run,
};
