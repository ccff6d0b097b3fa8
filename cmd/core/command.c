/* command: the options of every command, those of changes, and parsing a command line with them. */
#include <stdlib.h>
#include <string.h>

#include "core/cmd.h"
#include "core/operands.h"

#define G(...) OPT_OF(struct globals, __VA_ARGS__)
#define C(...) OPT_OF(struct change, __VA_ARGS__)

static const struct enum_name colors_rows[] = {
    {1, "auto", "colour on a terminal"},
    {2, "always", "colour"},
    {3, "never", "no colour"},
};
static const struct enums colors = ENUMS(colors_rows);

static const struct enum_name times_rows[] = {
    {1 + TIMES_RELATIVE, "rel", "times as 5m ago"},
    {1 + TIMES_ISO, "iso", "times as RFC 3339, UTC"},
    {1 + TIMES_UNIX, "unix", "times as seconds since the epoch"},
};
static const struct enums times = ENUMS(times_rows);

static const struct opt global_opts[] = {
    G('D', "dir", OPT_TEXT, dir, "DIR", "the cluster's directory", .completes = "dir"),
    G('o', "output", OPT_TEXT, output, "FORMAT",
	"table, wide, json, jsonl, tsv, id, name, env or fmt=TEMPLATE", .completes = "format"),
    G('q', "quiet", OPT_FLAG, quiet, NULL, "print no remarks on stderr"),
    G('v', "verbose", OPT_FLAG, verbose, NULL, "print more on stderr"),
    G(0, "color", OPT_CHOICE, color, "WHEN", "colour in tables", .sub = &colors),
    G(0, "time", OPT_CHOICE, time, "STYLE", "format of times", .sub = &times),
    G(0, "lock-timeout", OPT_DURATION, lock_timeout, "D",
	"how long to wait for other writers (10s)"),
    G(0, "at", OPT_TEXT, at, "WHEN",
	"show the state as it was at this event number, time ago (5m) or date"),
    G('h', "help", OPT_FLAG, help, NULL, "show this help"),
    G(0, "version", OPT_FLAG, version, NULL, "show the version"),
};

static const struct opt change_opts[] = {
    C('n', "dry-run", OPT_FLAG, dry_run, NULL,
	"show the events it would cause and a plan hash; change nothing"),
    C(0, "if-plan", OPT_TEXT, if_plan, "HASH",
	"apply only if it causes the same events as that dry run"),
    C(0, "if-rev", OPT_U64, if_rev, "N",
	"apply only if the record is still at this rev (0: does not exist)"),
    C('m', "message", OPT_TEXT, message, "TEXT", "reason, for the log"),
    C(0, "request-id", OPT_TEXT, request_id, "KEY",
	"make a repeat within a day harmless: it answers as the first call did"),
};

size_t
command_sets(const struct command *command, struct ctx *ctx, struct opt_set sets[SETS_MOST])
{
	size_t n = 0;

	if (command && command->opts.n)
		sets[n++] = (struct opt_set){"Options", command->opts, ctx ? ctx->params : NULL};
	if (command && (command->flags & CMD_MUTATES))
		sets[n++] = (struct opt_set){
		    "Change options", OPTS(change_opts, struct change), ctx ? &ctx->change : NULL};
	if (command && (command->flags & CMD_LISTS))
		sets[n++] = (struct opt_set){"List options", list_opts, ctx ? &ctx->list : NULL};
	sets[n++] = (struct opt_set){
	    "Global options", OPTS(global_opts, struct globals), ctx ? &ctx->globals : NULL};
	return n;
}

enum command_mode
command_mode(const struct ctx *ctx)
{
	return ctx->parsed.n < ctx->command->reads_below ? MODE_READ : ctx->command->mode;
}

static int
message_check(struct ctx *ctx, struct err *e)
{
	if (!(ctx->command->flags & CMD_MESSAGE) || ctx->change.message)
		return 0;
	return err_set(e, ERR_USAGE, "-m is required: say why");
}

/* Where no child command can follow, words after -- are operands, as everywhere. */
static void
child_to_operands(struct ctx *ctx)
{
	struct parsed *p = &ctx->parsed;
	size_t n = 0;
	char **all;

	if (!p->child || ctx->command->flags & CMD_CHILD)
		return;
	while (p->child[n])
		n++;
	all = arena_alloc(ctx->arena, (p->n + n + 1) * sizeof *all);
	if (p->n)
		memcpy(all, p->operands, p->n * sizeof *all);
	memcpy(all + p->n, p->child, (n + 1) * sizeof *all);
	*p = (struct parsed){.operands = all, .n = p->n + n};
}

int
command_parse(struct ctx *ctx, char **words, struct err *e)
{
	struct opt_set sets[SETS_MOST];
	size_t n;

	ctx->params =
	    ctx->command->opts.n ? arena_alloc(ctx->arena, ctx->command->opts.size) : NULL;
	n = command_sets(ctx->command, ctx, sets);
	if (options_parse(sets, n, words, &ctx->parsed, ctx->arena, e))
		return -1;
	child_to_operands(ctx);
	if (ctx->globals.help || ctx->globals.version)
		return 0;
	if (operands_check(ctx->command, &ctx->parsed, e) || message_check(ctx, e))
		return -1;
	if (ctx->change.message && !*ctx->change.message)
		return err_set(e, ERR_USAGE, "-m: the message is empty");
	if (ctx->globals.at && command_mode(ctx) != MODE_READ)
		return err_set(e, ERR_USAGE, "--at is for commands that only read");
	return 0;
}

int
command_run(struct ctx *ctx, struct err *e)
{
	const struct command *command = ctx->command;

	if (command->each)
		return operands_each(ctx, e);
	if (command->mode != MODE_OPEN && operands_resolve(ctx, e))
		return -1;
	return command->run(ctx, ctx->params, ctx->parsed.operands, e);
}
