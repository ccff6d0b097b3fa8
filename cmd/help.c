/* help, version, and the parts of the manual pages that follow from the tables. */
#include "cmd.h"

#include <string.h>

static const struct command *
find(char **operands, size_t *used, struct err *e)
{
	const struct command *command = command_find(commands, operands, used, e);

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
	struct ctx other = {.arena = ctx->arena};
	struct opt_set sets[SETS_MOST];
	const struct command *command;
	size_t used, i, n;

	(void)params;
	if (!operands[0]) {
		help_overview(commands, &text);
		out_add(ctx->out, text.p, text.n);
		return 0;
	}
	n = strlen(operands[0]);
	for (i = 0; !operands[1] && commands[i]; i++)
		if (!strncmp(commands[i]->name, operands[0], n) && commands[i]->name[n] == ' ') {
			help_noun(commands, operands[0], &text);
			out_add(ctx->out, text.p, text.n);
			return 0;
		}
	command = find(operands, &used, e);
	if (!command)
		return -1;
	help_command(command, sets, command_sets(command, &other, sets), &text);
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

/* `__pages`: names of all commands; `__pages synopsis|options COMMAND`: what the page of a command
 * takes from its table; `__pages options`: the global options. */
static int
run_pages(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct buf text = {.arena = ctx->arena};
	struct ctx other = {.arena = ctx->arena};
	struct opt_set sets[SETS_MOST];
	const struct command *command;
	size_t used, i;

	(void)params;
	for (i = 0; !operands[0] && commands[i]; i++)
		if (!(commands[i]->flags & CMD_HIDDEN))
			out_printf(ctx->out, "%s\t%s\n", commands[i]->name, commands[i]->help);
	if (!operands[0])
		return 0;
	command = operands[1] ? find(operands + 1, &used, e) : NULL;
	if (operands[1] && !command)
		return -1;
	if (!command)
		mdoc_options(sets, command_sets(NULL, &other, sets), &text);
	else if (!strcmp(operands[0], "synopsis"))
		mdoc_synopsis(command, &text);
	else
		mdoc_options(sets, command_sets(command, &other, sets) - 1, &text);
	if (text.n)
		out_add(ctx->out, text.p, text.n);
	return 0;
}

static const struct operand words[] = {
    {"COMMAND", OPERAND_ANY, "command"}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_help = {"help", "list the commands, or show how one is used",
    MODE_NONE, 0, words, NULL, 0, run_help, NULL, 0, NULL};
const struct command cmd_version = {
    "version", "show the version", MODE_NONE, 0, NULL, NULL, 0, run_version, NULL, 0, NULL};
const struct command cmd_pages = {"__pages", "parts of manual pages", MODE_NONE, CMD_HIDDEN, words,
    NULL, 0, run_pages, NULL, 0, NULL};
