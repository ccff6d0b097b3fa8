/* init: makes a cluster's directory. */
#include "core/cmd.h"
#include "base/time.h"

struct params {
	bool shared;
	const char *name, *test_clock;
};

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;
	struct store_init init = {
	    .name = p->name, .shared = p->shared, .given_clock = p->test_clock != NULL};
	const char *dir = ctx_dir(ctx);
	bool made;

	(void)operands;
	if (p->test_clock && time_parse(p->test_clock, &init.clock_ms, e))
		return err_wrap(e, "--test-clock");
	if (store_init(dir, &init, &made, e))
		return -1;
	if (ctx_json(ctx))
		out_printf(ctx->out, "{\"v\":1,\"seq\":0,\"changed\":%s,\"ids\":[]}\n",
		    made ? "true" : "false");
	note(ctx, made ? "made a cluster in %s" : "there is a cluster in %s already", dir);
	return 0;
}

static const struct opt opts[] = {
    OPT(0, "shared", OPT_FLAG, shared, NULL, "open to all members of the directory's group"),
    OPT(0, "name", OPT_TEXT, name, "NAME", "a name for the cluster"),
    OPT(0, "test-clock", OPT_TEXT, test_clock, "TIME",
	"a clock that only `gcs clock` moves, for tests"),
};

const struct command cmd_init = {
    .name = "init",
    .help = "make the cluster's directory",
    .mode = MODE_NONE,
    .opts = OPTS(opts, struct params),
    .run = run,
};
