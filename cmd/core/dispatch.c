#include "core/dispatch.h"

#include <string.h>

#include "core/change.h"
#include "core/read.h"

/* word names o, and the value of o is the next word. */
static bool
takes_next(const struct opt *o, const char *word)
{
	if (!o->argument)
		return false;
	return word[1] == '-' ? !strcmp(word + 2, o->name) : word[1] == o->letter;
}

/* The number of leading words that are global options and their values. */
static size_t
leading_options(struct ctx *ctx, char **words)
{
	struct opt_set sets[SETS_MOST];
	size_t i = 0, k;

	command_sets(NULL, ctx, sets);
	while (words[i] && words[i][0] == '-' && words[i][1] && strcmp(words[i], "--")) {
		const char *word = words[i++];
		bool inside = strchr(word, '=') || (word[1] != '-' && word[2]);

		for (k = 0; k < sets[0].opts.n; k++)
			if (takes_next(&sets[0].opts.v[k], word))
				break;
		if (k < sets[0].opts.n && !inside && words[i])
			i++;
	}
	return i;
}

/* --version, or the help for a noun or (NULL) for everything. */
static void
answer_without(struct ctx *ctx, const char *noun)
{
	struct buf text = {.arena = ctx->arena};

	if (ctx->globals.version)
		buf_text(&text, "gcs " GCS_VERSION "\n");
	else if (noun)
		help_noun(ctx->commands, noun, &text);
	else
		help_overview(ctx->commands, &text);
	out_add(ctx->out, text.p, text.n);
}

static bool
is_noun(const struct commands *commands, const char *word)
{
	size_t i, n = strlen(word);

	for (i = 0; i < commands->n; i++)
		if (!strncmp(commands->v[i]->name, word, n) && commands->v[i]->name[n] == ' ')
			return true;
	return false;
}

/* `gcs`, `gcs --help`, `gcs --version`, `gcs node`, `gcs node --help`: no command is named. 1:
 * answered, 0: a command is named. */
static int
without_command(struct ctx *ctx, char **words, size_t lead, struct err *e)
{
	struct opt_set sets[SETS_MOST];
	char **rest = words + lead;
	bool noun = rest[0] && is_noun(ctx->commands, rest[0]) &&
		    (!rest[1] || !strcmp(rest[1], "--help") || !strcmp(rest[1], "-h"));

	if (rest[0] && !noun)
		return 0;
	if (options_parse(sets, command_sets(NULL, ctx, sets), words, &ctx->parsed, ctx->arena, e))
		return -1;
	if (noun && !rest[1] && !ctx->globals.help && !ctx->globals.version)
		return err_value(e, ERR_USAGE, rest[0], "which verb of '%s'? see: gcs %s --help",
		    rest[0], rest[0]);
	answer_without(ctx, noun ? rest[0] : NULL);
	return noun || ctx->globals.help || ctx->globals.version ? 1
								 : err_set(e, ERR_USAGE, "%s", "");
}

/* --version, --help. */
static void
answer_of_command(struct ctx *ctx)
{
	struct opt_set sets[SETS_MOST];
	struct buf text = {.arena = ctx->arena};

	if (ctx->globals.version)
		buf_text(&text, "gcs " GCS_VERSION "\n");
	else
		help_command(ctx->command, sets, command_sets(ctx->command, ctx, sets), &text);
	out_add(ctx->out, text.p, text.n);
}

/* The call as repeats of a request compare it: the name and all words, separated by NUL. */
static struct slice
call_bytes(struct ctx *ctx, char **words)
{
	struct buf call = {.arena = ctx->arena};

	for (; *words; words++)
		buf_add(&call, *words, strlen(*words) + 1);
	return buf_slice(&call);
}

static int
command_begin(struct ctx *ctx, char **words, struct err *e)
{
	ctx->call = call_bytes(ctx, words);
	if (ctx->command->prepare && ctx->command->prepare(ctx, e))
		return -1;
	switch (command_mode(ctx)) {
	case MODE_NONE:
		return command_run(ctx, e);
	case MODE_OPEN:
		if (ctx_open(ctx, ctx->command->flags & CMD_READS, e))
			return -1;
		return command_run(ctx, e);
	case MODE_READ:
		return read_run(ctx, e);
	case MODE_WRITE:
		return change_and_wait(ctx, e);
	}
	return -1;
}

/* The words without the command's name: `lead` options, the name, the rest. */
static char **
words_without_name(struct ctx *ctx, char **words, size_t lead, size_t used)
{
	size_t n = 0;
	char **all;

	while (words[n])
		n++;
	all = arena_copy(ctx->arena, words, (n + 1) * sizeof *all);
	memmove(all + lead, words + lead + used, (n - lead - used + 1) * sizeof *all);
	return all;
}

int
dispatch(struct ctx *ctx, char **words, struct err *e)
{
	size_t lead = leading_options(ctx, words), used;
	int answered;

	style_guess(ctx, words);
	answered = without_command(ctx, words, lead, e);
	if (answered)
		return answered < 0 ? -1 : 0;
	ctx->command = command_find(ctx->commands, words + lead, &used, e);
	if (!ctx->command)
		return -1;
	if (ctx->command->flags & CMD_RAW) {
		ctx->parsed.operands = words + lead + used;
		return command_begin(ctx, words, e);
	}
	if (command_parse(ctx, words_without_name(ctx, words, lead, used), e) || style_set(ctx, e))
		return -1;
	if (ctx->globals.version || ctx->globals.help) {
		answer_of_command(ctx);
		return 0;
	}
	return command_begin(ctx, words, e);
}
