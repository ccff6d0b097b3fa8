#include "ui/complete.h"

#include <string.h>
#include "base/arena.h"
#include "base/buf.h"
#include "rec/enums.h"
#include "rec/rec.h"
#include "ui/internal.h"

typedef size_t sets_function(const struct command *, struct opt_set *);

struct completion {
	const struct commands *commands;
	sets_function *sets_of;
	complete_source *source;
	void *argument;
	struct arena *arena;
	struct buf *out;

	/* The result of parsing the words before the cursor. */
	const char *noun;	       /* the first word of a command whose second is expected */
	const struct command *command; /* NULL: not known yet */
	size_t operands;
	const struct opt *pending; /* expects its value */
	bool ended;		   /* after --, or after an unknown command */
	struct opt_set sets[COMPLETE_SETS];
	size_t nsets;
};

static void
candidate(struct completion *c, const char *head, const char *value, size_t n, const char *help)
{
	buf_text(c->out, head);
	buf_add(c->out, value, n);
	buf_byte(c->out, '\t');
	buf_text(c->out, help);
	buf_byte(c->out, '\n');
}

static bool
begins_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void
command_known(struct completion *c, const struct command *command)
{
	c->command = command;
	c->nsets = c->sets_of(command, c->sets);
}

static const struct command *
command_exact(const struct completion *c, const char *noun, const char *verb)
{
	for (const struct command *const *p = c->commands->v; p < c->commands->v + c->commands->n;
	     p++) {
		const char *its = command_verb(*p);

		if (!verb && !its && strcmp((*p)->name, noun) == 0)
			return *p;
		if (verb && its && command_has_noun(*p, noun) && strcmp(its, verb) == 0)
			return *p;
	}
	return NULL;
}

static bool
is_noun(const struct completion *c, const char *word)
{
	for (const struct command *const *p = c->commands->v; p < c->commands->v + c->commands->n;
	     p++)
		if (command_has_noun(*p, word))
			return true;
	return false;
}

static void
first_word(struct completion *c, const char *word)
{
	const struct command *single = command_exact(c, word, NULL);

	c->ended = !single;
	if (single)
		command_known(c, single);
	if (!is_noun(c, word))
		return;
	/* It may be either; the next word decides. */
	c->ended = false;
	c->noun = word;
	c->command = NULL;
}

static void
second_word(struct completion *c, const char *word)
{
	const struct command *both = command_exact(c, c->noun, word);
	const struct command *single = command_exact(c, c->noun, NULL);

	if (both) {
		command_known(c, both);
	} else if (single) {
		command_known(c, single);
		c->operands = 1;
	} else {
		c->ended = true;
	}
}

static void
read_option(struct completion *c, const char *word)
{
	const struct opt *o;

	if (word[1] == '-') {
		o = opt_by_name(c->sets, c->nsets, word + 2, strcspn(word + 2, "="), NULL);
		if (o && o->kind != OPT_FLAG && !strchr(word, '='))
			c->pending = o;
		return;
	}
	while (*++word) {
		o = opt_by_letter(c->sets, c->nsets, *word, NULL);
		if (!o || o->kind != OPT_FLAG) {
			c->pending = o && !word[1] ? o : NULL;
			return;
		}
	}
}

static void
read_word(struct completion *c, const char *word)
{
	if (c->pending)
		c->pending = NULL;
	else if (strcmp(word, "--") == 0)
		c->ended = true;
	else if (word[0] == '-' && word[1])
		read_option(c, word);
	else if (c->command)
		c->operands++;
	else if (c->noun)
		second_word(c, word);
	else
		first_word(c, word);
}

/* Adds the values of a source, with head prefixed to every line. */
static void
source_lines(struct completion *c, const char *source, const char *head, const char *prefix)
{
	struct buf lines = {.arena = c->arena};
	size_t n;

	c->source(c->argument, source, prefix, &lines);
	for (const char *p = buf_string(&lines); *p; p += n) {
		n = strcspn(p, "\n");
		n += p[n] == '\n';
		if (n > 1)
			buf_text(c->out, head);
		buf_add(c->out, p, n);
	}
}

static void
source_values(struct completion *c, const char *source, const char *head, const char *prefix)
{
	const char *comma = strrchr(prefix, ',');
	size_t n = 0;

	if (strcmp(source, "file") == 0 || strcmp(source, "dir") == 0) {
		buf_printf(c->out, "\t%s\n", source);
		return;
	}
	if (comma)
		n = (size_t)(comma + 1 - prefix);
	else if (strcmp(source, "field") == 0 && *prefix == '-')
		n = 1;
	head = arena_printf(c->arena, "%s%.*s", head, (int)n, prefix);
	source_lines(c, source, head, prefix + n);
}

static void
option_values(struct completion *c, const struct opt *o, const char *head, const char *prefix)
{
	const struct enums *names = o->kind == OPT_CHOICE ? o->sub : NULL;

	for (size_t i = 0; names && i < names->n; i++) {
		const struct enum_name *n = &names->v[i];

		if (begins_with(n->name, prefix))
			candidate(c, head, n->name, strlen(n->name), n->help);
	}
	if (o->kind != OPT_CHOICE && o->completes)
		source_values(c, o->completes, head, prefix);
}

static void
letter_candidate(struct completion *c, const struct opt *o, const char *prefix)
{
	if (strcmp(prefix, "-") == 0 && opt_letter(c->sets, c->nsets, o))
		candidate(c, "-", &o->letter, 1, o->help);
}

static void
option_names(struct completion *c, const char *prefix)
{
	for (size_t i = 0; i < c->nsets; i++) {
		for (size_t k = 0; k < c->sets[i].opts.n; k++) {
			const struct opt *o = &c->sets[i].opts.v[k];
			const char *name = arena_printf(c->arena, "--%s", o->name);

			letter_candidate(c, o, prefix);
			/* a name in an earlier set means that one */
			if (begins_with(name, prefix) && opt_is_reached(c->sets, c->nsets, o))
				candidate(c, "", name, strlen(name), o->help);
		}
	}
}

/* "--state=AL", "-ojs", "--sta" */
static void
complete_option(struct completion *c, const char *word)
{
	size_t n = strcspn(word, "=");
	const struct opt *o;

	if (word[1] == '-' && word[n]) {
		o = opt_by_name(c->sets, c->nsets, word + 2, n - 2, NULL);
		if (o)
			option_values(c, o, arena_strndup(c->arena, word, n + 1), word + n + 1);
		return;
	}
	o = word[1] && word[2] ? opt_by_letter(c->sets, c->nsets, word[1], NULL) : NULL;
	if (o && o->kind != OPT_FLAG)
		option_values(c, o, arena_strndup(c->arena, word, 2), word + 2);
	else
		option_names(c, word);
}

static bool
is_offered(const struct completion *c, const struct command *const *command)
{
	size_t n = command_noun(*command);

	for (const struct command *const *p = c->commands->v; p < command; p++)
		if (!((*p)->flags & CMD_HIDDEN) && command_noun(*p) == n &&
		    strncmp((*p)->name, (*command)->name, n) == 0)
			return true;
	return false;
}

/* The verbs of a noun, shown in place of a command's help. */
static const char *
noun_help(const struct completion *c, const char *noun)
{
	struct buf verbs = {.arena = c->arena};

	for (const struct command *const *p = c->commands->v; p < c->commands->v + c->commands->n;
	     p++)
		if (!((*p)->flags & CMD_HIDDEN) && command_has_noun(*p, noun))
			buf_printf(&verbs, "%s%s", verbs.n ? ", " : "", command_verb(*p));
	return buf_string(&verbs);
}

static void
command_words(struct completion *c, const char *prefix)
{
	for (const struct command *const *p = c->commands->v; p < c->commands->v + c->commands->n;
	     p++) {
		const char *word = arena_strndup(c->arena, (*p)->name, command_noun(*p));
		const struct command *single = command_exact(c, word, NULL);

		if ((*p)->flags & CMD_HIDDEN || !begins_with(word, prefix) || is_offered(c, p))
			continue;
		candidate(c, "", word, strlen(word), single ? single->help : noun_help(c, word));
	}
}

static void
verb_words(struct completion *c, const char *prefix)
{
	for (const struct command *const *p = c->commands->v; p < c->commands->v + c->commands->n;
	     p++)
		if (!((*p)->flags & CMD_HIDDEN) && command_has_noun(*p, c->noun) &&
		    begins_with(command_verb(*p), prefix))
			candidate(c, "", command_verb(*p), strlen(command_verb(*p)), (*p)->help);
}

static const char *
operand_source(const struct operand *o)
{
	if (o->completes || !o->kind)
		return o->completes;
	return o->kind == ANY_KIND ? "record" : enum_text(&kind_names, (unsigned)o->kind);
}

static void
operand_values(struct completion *c, const struct command *command, const char *prefix)
{
	size_t n = c->operands;

	for (size_t i = 0; i < command->operands.n; i++) {
		const struct operand *o = &command->operands.v[i];

		if (i < n && o->count != OPERAND_MANY && o->count != OPERAND_ANY)
			continue;
		if (operand_source(o))
			source_values(c, operand_source(o), "", prefix);
		return;
	}
}

static void
complete_plain(struct completion *c, const char *word)
{
	size_t before = c->out->n;
	const struct command *single;

	if (!c->command && !c->noun) {
		command_words(c, word);
		return;
	}
	if (!c->command) {
		single = command_exact(c, c->noun, NULL);
		verb_words(c, word);
		if (single)
			operand_values(c, single, word);
		return;
	}
	operand_values(c, c->command, word);
	if (c->out->n == before && !*word)
		option_names(c, "--");
}

void
complete_words(const struct commands *commands, char **words, sets_function *sets_of,
    complete_source *source, void *argument, struct buf *out)
{
	struct completion c = {.commands = commands,
	    .sets_of = sets_of,
	    .source = source,
	    .argument = argument,
	    .arena = out->arena,
	    .out = out};
	const char *last = "";

	c.nsets = sets_of(NULL, c.sets);
	for (; *words; words++) {
		last = *words;
		if (words[1])
			read_word(&c, last);
	}
	if (c.ended)
		return;
	if (c.pending)
		option_values(&c, c.pending, "", last);
	else if (*last == '-')
		complete_option(&c, last);
	else
		complete_plain(&c, last);
}
