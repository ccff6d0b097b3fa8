/* wait: the command, and what other commands wait for after their commit. */
#include "follow/wait.h"

#include <string.h>

struct params {
	struct texts expressions;
	bool any;
	const char *since;
	struct opt_number timeout;
};

/* --- after a change --- */

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

static int
after(struct ctx *ctx, struct err *e)
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

int
wait_prepare(struct ctx *ctx, const struct wait_params *p, const char *expression,
    const char *unless, struct err *e)
{
	if (p->timeout.given && !p->wait)
		return err_set(e, ERR_USAGE, "--timeout goes with --wait");
	if (!p->wait)
		return 0;
	ctx->after = (struct wait_later){
	    .expression = expression, .unless = unless, .timeout = p->timeout, .wait = after};
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
    OPT(0, "for", OPT_TEXTS, expressions, "EXPR",
	"what is to hold: a state, exists, gone, ended, ok, FIELD OP VALUE, …; may be repeated",
	.completes = "state"),
    OPT(0, "any", OPT_FLAG, any, NULL, "one of them is enough"),
    OPT(0, "since", OPT_TEXT, since, "WHEN",
	"as if the wait had begun right after this event, or at this moment"),
    OPT(0, "timeout", OPT_DURATION, timeout, "D", "for how long (124 if it did not come)"),
};

const struct command cmd_wait = {
    .name = "wait",
    .help = "wait until something holds for records",
    .mode = MODE_OPEN,
    .flags = CMD_LONG | CMD_READS,
    .operands = OPERANDS({.name = "REC", .count = OPERAND_ANY, .completes = "record"}),
    .opts = OPTS(opts, struct params),
    .run = run,
};
