#include "core/work.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "state/resolve.h"

#define SCRIPT_MOST (256 * 1024)

extern char **environ;

static int
script_open(const char *name, struct err *e)
{
	int fd = strcmp(name, "-") ? open(name, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;

	if (fd < 0)
		return err_value(
		    e, ERR_NO, name, "--script: cannot open '%s': %s", name, strerror(errno));
	return fd;
}

int
work_prepare(struct ctx *ctx, struct work_params *p, struct err *e)
{
	struct buf text = {.arena = ctx->arena};
	int fd, bad;

	if (!p->script_name)
		return 0;
	if (ctx->in_batch && !strcmp(p->script_name, "-"))
		return err_set(e, ERR_USAGE, "a script from stdin is not for batch");
	fd = script_open(p->script_name, e);
	if (fd < 0)
		return -1;
	bad = input_read_all(fd, SCRIPT_MOST, &text, e);
	if (fd != STDIN_FILENO)
		close(fd);
	if (bad)
		return err_wrap(e, "--script");
	if (!text.n)
		return err_value(e, ERR_USAGE, p->script_name, "--script: it is empty");
	if (memchr(text.p, '\0', text.n))
		return err_value(e, ERR_USAGE, p->script_name, "--script: it has a NUL byte");
	p->script = buf_string(&text);
	return input_call_add(ctx, buf_slice(&text), e);
}

struct texts
work_argv(const struct ctx *ctx)
{
	struct texts argv = {0};
	char **child = ctx->parsed.child;

	while (child && child[argv.n])
		argv.n++;
	argv.v = (const char **)child;
	return argv;
}

int
work_task(struct ctx *ctx, const struct work_params *p, uint64_t retries, struct task *task,
    struct err *e)
{
	struct demand *demand = arena_alloc(ctx->turn, sizeof *demand);

	if (p->time_limit.given && !p->time_limit.value)
		return err_set(e, ERR_USAGE, "--time-limit: must be greater than 0");
	if (demand_of(ctx, &p->demand, demand, e))
		return -1;
	*task = (struct task){.demand = demand,
	    .argv = work_argv(ctx),
	    .script = p->script,
	    .max_retries = p->max_retries.given ? p->max_retries.value : retries,
	    .retry_exit = p->retry_exit,
	    .time_limit = p->time_limit.value,
	    .queue_timeout = p->queue_timeout.value,
	    .grace = work_grace(&p->grace)};
	return 0;
}

uint64_t
work_grace(const struct opt_number *grace)
{
	return grace->given && !grace->value ? 1 : grace->value;
}

static bool
is_variable(const char *text, size_t n)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";

	return n && strspn(text, letters) >= n && (text[0] < '0' || text[0] > '9');
}

static int
env_add(struct labels *env, const char *text, struct arena *a, struct err *e)
{
	size_t n = strcspn(text, "=");
	const char *name = arena_strndup(a, text, n), *value = text[n] ? text + n + 1 : NULL;

	if (!is_variable(text, n))
		return err_value(
		    e, ERR_USAGE, text, "--env: '%s' is not a valid variable name", name);
	if (!value)
		value = getenv(name);
	if (!value)
		return err_value(e, ERR_USAGE, text, "--env: %s is not set here", name);
	labels_set(env, name, value, a);
	return 0;
}

static void
env_here(struct labels *env, struct arena *a)
{
	static const char *const names[] = {"PATH", "HOME", "LANG", "VIRTUAL_ENV"};
	char **v;
	size_t i, n;

	for (i = 0; i < ARRAY_LENGTH(names); i++)
		if (getenv(names[i]))
			labels_set(env, names[i], getenv(names[i]), a);
	for (v = environ; *v; v++) {
		n = strcspn(*v, "=");
		if (!strncmp(*v, "CONDA_", 6) && (*v)[n] && is_variable(*v, n))
			labels_set(env, arena_strndup(a, *v, n), *v + n + 1, a);
	}
}

int
work_env(const struct texts *given, bool clean, struct labels *env, struct arena *a, struct err *e)
{
	size_t i;

	if (!clean)
		env_here(env, a);
	for (i = 0; i < given->n; i++)
		if (env_add(env, given->v[i], a, e))
			return -1;
	return 0;
}

static int
directory(struct ctx *ctx, const char *given, const char **cwd, struct err *e)
{
	char path[PATH_MAX];

	if (given && given[0] == '/') {
		*cwd = given;
		return 0;
	}
	if (!getcwd(path, sizeof path))
		return err_set(e, ERR_NO, "this directory has no name: %s", strerror(errno));
	*cwd =
	    given ? arena_printf(ctx->turn, "%s/%s", path, given) : arena_strdup(ctx->turn, path);
	return 0;
}

int
work_job(struct ctx *ctx, const struct work_params *p, struct job *job, struct err *e)
{
	job->user = ctx->by.user;
	job->uid = ctx->by.uid;
	if (p->priority && number_i64(p->priority, &job->priority, e))
		return err_wrap(e, "--priority");
	if (work_env(&p->env, p->clean_env, &job->env, ctx->turn, e))
		return -1;
	return directory(ctx, p->cwd, &job->cwd, e);
}

int
work_job_named(struct ctx *ctx, const char *text, uint64_t *id, struct err *e)
{
	const char *own = getenv("GCS_JOB_ID");
	const struct job *job;

	*id = 0;
	if (!text && !(own && *own))
		return 0;
	job = resolve_kind(ctx->cluster, KIND_JOB, text ? text : own, ctx_self(), e);
	if (!job)
		return err_wrap(e, text ? "--job" : "GCS_JOB_ID");
	if (job->state == JOB_STOPPED || job->state == JOB_FAILED)
		return err_value(e, ERR_REFUSED, text ? text : own, "job J%llu is %s",
		    (unsigned long long)job->id, enum_text(&job_states, job->state));
	*id = job->id;
	return 0;
}
