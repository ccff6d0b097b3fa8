#include "daemon/spec.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "model/actor.h"
#include "model/task.h"
#include "state/index.h"
#include "state/record.h"

/* --- the environment: NAME=VALUE, a later one replaces an earlier one --- */

struct environment {
	struct arena *arena;
	char **v;
	size_t n;
};

static char **
place_of(struct environment *env, const char *name, size_t name_n)
{
	size_t i;

	for (i = 0; i < env->n; i++)
		if (!strncmp(env->v[i], name, name_n) && env->v[i][name_n] == '=')
			return &env->v[i];
	env->v = arena_push(env->arena, env->v, env->n, sizeof *env->v);
	return &env->v[env->n++];
}

static void
env_set(struct environment *env, const char *name, const char *value)
{
	*place_of(env, name, strlen(name)) = arena_printf(env->arena, "%s=%s", name, value);
}

static void
env_set_id(struct environment *env, const char *name, char letter, uint64_t number)
{
	if (number)
		env_set(env, name,
		    arena_printf(env->arena, "%c%llu", letter, (unsigned long long)number));
}

static void
env_set_number(struct environment *env, const char *name, uint64_t number)
{
	env_set(env, name, arena_printf(env->arena, "%llu", (unsigned long long)number));
}

static void
env_set_labels(struct environment *env, const struct labels *labels)
{
	size_t i;

	for (i = 0; i < labels->n; i++)
		env_set(env, labels->v[i].key, labels->v[i].value);
}

/* "0,2": its GPUs. On a node that has GPUs the list is set even if empty, so that it sees none. */
static int
env_set_gpus(struct ctx *ctx, struct environment *env, const struct lease *lease, struct err *e)
{
	const struct instance *instance = lease->instances.v;
	struct buf list = {.arena = env->arena};
	struct node node = {0};
	size_t i;

	for (i = 0; i < lease->instances.n; i++)
		if (!strcmp(instance[i].resource, "gpu"))
			buf_printf(&list, "%s%llu", list.n ? "," : "",
			    (unsigned long long)instance[i].index);
	if (record_get_number(ctx->cluster, kind_of(ctx->kinds, KIND_NODE), lease->node, &node, e) <
	    0)
		return -1;
	if (!list.n && !amounts_get(&node.total, "gpu"))
		return 0;
	env_set(env, "GCS_GPUS", buf_string(&list));
	env_set(env, "CUDA_VISIBLE_DEVICES", buf_string(&list));
	env_set(env, "ROCR_VISIBLE_DEVICES", buf_string(&list));
	return 0;
}

static int
env_set_lease(struct ctx *ctx, struct environment *env, uint64_t id, struct err *e)
{
	struct lease lease = {0};
	const struct amount *cpu;
	char text[NUMBER_SIZE];

	if (record_get_number(ctx->cluster, kind_of(ctx->kinds, KIND_LEASE), id, &lease, e) < 0)
		return -1;
	cpu = amounts_get(&lease.resources, "cpu");
	if (cpu)
		env_set(env, "GCS_CPUS", resource_format(text, "cpu", cpu->value));
	return env_set_gpus(ctx, env, &lease, e);
}

static void
env_begin(struct ctx *ctx, struct environment *env, char **base)
{
	for (; base && *base; base++)
		*place_of(env, *base, strcspn(*base, "=")) = *base;
	env_set(env, "GCS_DIR", store_path(ctx->store));
}

/* --- from records --- */

static char **
words(const struct texts *texts, const char *first, struct arena *a)
{
	char **v = arena_alloc(a, (texts->n + 2) * sizeof *v);
	size_t n = 0, i;

	if (first)
		v[n++] = arena_strdup(a, first);
	for (i = 0; i < texts->n; i++)
		v[n++] = arena_strdup(a, texts->v[i]);
	return v;
}

/* Fills the fields that depend on the kind; 0 or -1. */
typedef int spec_of(
    struct ctx *ctx, const void *record, struct environment *env, struct spec *s, struct err *e);

static int
task_spec(
    struct ctx *ctx, const void *record, struct environment *env, struct spec *s, struct err *e)
{
	const struct task *t = record;
	struct arena *a = env->arena;
	struct job job = {0};

	if (record_get_number(ctx->cluster, kind_of(ctx->kinds, KIND_JOB), t->job, &job, e) < 0)
		return -1;
	s->node = t->node;
	s->rev = t->rev;
	s->uid = job.uid;
	s->name = arena_printf(
	    a, "T%llu.%llu", (unsigned long long)t->id, (unsigned long long)t->attempt + 1);
	s->cwd = arena_strdup(a, job.cwd);
	s->script = arena_strdup(a, t->script);
	s->argv = words(&t->argv, t->script ? s->name : NULL, a);
	s->grace_ms = t->grace;
	s->time_limit_ms = t->time_limit;
	s->attached = t->attached;
	if (!t->attached)
		env_set_labels(env, &job.env);
	env_set_id(env, "GCS_JOB_ID", 'J', job.id);
	env_set_id(env, "GCS_TASK_ID", 'T', t->id);
	env_set_number(env, "GCS_TASK_INDEX", t->index);
	env_set_number(env, "GCS_TASK_ATTEMPT", t->attempt + 1);
	return env_set_lease(ctx, env, t->lease, e);
}

static int
actor_spec(
    struct ctx *ctx, const void *record, struct environment *env, struct spec *s, struct err *e)
{
	const struct actor *actor = record;
	struct arena *a = env->arena;

	s->node = actor->node;
	s->rev = actor->rev;
	s->uid = actor->uid;
	s->name = arena_printf(a, "A%llu.%llu", (unsigned long long)actor->id,
	    (unsigned long long)actor->num_restarts);
	s->cwd = arena_strdup(a, actor->cwd);
	s->argv = words(&actor->argv, NULL, a);
	s->grace_ms = actor->grace;
	s->ready_on_start = actor->ready_on_start;
	env_set_labels(env, &actor->env);
	env_set_id(env, "GCS_JOB_ID", 'J', actor->job);
	env_set_id(env, "GCS_ACTOR_ID", 'A', actor->id);
	env_set_number(env, "GCS_ACTOR_RESTARTS", actor->num_restarts);
	return env_set_lease(ctx, env, actor->lease, e);
}

/* --- what to start --- */

struct next {
	uint64_t uid; /* UINT64_MAX: any user */
	uint64_t id;  /* of the last record read */
};

/* 1: to be started, 0, -1. */
typedef int may_start(struct cluster *c, const void *record, struct next *next, struct err *e);

static int
task_next(struct cluster *c, const void *record, struct next *next, struct err *e)
{
	const struct task *t = record;
	struct job job = {0};

	next->id = t->id;
	if (t->attached || t->state != TASK_PENDING || !t->lease || (!t->argv.n && !t->script))
		return 0;
	if (next->uid == UINT64_MAX)
		return 1;
	if (record_get_number(c, kind_of(c->kinds, KIND_JOB), t->job, &job, e) < 0)
		return -1;
	return job.uid == next->uid;
}

static int
actor_next(struct cluster *c, const void *record, struct next *next, struct err *e)
{
	const struct actor *a = record;

	(void)c;
	(void)e;
	next->id = a->id;
	return a->node && !a->worker && a->argv.n &&
	       (next->uid == UINT64_MAX || a->uid == next->uid);
}

/* --- the kinds that are run, in starting order --- */

struct runnable {
	unsigned kind;
	spec_of *spec;
	may_start *may;
};

static const struct runnable runnables[] = {
    {.kind = KIND_ACTOR, .spec = actor_spec, .may = actor_next},
    {.kind = KIND_TASK, .spec = task_spec, .may = task_next},
};
#define RUNNABLES (sizeof runnables / sizeof *runnables)

static const struct runnable *
runnable_of(const struct kind *kind)
{
	size_t i;

	for (i = 0; i < RUNNABLES; i++)
		if (runnables[i].kind == kind->number)
			return &runnables[i];
	return NULL;
}

bool
spec_runs(const struct kind *kind)
{
	return runnable_of(kind) != NULL;
}

int
spec_fill(
    struct ctx *ctx, uint64_t ref, char **base, struct arena *a, struct spec *spec, struct err *e)
{
	const struct kind *kind = kind_letter(ctx->kinds, ref_letter(ref));
	struct environment env = {.arena = a};
	struct worker worker = {.record = ref};
	void *record = arena_alloc(ctx->turn, kind->rec->size);
	int got = record_get_number(ctx->cluster, kind, ref_number(ref), record, e);

	*spec = (struct spec){.ref = ref};
	if (got <= 0)
		return got < 0 ? -1
			       : err_set(e, ERR_NO, "no %s matches '%c%llu'", kind->name,
				     ref_letter(ref), (unsigned long long)ref_number(ref));
	if (kind->may_start(ctx->cluster, record, &worker, e))
		return -1;
	env_begin(ctx, &env, base);
	if (runnable_of(kind)->spec(ctx, record, &env, spec, e))
		return -1;
	env_set_id(&env, "GCS_NODE_ID", 'N', spec->node);
	spec->envp = arena_push(a, env.v, env.n, sizeof *env.v);
	spec->envp[env.n] = NULL;
	return 0;
}

static int
kind_next(struct cluster *c, const struct runnable *runnable, uint64_t node, struct next *next,
    struct err *e)
{
	const struct kind *kind = kind_of(c->kinds, runnable->kind);
	struct arena_mark mark = arena_mark(c->arena);
	int got;

	do {
		void *record = arena_alloc(c->arena, kind->rec->size);

		got = index_on_node_next(c, kind, node, next->id, record, e);
		if (got <= 0)
			break;
		got = runnable->may(c, record, next, e);
		if (c->arena != c->kept)
			arena_rewind(c->arena, mark);
	} while (!got);
	return got;
}

int
spec_next(struct ctx *ctx, uint64_t node, uint64_t uid, uint64_t *ref, struct err *e)
{
	size_t i;

	for (i = 0; i < RUNNABLES; i++) {
		char letter = kind_of(ctx->kinds, runnables[i].kind)->letter;
		struct next next = {uid, ref_number(*ref)};
		int got;

		if (*ref && ref_letter(*ref) != letter)
			continue; /* this kind was handled before */
		got = kind_next(ctx->cluster, &runnables[i], node, &next, e);
		*ref = got > 0 ? ref_make(letter, next.id) : 0;
		if (got)
			return got;
	}
	return 0;
}
