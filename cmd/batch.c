/* batch: runs many commands in one transaction, or each in its own. */
#include "core/change.h"

#include <stdio.h>
#include <string.h>

#include "core/script.h"
#include "doctor/check.h"
#include "doctor/check_invariants.h"
#include "follow/expr.h"
#include "sched/schedule.h"
#include "store/txn.h"

struct batch {
	struct script script;
	bool breached; /* --check: an invariant is violated */
};

struct params {
	bool each, keep_going, check;
	struct batch *batch; /* made before the transaction */
};

static int
require_prepare(struct ctx *ctx, struct err *e)
{
	const struct parsed *p = &ctx->parsed;

	if (p->n == 2 || (p->n == 1 && !strncmp(p->operands[0], "fits:", 5)))
		return 0;
	return err_set(e, ERR_USAGE, "require: needs REC and EXPR");
}

static int
require_run(struct ctx *ctx, const void *params, char **o, struct err *e)
{
	bool alone = ctx->parsed.n == 1;
	int yes = expr_is(ctx, alone ? NULL : o[0], o[!alone], e);

	(void)params;
	if (yes)
		return yes < 0 ? -1 : 0;
	if (alone)
		return err_value(e, ERR_REFUSED, o[0], "'%s' does not hold", o[0]);
	return err_value(e, ERR_REFUSED, o[0], "%s: '%s' does not hold", o[0], o[1]);
}

static const struct command require = {
    .name = "require",
    .help = "refuse the batch unless an expression holds",
    .mode = MODE_READ,
    .flags = CMD_RAW,
    .run = require_run,
    .prepare = require_prepare,
};

static int
prepare(struct ctx *ctx, struct err *e)
{
	struct params *p = ctx->params;

	if (p->keep_going && !p->each)
		return err_set(e, ERR_USAGE, "--keep-going goes with --each");
	if (p->each && (ctx->change.dry_run || ctx->change.if_plan || ctx->change.request_id))
		return err_set(e, ERR_USAGE,
		    "-n, --if-plan and --request-id are for a batch that is one change");
	if (ctx->change.if_rev.given)
		return err_set(e, ERR_USAGE, "--if-rev is for the lines of a batch");
	p->batch = arena_alloc(ctx->arena, sizeof *p->batch);
	p->batch->script.guard = &require;
	return script_read(ctx, &p->batch->script, e);
}

/* Keeps the first violation. */
static void
breach(void *argument, const char *text)
{
	struct err *e = argument;

	if (!e->code)
		err_set(e, ERR_STORE, "%s", text);
}

/* Checks the invariants after a line. */
static int
line_check(struct ctx *ctx, struct batch *batch, struct err *e)
{
	struct err found = {0};
	struct arena kept;
	struct check check = {
	    .c = ctx->cluster, .kept = &kept, .report = breach, .argument = &found};
	int bad;

	arena_init(&kept, ctx->arena->exhausted);
	bad = check_derived(&check, e) || check_invariants(&check, e);
	arena_done(&kept);
	if (bad || !check.problems)
		return bad ? -1 : 0;
	batch->breached = true;
	*e = found;
	return -1;
}

/* Runs a line, and what follows from it, inside the open transaction. */
static int
line_do(struct ctx *sub, const struct params *p, struct err *e)
{
	struct cluster *c = sub->cluster;
	int bad;

	c->guarded = sub->change.if_rev.given;
	c->guard_rev = sub->change.if_rev.value;
	bad = command_run(sub, e);
	c->guarded = false;
	if (bad || !txn_writes(c->txn))
		return bad;
	if (schedule_rest(c, e))
		return -1;
	return p->check ? line_check(sub, p->batch, e) : 0;
}

struct run {
	const struct params *params;
	const struct script_label *labels;
	struct script_line line; /* the running line */
};

/* Prepares the next line. */
static int
run_next(struct run *run, const struct script_line *line, struct err *e)
{
	run->line = *line;
	if (script_bind(&run->params->batch->script, &run->line, run->labels, e))
		return err_wrap(e, "line %zu", line->number);
	return 0;
}

/* The value of the line's label: the first line of its output from `start` on, or its first id
 * under json. */
static void
run_name(struct run *run, const struct ctx *sub, size_t start)
{
	const char *text = sub->out->n > start ? sub->out->p + start : "", *end;
	size_t n = sub->out->n > start ? sub->out->n - start : 0;
	struct script_label *label;

	if (!run->line.label)
		return;
	if (sub->ids.n) {
		text = sub->ids.p + 1;
		n = strcspn(text, "\"");
	}
	end = n ? memchr(text, '\n', n) : NULL;
	label = arena_alloc(sub->arena, sizeof *label);
	*label = (struct script_label){run->labels, run->line.label,
	    arena_strndup(sub->arena, text, end ? (size_t)(end - text) : n)};
	run->labels = label;
}

/* Inside the open transaction of ctx. */
static int
line_run(struct ctx *ctx, void *argument, struct err *e)
{
	struct run *run = argument;
	const struct script_line *line = &run->line;
	struct ctx sub = script_ctx(ctx, line);
	size_t start = ctx->out->n;

	sub.style.seq = txn_seq(ctx->cluster->txn);
	sub.style.form.now_ms = ctx->cluster->now_ms;
	sub.result = sub.ids = sub.notes = (struct buf){.arena = ctx->turn};
	if (line_do(&sub, run->params, e))
		return err_wrap(e, "line %zu: %s", line->number, sub.command->name);
	run_name(run, &sub, start);
	buf_text(&ctx->notes, buf_string(&sub.notes));
	if (ctx_json(ctx) && (sub.command->flags & CMD_MUTATES))
		out_printf(ctx->out, "{\"line\":%zu,\"ids\":[%s]%s}\n", line->number,
		    buf_string(&sub.ids), buf_string(&sub.result));
	return 0;
}

static int
all_lines(struct ctx *ctx, void *argument, struct err *e)
{
	const struct params *p = argument;
	struct run run = {.params = p};
	const struct script_line *line;

	for (line = p->batch->script.first; line; line = line->next) {
		struct arena_mark mark = arena_mark(ctx->turn);

		if (run_next(&run, line, e))
			return -1;
		if (run.line.message && !ctx->cluster->audit.message)
			ctx->cluster->audit.message = run.line.message;
		if (line_run(ctx, &run, e))
			return -1;
		arena_rewind(ctx->turn, mark);
	}
	return 0;
}

/* Runs one line as its own transaction, which the log records under the line's own command. */
static int
line_alone(struct ctx *ctx, struct run *run, struct err *e)
{
	const struct script_line *line = &run->line;
	struct ctx own = *ctx;
	int bad;

	own.command = line->command;
	own.parsed = line->parsed;
	own.change.message = line->message;
	if (command_mode(&own) == MODE_WRITE)
		bad = ctx_write(&own, own.command->flags & CMD_FREES, line_run, run, e);
	else
		bad = ctx_read(&own, line_run, run, e);
	ctx->by = own.by;
	ctx->seq = own.seq;
	ctx->committed = own.committed;
	fputs(buf_string(&own.notes), stderr);
	if (bad)
		out_reset(ctx->out);
	return bad || out_flush(ctx->out, e) ? -1 : 0;
}

static int
each_line(struct ctx *ctx, const struct params *p, struct err *e)
{
	struct run run = {.params = p};
	struct arena_mark turn = arena_mark(ctx->turn), kept = arena_mark(ctx->kept);
	struct err first = {0};
	const struct script_line *line;

	for (line = p->batch->script.first; line && !ctx->out->closed; line = line->next) {
		int bad = run_next(&run, line, e) || line_alone(ctx, &run, e);

		arena_rewind(ctx->turn, turn);
		arena_rewind(ctx->kept, kept);
		if (!bad)
			continue;
		if (!p->keep_going || p->batch->breached || ctx->out->failed)
			return -1;
		if (!first.code)
			first = *e;
		error_print(ctx, e);
	}
	*e = first;
	*e->text = '\0';
	return first.code ? -1 : 0;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct params *p = params;

	(void)operands;
	return p->each ? each_line(ctx, p, e) : change_run(ctx, all_lines, ctx->params, e);
}

static const struct opt opts[] = {
    OPT(0, "each", OPT_FLAG, each, NULL, "one transaction per line; stop at the first failure"),
    OPT(0, "keep-going", OPT_FLAG, keep_going, NULL, "with --each: continue after a failure"),
    OPT(0, "check", OPT_FLAG, check, NULL,
	"stop before a line that would break a rule of the state"),
};

const struct command cmd_batch = {
    .name = "batch",
    .help = "run the commands on stdin, one per line, all or none",
    .mode = MODE_OPEN,
    .flags = CMD_MUTATES | CMD_LONG,
    .opts = OPTS(opts, struct params),
    .run = run,
    .prepare = prepare,
};
