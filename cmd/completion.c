/* completion: the scripts for shells, and the answers to what they ask. */
#include "cmd.h"

#include <stdio.h>
#include <string.h>

#include "cluster/config.h"
#include "ui/complete.h"

struct asking {
	struct ctx *ctx;
	const char *source, *prefix;
	struct buf *out;
};

static void
offer(const struct asking *a, const char *value, const char *help)
{
	if (!strncmp(value, a->prefix, strlen(a->prefix)))
		buf_printf(a->out, "%s\t%s\n", value, help ? help : "");
}

static void
offer_enum(const struct asking *a, const struct enum_name *names)
{
	for (; names->name; names++)
		offer(a, names->name, names->help);
}

/* Living records of a kind by name, at most 1000. */
static int
offer_records(struct ctx *ctx, const struct asking *a, const struct kind *kind, struct err *e)
{
	struct slice key, row, all = {NULL, 0};
	struct scan scan;
	int got, n = 0;

	if (scan_open(&scan, ctx->cluster->txn, kind->table, all, all, false, e))
		return -1;
	while (n < 1000 && (got = scan_next(&scan, &key, &row, e)) > 0) {
		void *record = arena_alloc(ctx->turn, kind->rec->size);
		const char *name;

		if (rec_decode(kind->rec, record, row, ctx->turn, e))
			break;
		if (record_ended(kind, record))
			continue;
		name = kind->letter ? record_label(kind, record, ctx->turn)
				    : record_text(kind, record, "key");
		if (strncmp(name, a->prefix, strlen(a->prefix)) != 0)
			continue;
		offer(a, name, record_state(kind, record) ? kind->name : "");
		n++;
	}
	scan_close(&scan);
	return 0;
}

static int
live_body(struct ctx *ctx, void *argument, struct err *e)
{
	const struct asking *a = argument;
	const struct kind *kind = kind_named(!strcmp(a->source, "record") ? "node" : a->source);

	return kind ? offer_records(ctx, a, kind, e) : 0;
}

static void
offer_fields(const struct asking *a)
{
	const struct field *f;
	const struct kind *k;

	for (k = kinds; k->number; k++)
		for (f = k->rec->fields; f < k->rec->fields + k->rec->n; f++)
			offer(a, f->name, f->help);
}

static void
offer_commands(const struct asking *a)
{
	size_t i;

	for (i = 0; commands[i]; i++)
		if (!(commands[i]->flags & CMD_HIDDEN))
			offer(a, commands[i]->name, commands[i]->help);
}

/* Values of one source. What a store knows is asked of it, if there is one; silence otherwise: this
 * is a hint. */
static void
values(void *argument, const char *source, const char *prefix, struct buf *out)
{
	static const char *const formats[] = {
	    "table", "wide", "json", "jsonl", "tsv", "id", "name", "env", "fmt="};
	struct asking a = {argument, source, prefix, out};
	struct err ignored = {0};
	size_t i;

	if (!strcmp(source, "type"))
		offer_enum(&a, event_types);
	else if (!strcmp(source, "kind"))
		offer_enum(&a, kind_names);
	else if (!strcmp(source, "command"))
		offer_commands(&a);
	else if (!strcmp(source, "field"))
		offer_fields(&a);
	else if (!strcmp(source, "shell"))
		for (i = 0; i < 3; i++)
			offer(&a, (const char *const[]){"bash", "zsh", "fish"}[i], "");
	else if (!strcmp(source, "format"))
		for (i = 0; i < sizeof formats / sizeof *formats; i++)
			offer(&a, formats[i], "");
	else if (!strcmp(source, "setting"))
		for (i = 0; i < SETTINGS; i++)
			offer(&a, settings[i].key, settings[i].help);
	else if (a.ctx->store || !ctx_open(a.ctx, true, &ignored))
		ctx_read(a.ctx, live_body, &a, &ignored);
}

static size_t
sets_of(const struct command *command, struct opt_set *sets)
{
	static const struct ctx nobody;

	return command_sets(command, (struct ctx *)&nobody, sets);
}

/* -D before the cursor says whose records to offer. */
static void
dir_find(struct ctx *ctx, char **words)
{
	for (; words[0] && words[1]; words++)
		if ((!strcmp(words[0], "-D") || !strcmp(words[0], "--dir")) && words[1][0])
			ctx->globals.dir = words[1];
}

static int
run_complete(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct buf text = {.arena = ctx->arena};

	(void)params;
	(void)e;
	ctx->globals.quiet = true;
	dir_find(ctx, operands);
	complete_words(commands, operands, sets_of, values, ctx, ctx->arena, &text);
	if (text.n)
		out_add(ctx->out, text.p, text.n);
	return 0;
}

static int
run_completion(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const char *script = complete_script(operands[0]);

	(void)params;
	if (!script)
		return err_value(e, ERR_USAGE, operands[0],
		    "no completion for shell '%s' (bash, zsh, fish)", operands[0]);
	out_text(ctx->out, script);
	return 0;
}

static const struct operand shells[] = {{"SHELL", OPERAND_ONE, "shell"}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_completion = {"completion", "print the completion script of a shell",
    MODE_NONE, 0, shells, NULL, 0, run_completion, NULL, 0, NULL};
const struct command cmd_complete = {"__complete", "answer a completion script", MODE_NONE,
    CMD_HIDDEN | CMD_RAW, NULL, NULL, 0, run_complete, NULL, 0, NULL};
