/* help, version, and the parts of the manual pages that are made from the tables. */
#include "core/cmd.h"

#include <string.h>

static const struct command *
find(struct ctx *ctx, char **operands, size_t *used, struct err *e)
{
	const struct command *command = command_find(ctx->commands, operands, used, e);

	if (!command)
		return NULL;
	if (!operands[*used])
		return command;
	err_value(e, ERR_USAGE, operands[*used], "no command is called '%s %s'", operands[0],
	    operands[*used]);
	return NULL;
}

static int
run_help(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct buf text = {.arena = ctx->arena};
	struct opt_set sets[SETS_MOST];
	const struct command *command;
	size_t used, i, n;

	(void)params;
	if (!operands[0]) {
		help_overview(ctx->commands, &text);
		out_add(ctx->out, text.p, text.n);
		return 0;
	}
	n = strlen(operands[0]);
	for (i = 0; !operands[1] && i < ctx->commands->n; i++)
		if (!strncmp(ctx->commands->v[i]->name, operands[0], n) &&
		    ctx->commands->v[i]->name[n] == ' ') {
			help_noun(ctx->commands, operands[0], &text);
			out_add(ctx->out, text.p, text.n);
			return 0;
		}
	command = find(ctx, operands, &used, e);
	if (!command)
		return -1;
	help_command(command, sets, command_sets(command, NULL, sets), &text);
	out_add(ctx->out, text.p, text.n);
	return 0;
}

static int
run_version(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	(void)params;
	(void)operands;
	(void)e;
	if (ctx_json(ctx))
		out_printf(ctx->out, "{\"v\":1,\"version\":\"%s\",\"format\":%d}\n", GCS_VERSION,
		    STORE_FORMAT);
	else
		out_printf(ctx->out, "gcs %s\n", GCS_VERSION);
	return 0;
}

/* The names of all commands, with their help or their modes. */
static void
print_names(struct ctx *ctx, bool modes)
{
	static const char *const names[] = {
	    [MODE_NONE] = "none",
	    [MODE_READ] = "read",
	    [MODE_WRITE] = "write",
	    [MODE_OPEN] = "open",
	};
	size_t i;

	for (i = 0; i < ctx->commands->n; i++) {
		const struct command *c = ctx->commands->v[i];

		if (c->flags & CMD_HIDDEN)
			continue;
		if (modes)
			out_printf(ctx->out, "%s\t%s%s\n", c->name, names[c->mode],
			    c->flags & CMD_STANDS ? " stands" : "");
		else
			out_printf(ctx->out, "%s\t%s\n", c->name, c->help);
	}
}

/*
 * `__pages`: names of all commands; `__pages modes`: their modes; `__pages synopsis|options
 * COMMAND`: the parts of a command's page from its table; `__pages options`: the global options.
 */
static int
run_pages(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct buf text = {.arena = ctx->arena};
	struct opt_set sets[SETS_MOST];
	const struct command *command;
	size_t used;

	(void)params;
	if (!operands[0] || !strcmp(operands[0], "modes")) {
		print_names(ctx, operands[0] != NULL);
		return 0;
	}
	command = operands[1] ? find(ctx, operands + 1, &used, e) : NULL;
	if (operands[1] && !command)
		return -1;
	if (!command)
		mdoc_options(sets, command_sets(NULL, NULL, sets), &text);
	else if (!strcmp(operands[0], "synopsis"))
		mdoc_synopsis(command, &text);
	else
		mdoc_options(sets, command_sets(command, NULL, sets) - 1, &text);
	if (text.n)
		out_add(ctx->out, text.p, text.n);
	return 0;
}

const struct command cmd_help = {
    .name = "help",
    .help = "list the commands, or show how one is used",
    .mode = MODE_NONE,
    .operands = OPERANDS({.name = "COMMAND", .count = OPERAND_ANY, .completes = "command"}),
    .run = run_help,
};
const struct command cmd_version = {
    .name = "version",
    .help = "show the version",
    .mode = MODE_NONE,
    .run = run_version,
};
const struct command cmd_pages = {
    .name = "__pages",
    .help = "parts of manual pages",
    .mode = MODE_NONE,
    .flags = CMD_HIDDEN,
    .operands = OPERANDS({.name = "COMMAND", .count = OPERAND_ANY, .completes = "command"}),
    .run = run_pages,
};
