/* wait: the command, and what other commands wait for after their commit. */
#include "wait.h"

#include <ctype.h>
#include <string.h>

struct params {
	struct texts expressions;
	bool any;
	const char *since;
	struct opt_number timeout;
};

/* --- after a change --- */

int
wait_prepare(struct ctx *ctx, const struct wait_params *p, const char *expression,
    const char *unless, struct err *e)
{
	if (p->timeout.given && !p->wait)
		return err_set(e, ERR_USAGE, "--timeout goes with --wait");
	if (!p->wait)
		return 0;
	ctx->after = (struct wait_later){expression, unless, false, p->timeout};
	return 0;
}

int
wait_prepare_jobs(struct ctx *ctx, const struct wait_params *p, struct err *e)
{
	if (wait_prepare(ctx, p, "ended", NULL, e))
		return -1;
	ctx->after.as_jobs = p->wait;
	return 0;
}

/* The words of the answer that are ids: each a line, or an element of `ids` under json. */
void
wait_made(struct ctx *ctx, struct slice answer)
{
	const char *p = arena_strndup(ctx->kept, answer.p, answer.n),
		   *list = strstr(p, "\"ids\":[");
	size_t n;

	p = list ? list + strlen("\"ids\":[") : p;
	for (; *p && *p != ']'; p += n ? n : 1) {
		n = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
		if (n > 1)
			buf_printf(&ctx->made, "%.*s\n", (int)n, p);
	}
}

/* Each line of what was made; where nothing was (a repeated request that prints no ids), what was
 * named. */
static struct texts
made(struct ctx *ctx)
{
	char *p = arena_strdup(ctx->arena, buf_string(&ctx->made)), *end;
	struct texts t = {.n = 0};

	if (!*p)
		return (struct texts){(const char **)ctx->parsed.operands, ctx->parsed.n};
	t.v = arena_alloc(ctx->arena, strlen(p) * sizeof *t.v);
	for (; *p; p = end + 1) {
		end = strchr(p, '\n');
		*end = '\0';
		t.v[t.n++] = p;
	}
	return t;
}

int
wait_after(struct ctx *ctx, struct err *e)
{
	struct wait_for what = {.records = made(ctx),
	    .expressions = {&ctx->after.expression, 1},
	    .unless = ctx->after.unless,
	    .since = arena_printf(ctx->arena, "%llu", (unsigned long long)ctx->seq),
	    .timeout = ctx->after.timeout};

	if (ctx->after.as_jobs)
		return jobs_wait(ctx, &what.records, &what.timeout, e);
	return wait_run(ctx, &what, e);
}

/* --- the command --- */

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct wait_for what = {.records = {(const char **)operands, ctx->parsed.n},
	    .expressions = p->expressions,
	    .any = p->any,
	    .since = p->since,
	    .timeout = p->timeout,
	    .tell = true};

	if (!p->expressions.n)
		return err_set(e, ERR_USAGE, "--for is required: what is waited for?");
	return wait_run(ctx, &what, e);
}

static const struct opt opts[] = {
    {0, "for", OPT_TEXTS, offsetof(struct params, expressions), "EXPR",
	"what must hold: a state, exists, gone, ended, ok, FIELD OP VALUE, …; may be repeated",
	NULL, "state"},
    {0, "any", OPT_FLAG, offsetof(struct params, any), NULL, "one of them is enough", NULL, NULL},
    {0, "since", OPT_TEXT, offsetof(struct params, since), "WHEN",
	"as if the wait had begun right after this event, or at this time", NULL, NULL},
    {0, "timeout", OPT_DURATION, offsetof(struct params, timeout), "D",
	"give up after this time (exit 124)", NULL, NULL},
    {0, NULL, OPT_FLAG, 0, NULL, NULL, NULL, NULL},
};

static const struct operand operands[] = {
    {"REC", OPERAND_ANY, "record"}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_wait = {"wait", "wait until a condition holds for records", MODE_OPEN,
    CMD_LONG | CMD_READS, operands, opts, sizeof(struct params), run, NULL, 0, NULL};
