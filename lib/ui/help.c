#include "ui/command.h"

#include <ctype.h>
#include <string.h>
#include "base/buf.h"
#include "base/text.h"
#include "rec/rec.h"
#include "ui/internal.h"

#define LINE_WIDTH 79
#define HELP_COLUMN 27

static const char *const count_helps[] = {
    [OPERAND_ONE] = "required",
    [OPERAND_OPTIONAL] = "optional",
    [OPERAND_MANY] = "one or more",
    [OPERAND_ANY] = "any number",
};

void
help_sentence(const char *help, struct buf *out)
{
	size_t n = strlen(help);

	if (!n)
		return;
	buf_byte(out, toupper((unsigned char)help[0]));
	buf_add(out, help + 1, n - 1);
	if (!strchr(".!?", help[n - 1]))
		buf_byte(out, '.');
}

static void
pad_to(struct buf *out, size_t line, size_t column)
{
	size_t at = text_width(out->p + line, out->n - line);

	for (; at < column; at++)
		buf_byte(out, ' ');
}

/* Adds words from the column on, wrapped into lines. `line`: the start of the current line. */
static void
wrap(struct buf *out, size_t line, size_t column, const char *text)
{
	bool first = true;

	for (size_t n; *(text += strspn(text, " ")); text += n) {
		n = strcspn(text, " ");
		if (!first && text_width(out->p + line, out->n - line) + 1 + text_width(text, n) >
				  LINE_WIDTH) {
			buf_byte(out, '\n');
			line = out->n;
			first = true;
		}
		if (first)
			pad_to(out, line, column);
		else
			buf_byte(out, ' ');
		buf_add(out, text, n);
		first = false;
	}
	buf_byte(out, '\n');
}

/* A label that starts at `line`, with its help beside it, or below if the label is long. */
static void
entry(struct buf *out, size_t line, size_t column, const char *help)
{
	if (text_width(out->p + line, out->n - line) + 2 > column) {
		buf_byte(out, '\n');
		line = out->n;
	}
	wrap(out, line, column, help);
}

void
help_usage(const struct command *command, struct buf *out)
{
	buf_printf(out, "gcs %s [OPTION]...", command->name);
	for (size_t i = 0; i < command->operands.n; i++) {
		buf_byte(out, ' ');
		operand_text(&command->operands.v[i], out);
	}
	if (command->flags & CMD_CHILD)
		buf_text(out, " [-- COMMAND...]");
}

static void
operands_help(const struct command *command, struct buf *out)
{
	size_t line;

	if (!command->operands.n && !(command->flags & CMD_CHILD))
		return;
	buf_text(out, "\nOperands:\n");
	for (size_t i = 0; i < command->operands.n; i++) {
		const struct operand *o = &command->operands.v[i];

		line = out->n;
		buf_printf(out, "  %s", o->name);
		entry(out, line, HELP_COLUMN, count_helps[o->count]);
	}
	if (!(command->flags & CMD_CHILD))
		return;
	line = out->n;
	buf_text(out, "  -- COMMAND");
	entry(out, line, HELP_COLUMN, "command and its arguments");
}

static void
option_help(const struct opt *o, char letter, struct buf *out)
{
	struct buf help = {.arena = out->arena};
	const struct enums *names = o->kind == OPT_CHOICE ? o->sub : NULL;
	size_t line = out->n;

	if (letter)
		buf_printf(out, "  -%c, --%s", letter, o->name);
	else
		buf_printf(out, "      --%s", o->name);
	if (o->argument)
		buf_printf(out, "=%s", o->argument);

	buf_text(&help, o->help);
	for (size_t i = 0; names && i < names->n; i++)
		buf_printf(&help, "%s%s", i ? ", " : ": ", names->v[i].name);
	entry(out, line, HELP_COLUMN, buf_string(&help));
}

void
help_command(
    const struct command *command, const struct opt_set *sets, size_t nsets, struct buf *out)
{
	struct buf sentence = {.arena = out->arena};

	buf_text(out, "Usage: ");
	help_usage(command, out);
	buf_text(out, "\n\n");
	help_sentence(command->help, &sentence);
	wrap(out, out->n, 0, buf_string(&sentence));
	operands_help(command, out);
	for (size_t i = 0; i < nsets; i++) {
		if (!sets[i].opts.n)
			continue;
		buf_printf(out, "\n%s:\n", sets[i].title);
		for (size_t k = 0; k < sets[i].opts.n; k++)
			if (opt_is_reached(sets, nsets, &sets[i].opts.v[k]))
				option_help(&sets[i].opts.v[k],
				    opt_letter(sets, nsets, &sets[i].opts.v[k]), out);
	}
}

static bool
is_shown(const struct command *command)
{
	return !(command->flags & CMD_HIDDEN);
}

static size_t
names_width(const struct commands *commands)
{
	size_t width = 0;

	for (size_t i = 0; i < commands->n; i++)
		if (is_shown(commands->v[i]) && strlen(commands->v[i]->name) > width)
			width = strlen(commands->v[i]->name);
	return width;
}

static void
command_line(const struct command *command, size_t width, struct buf *out)
{
	size_t line = out->n;

	buf_printf(out, "  %s", command->name);
	entry(out, line, width + 4, command->help);
}

static bool
same_noun(const struct command *a, const struct command *b)
{
	return command_verb(a) && command_verb(b) && command_noun(a) == command_noun(b) &&
	       strncmp(a->name, b->name, command_noun(a)) == 0;
}

/* The commands of a noun, if `first` is its first command. */
static void
noun_group(const struct commands *commands, const struct command *const *first, size_t width,
    struct buf *out)
{
	if (!is_shown(*first) || !command_verb(*first))
		return;
	for (const struct command *const *c = commands->v; c < first; c++)
		if (is_shown(*c) && same_noun(*c, *first))
			return;
	buf_printf(out, "\n%.*s:\n", (int)command_noun(*first), (*first)->name);
	for (const struct command *const *c = first; c < commands->v + commands->n; c++)
		if (is_shown(*c) && same_noun(*c, *first))
			command_line(*c, width, out);
}

void
help_overview(const struct commands *commands, struct buf *out)
{
	size_t width = names_width(commands);
	bool any = false;

	buf_text(out, "Usage: gcs COMMAND [OPTION]... [OPERAND]...\n");
	for (const struct command *const *c = commands->v; c < commands->v + commands->n; c++) {
		if (!is_shown(*c) || command_verb(*c))
			continue;
		buf_text(out, any ? "" : "\nCommands:\n");
		command_line(*c, width, out);
		any = true;
	}
	for (const struct command *const *c = commands->v; c < commands->v + commands->n; c++)
		noun_group(commands, c, width, out);
	buf_text(out, "\nFor one of them: gcs help COMMAND\n");
}

void
help_noun(const struct commands *commands, const char *noun, struct buf *out)
{
	size_t width = names_width(commands);

	buf_printf(out, "Usage: gcs %s COMMAND [OPTION]... [OPERAND]...\n\n", noun);
	for (size_t i = 0; i < commands->n; i++)
		if (is_shown(commands->v[i]) && command_has_noun(commands->v[i], noun))
			command_line(commands->v[i], width, out);
}
