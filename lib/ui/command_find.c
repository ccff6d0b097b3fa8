#include "ui/command.h"

#include <string.h>
#include "base/err.h"
#include "ui/internal.h"

size_t
command_noun(const struct command *command)
{
	return strcspn(command->name, " ");
}

const char *
command_verb(const struct command *command)
{
	const char *space = strchr(command->name, ' ');

	return space ? space + 1 : NULL;
}

bool
command_has_noun(const struct command *command, const char *noun)
{
	size_t n = strlen(noun);

	return strncmp(command->name, noun, n) == 0 && command->name[n] == ' ';
}

static bool
noun_exists(const struct commands *commands, const char *noun)
{
	for (size_t i = 0; i < commands->n; i++)
		if (!(commands->v[i]->flags & CMD_HIDDEN) && command_has_noun(commands->v[i], noun))
			return true;
	return false;
}

static int
noun_incomplete(const struct commands *commands, const char *noun, struct err *e)
{
	char verbs[512] = "";

	for (size_t i = 0; i < commands->n; i++) {
		if (commands->v[i]->flags & CMD_HIDDEN || !command_has_noun(commands->v[i], noun))
			continue;
		strncat(verbs, *verbs ? ", " : "", sizeof verbs - strlen(verbs) - 1);
		strncat(verbs, command_verb(commands->v[i]), sizeof verbs - strlen(verbs) - 1);
	}
	return err_value(e, ERR_USAGE, noun, "%s: what of it? %s", noun, verbs);
}

static int
verb_unknown(const struct commands *commands, const char *noun, const char *verb, struct err *e)
{
	struct nearest near = {.typed = verb};

	for (size_t i = 0; i < commands->n; i++)
		if (!(commands->v[i]->flags & CMD_HIDDEN) && command_has_noun(commands->v[i], noun))
			nearest_offer(&near, command_verb(commands->v[i]),
			    strlen(command_verb(commands->v[i])));
	if (!near.name)
		return err_value(e, ERR_USAGE, verb, "unknown command '%s %s'", noun, verb);
	return err_value(e, ERR_USAGE, verb, "unknown command '%s %s': did you mean '%s %s'?", noun,
	    verb, noun, near.name);
}

static void
verb_offer(struct nearest *near, const struct command *command)
{
	const char *verb = command_verb(command);

	if (!verb)
		return;
	nearest_offer(near, verb, strlen(verb));
	if (near->name != verb)
		return;
	near->name = command->name;
	near->n = strlen(command->name);
}

/* "nod" for a noun or command, "node-list" for two words, "register" for the verb of one noun. */
static int
word_unknown(const struct commands *commands, const char *word, struct err *e)
{
	struct nearest near = {.typed = word};

	for (size_t i = 0; i < commands->n; i++) {
		const struct command *c = commands->v[i];

		if (c->flags & CMD_HIDDEN)
			continue;
		nearest_offer(&near, c->name, command_noun(c));
		nearest_offer(&near, c->name, strlen(c->name));
		verb_offer(&near, c);
	}
	if (!near.name)
		return err_value(e, ERR_USAGE, word, "unknown command '%s'", word);
	return err_value(e, ERR_USAGE, word, "unknown command '%s': did you mean '%.*s'?", word,
	    (int)near.n, near.name);
}

const struct command *
command_find(const struct commands *commands, char **words, size_t *used, struct err *e)
{
	const struct command *single = NULL;

	if (!words[0]) {
		err_set(e, ERR_USAGE, "no command was given");
		return NULL;
	}
	for (const struct command *const *c = commands->v; c < commands->v + commands->n; c++) {
		if (words[1] && command_has_noun(*c, words[0]) &&
		    strcmp(command_verb(*c), words[1]) == 0) {
			*used = 2;
			return *c;
		}
		if (!command_verb(*c) && strcmp((*c)->name, words[0]) == 0)
			single = *c;
	}
	if (single) {
		*used = 1;
		return single;
	}
	if (!noun_exists(commands, words[0]))
		word_unknown(commands, words[0], e);
	else if (words[1])
		verb_unknown(commands, words[0], words[1], e);
	else
		noun_incomplete(commands, words[0], e);
	return NULL;
}
