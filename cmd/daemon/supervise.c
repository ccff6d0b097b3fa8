/* supervise: the process that an agent starts for placed work: runs it, then what comes next on the
 * node, one after the other, until nothing is left. */
#include "core/cmd.h"

#include <unistd.h>

#include "core/child_signals.h"
#include "sched/schedule.h"
#include "daemon/supervision.h"
#include "state/resolve.h"

static int
claim_body(struct ctx *ctx, void *argument, struct err *e)
{
	struct supervision *s = argument;
	struct found found;

	if (resolve_any(ctx->cluster, NULL, ctx->parsed.operands[0], NULL, &found, e) < 0)
		return -1;
	if (!spec_runs(found.kind))
		return err_set(e, ERR_USAGE, "a %s is not run", found.kind->name);
	if (supervision_claim(
		s, ref_make(found.kind->letter, record_number(found.kind, found.record)), e))
		return -1;
	return schedule_rest(ctx->cluster, e);
}

/* Silent if another process was quicker. */
static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct supervision s;
	int bad;

	(void)params;
	(void)operands;
	supervision_init(&s, ctx);
	s.goes_on = true;
	s.uid = getuid() ? getuid() : UINT64_MAX;
	child_signals_hold(&s.open_mask);
	bad = supervision_spare(&s, e) || ctx_write(ctx, false, claim_body, &s, e);
	if (bad && (e->code == ERR_REFUSED || e->code == ERR_BUSY))
		bad = 0;
	else if (!bad)
		bad = supervision_run(&s, e);
	supervision_done(&s);
	return bad;
}

const struct command cmd_supervise = {
    .name = "supervise",
    .help = "run a placed task or actor, and what comes after it",
    .mode = MODE_OPEN,
    .flags = CMD_LONG | CMD_HIDDEN,
    .operands = OPERANDS({.name = "REC", .completes = "record"}),
    .run = run,
};
