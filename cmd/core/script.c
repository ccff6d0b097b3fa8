#include "core/script.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "auth/hash.h"
#include "core/lines.h"
#include "rec/form.h"

enum { LINE_MOST = 16, SCRIPT_MOST = 256 }; /* MiB */

static int
line_words(struct ctx *ctx, char *text, size_t n, char ***words, struct err *e)
{
	struct texts texts = {0};
	size_t i;

	if (*text != '[')
		return lines_words(text, n, words, ctx->arena, e);
	if (texts_from_json(&texts, text, n, ctx->arena, e))
		return -1;
	*words = arena_alloc(ctx->arena, (texts.n + 1) * sizeof **words);
	for (i = 0; i < texts.n; i++)
		(*words)[i] = arena_strdup(ctx->arena, texts.v[i]);
	return 0;
}

/* A leading "g:" labels what the line creates. */
static void
line_label(struct script_line *line)
{
	size_t n = line->words[0] ? strlen(line->words[0]) : 0;

	if (n < 2 || line->words[0][n - 1] != ':')
		return;
	line->label = line->words[0];
	line->words[0][n - 1] = '\0';
	line->words++;
}

static int
line_find(struct ctx *sub, const struct command *guard, char **words, size_t *used, struct err *e)
{
	*used = 1;
	sub->command = guard;
	if (!strcmp(words[0], guard->name))
		return 0;
	sub->command = command_find(sub->commands, words, used, e);
	if (!sub->command)
		return -1;
	if (sub->command->mode != MODE_READ && sub->command->mode != MODE_WRITE)
		return err_set(e, ERR_USAGE, "'%s' is not for batch", sub->command->name);
	return 0;
}

/* Refuses options of a line that belong to the whole batch. */
static int
line_allow(const struct ctx *sub, struct err *e)
{
	if (sub->globals.help || sub->globals.version || sub->globals.at || sub->globals.dir)
		return err_set(
		    e, ERR_USAGE, "-h, --version, --at and -D are not for a line of a batch");
	if (sub->change.dry_run || sub->change.if_plan || sub->change.request_id)
		return err_set(
		    e, ERR_USAGE, "-n, --if-plan and --request-id are for the whole batch");
	return 0;
}

static int
words_parse(struct ctx *sub, char **words, struct err *e)
{
	struct parsed *p = &sub->parsed;

	*p = (struct parsed){.operands = words};
	while (words[p->n])
		p->n++;
	if (!(sub->command->flags & CMD_RAW) &&
	    (command_parse(sub, words, e) || line_allow(sub, e)))
		return -1;
	if (sub->globals.output &&
	    format_parse(sub->globals.output, &sub->style.format, sub->arena, e))
		return -1;
	if (sub->command->prepare && sub->command->prepare(sub, e))
		return -1;
	if (sub->after.expression)
		return err_set(e, ERR_USAGE, "--wait is not for a line of a batch");
	return 0;
}

/* The parsed line lives in the arena. */
static int
line_parse(const struct script *script, struct script_line *line, struct arena *a, struct err *e)
{
	const struct ctx *ctx = script->ctx;
	struct ctx sub = *ctx;
	struct script_style *style;
	size_t used;

	sub.arena = a;
	sub.in_batch = true;
	sub.change = (struct change){.message = ctx->change.message};
	sub.list = (struct list_params){0};
	sub.globals = (struct globals){.quiet = ctx->globals.quiet};
	if (line_find(&sub, script->guard, line->words, &used, e) ||
	    words_parse(&sub, line->words + used, e))
		return -1;
	line->command = sub.command;
	line->parsed = sub.parsed;
	line->params = sub.params;
	line->message = sub.change.message;
	line->if_rev = sub.change.if_rev;
	if (!(sub.command->flags & CMD_LISTS) && !sub.globals.output &&
	    sub.globals.quiet == ctx->globals.quiet)
		return 0;
	style = arena_alloc(a, sizeof *style);
	*style = (struct script_style){sub.globals.quiet, sub.style.format, sub.list};
	line->style = style;
	return 0;
}

struct ctx
script_ctx(const struct ctx *ctx, const struct script_line *line)
{
	struct ctx sub = *ctx;

	sub.in_batch = true;
	sub.command = line->command;
	sub.parsed = line->parsed;
	sub.params = line->params;
	sub.change = (struct change){.message = line->message, .if_rev = line->if_rev};
	sub.list = (struct list_params){0};
	sub.globals = (struct globals){.output = ctx->globals.output, .quiet = ctx->globals.quiet};
	if (line->style) {
		sub.globals.quiet = line->style->quiet;
		sub.style.format = line->style->format;
		sub.list = line->style->list;
	}
	return sub;
}

/* A line that mentions a label (@g) is parsed once the label has its value. */
static bool
mentions_label(const struct script_line *line)
{
	char **w;

	for (w = line->words; *w; w++)
		if ((*w)[0] == '@' && strcmp(*w, "@self") != 0)
			return true;
	return false;
}

static const char *
bound(const struct script_label *l, const char *label)
{
	while (l && strcmp(l->label, label) != 0)
		l = l->before;
	return l ? l->value : NULL;
}

int
script_bind(const struct script *script, struct script_line *line,
    const struct script_label *labels, struct err *e)
{
	struct arena *a = script->ctx->turn;
	size_t i, n = 0;
	char **words;

	if (line->command)
		return 0;
	while (line->words[n])
		n++;
	words = arena_copy(a, line->words, (n + 1) * sizeof *words);
	for (i = 0; i < n; i++) {
		if (words[i][0] != '@' || !strcmp(words[i], "@self"))
			continue;
		if (words[i][1] == '@') { /* @@ escapes a word that begins with @ */
			words[i]++;
			continue;
		}
		if (!bound(labels, words[i] + 1))
			return err_value(e, ERR_USAGE, words[i], "no line before is labelled '%s:'",
			    words[i] + 1);
		words[i] = arena_strdup(a, bound(labels, words[i] + 1));
	}
	line->words = words;
	return line_parse(script, line, a, e);
}

static int
line_take_in(void *argument, char *text, size_t n, size_t number, struct err *e)
{
	struct script *script = argument;
	struct script_line read = {.number = number}, *line;

	while (n && isspace((unsigned char)*text)) {
		text++;
		n--;
	}
	if (!n || *text == '#')
		return 0;
	if (line_words(script->ctx, text, n, &read.words, e))
		return -1;
	if (!read.words[0])
		return 0;
	line_label(&read);
	if (!read.words[0])
		return err_set(e, ERR_USAGE, "a label without a command");
	line = arena_copy(script->ctx->arena, &read, sizeof read);
	*script->end = line;
	script->end = &line->next;
	return mentions_label(line) ? 0 : line_parse(script, line, script->ctx->arena, e);
}

int
script_read(struct ctx *ctx, struct script *script, struct err *e)
{
	char text[HASH_TEXT_SIZE];
	struct hash hash;
	struct lines lines = {.fd = STDIN_FILENO,
	    .line_most = LINE_MOST,
	    .all_most = SCRIPT_MOST,
	    .hash = ctx->change.request_id ? &hash : NULL,
	    .arena = ctx->arena,
	    .take = line_take_in,
	    .argument = script};

	script->ctx = ctx;
	script->end = &script->first;
	if (lines.hash && hash_begin(&hash, e))
		return -1;
	if (lines_read(&lines, e))
		return -1;
	if (!lines.hash)
		return 0;
	hash_end(&hash, text);
	input_call_add_hash(ctx, text);
	return 0;
}
