/*
 * cleanup: files below log/ and run/ that no record needs any more. Their names identify their
 * records. Only files that can never be needed again are removed: those of an id that was used and
 * is forgotten, or of a life that is over; and never those of a recorded process, since its lock
 * file is the only proof that it is gone.
 */
#include "daemon/cleanup.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "model/lost_processes.h"
#include "model/task.h"
#include "proc/runlock.h"
#include "state/record.h"
#include "store/txn.h"

#define PERIOD_MS 60000

struct file {
	const char *name;
	const char *of; /* "T5.1", "W5": the process's name; NULL: of an agent */
	char letter;
	uint64_t id, life;
	bool lock, needed;
};

struct files {
	struct file *v;
	size_t n;
};

/* --- owners --- */

static const char *
number_skip(const char *p, uint64_t *value)
{
	char *end;

	if (!p || !isdigit((unsigned char)*p))
		return NULL;
	*value = strtoull(p, &end, 10);
	return end;
}

static bool
is_output(const char *p)
{
	uint64_t n;

	if (strncmp(p, ".out", 4) != 0 && strncmp(p, ".err", 4) != 0)
		return false;
	p += 4;
	if (*p == '.')
		p = number_skip(p + 1, &n);
	return p && !*p;
}

/* "T5.1.out", "A2.0.err.3", "T5.1.lock", "W5.lock", "agent-n1.lock". False: not a file of gcs. */
static bool
file_parse(const char *name, bool lock, struct file *f, struct arena *a)
{
	size_t n = strlen(name);
	const char *p;

	*f = (struct file){.lock = lock, .letter = name[0]};
	if (lock && (n < 5 || strcmp(name + n - 5, ".lock") != 0))
		return false;
	if (lock && !strncmp(name, "agent-", 6))
		return true;
	if (name[0] != 'T' && name[0] != 'A' && (name[0] != 'W' || !lock))
		return false;
	p = number_skip(name + 1, &f->id);
	if (p && name[0] != 'W')
		p = *p == '.' ? number_skip(p + 1, &f->life) : NULL;
	if (!p || !(lock ? !strcmp(p, ".lock") : is_output(p)))
		return false;
	f->of = arena_strndup(a, name, (size_t)(p - name));
	return true;
}

static int
files_list(struct ctx *ctx, int dir, bool lock, struct files *files, struct err *e)
{
	int again = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *listing = again < 0 ? NULL : fdopendir(again);
	struct dirent *entry;
	struct file f;

	if (!listing) {
		err_set(e, ERR_STORE, "cannot list %s: %s", lock ? "run" : "log", strerror(errno));
		if (again >= 0)
			close(again);
		return -1;
	}
	while ((entry = readdir(listing)))
		if (file_parse(entry->d_name, lock, &f, ctx->arena)) {
			f.name = arena_strdup(ctx->arena, entry->d_name);
			files->v = arena_push(ctx->arena, files->v, files->n, sizeof f);
			files->v[files->n++] = f;
		}
	closedir(listing);
	return 0;
}

/* --- need --- */

static int
names_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of all recorded processes, sorted. */
static int
names_alive(struct ctx *ctx, const char ***names, size_t *n, struct err *e)
{
	struct lost_process *v;
	size_t of, i;

	*n = 0;
	if (lost_processes_list(ctx->cluster, &v, &of, e))
		return -1;
	*names = arena_alloc(ctx->turn, (of + 1) * sizeof **names);
	for (i = 0; i < of; i++)
		if (v[i].name)
			(*names)[(*n)++] = v[i].name;
	qsort(*names, *n, sizeof **names, names_compare);
	return 0;
}

/* Whether this life may still begin. */
static bool
is_to_come(const struct file *f, const void *record)
{
	const struct task *t = record;
	const struct actor *a = record;

	if (f->letter == 'T')
		return !task_has_ended(t) && f->life > t->attempt;
	if (f->letter == 'A')
		return a->state != ACTOR_DEAD && a->state != ACTOR_FAILED &&
		       f->life >= a->num_restarts;
	return ((const struct worker *)record)->state == WORKER_RUNNING;
}

static int
file_judge(struct ctx *ctx, struct file *f, struct err *e)
{
	const struct kind *kind = kind_letter(ctx->kinds, f->letter);
	struct arena_mark mark = arena_mark(ctx->turn);
	void *record = arena_alloc(ctx->turn, kind->rec->size);
	int got = record_get_number(ctx->cluster, kind, f->id, record, e);

	f->needed = got > 0 && (!f->lock || is_to_come(f, record));
	arena_rewind(ctx->turn, mark);
	return got < 0 ? -1 : 0;
}

/* An id beyond the last known one was assigned after the files were listed. */
static int
judge_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct files *files = argument;
	const char **alive;
	size_t n, i;

	if (names_alive(ctx, &alive, &n, e))
		return -1;
	for (i = 0; i < files->n; i++) {
		struct file *f = &files->v[i];

		if (!f->of)
			continue;
		f->needed = f->id > txn_counter(ctx->cluster->txn, f->letter) ||
			    bsearch(&f->of, alive, n, sizeof *alive, names_compare);
		if (!f->needed && file_judge(ctx, f, e))
			return -1;
	}
	return 0;
}

/* --- removing --- */

/* Files without permission to remove them stay. */
static void
files_remove(const struct files *files, int logs, int run)
{
	struct err ignored;
	size_t i;

	for (i = 0; i < files->n; i++) {
		const struct file *f = &files->v[i];

		if (f->needed)
			continue;
		if (f->lock)
			runlock_remove(run, f->name, &ignored);
		else
			unlinkat(logs, f->name, 0);
	}
}

static int
cleanup_now(struct ctx *ctx, struct err *e)
{
	struct files files = {.n = 0};
	int logs = store_subdir(ctx->store, "log", e), run = -1, bad;

	bad = logs < 0 || (run = store_subdir(ctx->store, "run", e)) < 0 ||
	      files_list(ctx, logs, false, &files, e) || files_list(ctx, run, true, &files, e) ||
	      (files.n && ctx_read(ctx, judge_body, &files, e));
	if (!bad)
		files_remove(&files, logs, run);
	if (run >= 0)
		close(run);
	if (logs >= 0)
		close(logs);
	return bad ? -1 : 0;
}

void
cleanup(struct ctx *ctx, struct cleanup *last)
{
	struct arena_mark mark = arena_mark(ctx->arena);
	uint64_t now = clock_monotonic_ms();
	struct err e;

	if (last->done_ms && (now < last->done_ms + PERIOD_MS || ctx->seq == last->seq))
		return;
	last->done_ms = now;
	if (cleanup_now(ctx, &e))
		say(ctx, "%s", e.text);
	last->seq = ctx->seq;
	arena_rewind(ctx->arena, mark);
}
