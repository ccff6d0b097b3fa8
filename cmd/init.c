/* init: creates a cluster's directory. */
#include "core/cmd.h"

#include <grp.h>
#include <string.h>
#include <sys/stat.h>

#include "base/time.h"

#define SHARED_DIR "/var/lib/gcs" /* the default without -D and GCS_DIR */

struct params {
	bool shared;
	const char *name, *test_clock;
};

/* Says who can use the cluster, and how others find it. */
static void
tell(struct ctx *ctx, const char *dir, bool made)
{
	const char *created = made ? "created a" : "there is already a", *how = "";
	const struct group *group;
	struct stat st;

	if (stat(dir, &st) || !(st.st_mode & S_IRWXG)) {
		note(ctx, "%s private cluster in %s (gcs-init(1) shows how to share one)", created,
		    dir);
		return;
	}
	if (strcmp(dir, SHARED_DIR) != 0)
		how = arena_printf(ctx->arena, ", with GCS_DIR=%s", dir);
	group = getgrgid(st.st_gid);
	if (group)
		note(ctx, "%s cluster in %s for all users in group %s%s", created, dir,
		    group->gr_name, how);
	else
		note(ctx, "%s cluster in %s for all users in group %ju%s", created, dir,
		    (uintmax_t)st.st_gid, how);
}

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
	tell(ctx, dir, made);
	return 0;
}

static const struct opt opts[] = {
    OPT(0, "shared", OPT_FLAG, shared, NULL, "share it with all members of the directory's group"),
    OPT(0, "name", OPT_TEXT, name, "NAME", "name of the cluster"),
    OPT(0, "test-clock", OPT_TEXT, test_clock, "TIME",
	"for tests: a clock that only `gcs clock` moves"),
};

const struct command cmd_init = {
    .name = "init",
    .help = "create a cluster's directory",
    .mode = MODE_NONE,
    .opts = OPTS(opts, struct params),
    .run = run,
};
