/* doctor: checks the state. */
#include "core/cmd.h"

#include <string.h>

#include "base/text.h"
#include "doctor/check_invariants.h"
#include "doctor/check.h"

struct params {
	bool deep;
};

static void
tell(void *argument, const char *text)
{
	struct ctx *ctx = argument;

	if (!ctx_json(ctx)) {
		out_printf(ctx->out, "%s\n", text);
		return;
	}
	if (ctx->result.n)
		buf_byte(&ctx->result, ',');
	text_json(&ctx->result, text, strlen(text));
}

static int
checks(struct check *check, bool deep, struct err *e)
{
	if (check_rows(check, e))
		return -1;
	/* Damaged rows would only be reported again, in other words. */
	if (check->problems)
		return 0;
	if (check_derived(check, e) || check_requests(check, e) || check_log(check, e) ||
	    check_values(check, e) || check_invariants(check, e))
		return -1;
	return deep ? check_fold(check, e) : 0;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct arena kept;
	struct check check = {.c = ctx->cluster, .kept = &kept, .report = tell, .argument = ctx};
	int bad;

	(void)operands;
	if (ctx->globals.at)
		return err_set(e, ERR_USAGE, "--at: doctor checks the present state only");
	arena_init(&kept, ctx->arena->exhausted);
	bad = checks(&check, p->deep, e);
	if (!bad && ctx_json(ctx))
		out_printf(ctx->out,
		    "{\"v\":1,\"seq\":%llu,\"problems\":%llu,\"rows\":%llu,\"events\":%llu,"
		    "\"found\":[%s]}\n",
		    (unsigned long long)ctx->style.seq, (unsigned long long)check.problems,
		    (unsigned long long)check.rows, (unsigned long long)check.events,
		    buf_string(&ctx->result));
	if (!bad && !check.problems)
		note(ctx, "%llu rows and %llu events are sound", (unsigned long long)check.rows,
		    (unsigned long long)check.events);
	arena_done(&kept);
	if (bad)
		return -1;
	return check.problems
		   ? err_set(e, ERR_STORE, "%llu %s found", (unsigned long long)check.problems,
			 check.problems == 1 ? "problem" : "problems")
		   : 0;
}

static const struct opt opts[] = {
    OPT(0, "deep", OPT_FLAG, deep, NULL,
	"also replay the whole log backward and forward, and compare"),
};

const struct command cmd_doctor = {
    .name = "doctor",
    .help = "check formats, checksums, indexes, values, rules and the log",
    .mode = MODE_READ,
    .opts = OPTS(opts, struct params),
    .run = run,
};
