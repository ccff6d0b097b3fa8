#include "ui/command.h"

#include <ctype.h>
#include <string.h>
#include "base/amount.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/duration.h"
#include "base/err.h"
#include "base/size.h"
#include "rec/rec.h"
#include "ui/internal.h"

struct parse {
	const struct opt_set *sets;
	size_t nsets;
	char **words; /* the words still to be read */
	struct parsed *parsed;
	struct arena *arena;
};

/* An option as typed, for messages: "--limit" or "-n". */
struct typed {
	const struct opt *opt;
	void *to;
	char name[64];
};

static int
labels_add(struct labels *labels, const char *text, struct arena *a, struct err *e)
{
	struct label label = {0};

	if (label_parse(text, &label, a, e))
		return -1;
	labels_set(labels, label.key, label.value, a);
	return 0;
}

static int
number_set(enum opt_kind kind, struct opt_number *to, const char *text, struct err *e)
{
	int (*parse)(const char *, uint64_t *, struct err *) = number_u64;

	if (kind == OPT_DURATION)
		parse = duration_parse;
	else if (kind == OPT_LIFETIME)
		parse = duration_parse_never;
	else if (kind == OPT_SIZE)
		parse = size_parse;
	else if (kind == OPT_REAL)
		parse = amount_parse;
	if (parse(text, &to->value, e))
		return -1;
	to->given = true;
	return 0;
}

static int
value_set(const struct opt *o, void *to, const char *text, struct arena *a, struct err *e)
{
	struct texts *texts = to;

	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)to = true;
		return 0;
	case OPT_TEXT:
		*(const char **)to = text;
		return 0;
	case OPT_TEXTS:
		texts->v = arena_push(a, texts->v, texts->n, sizeof *texts->v);
		texts->v[texts->n++] = text;
		return 0;
	case OPT_U64:
	case OPT_DURATION:
	case OPT_LIFETIME:
	case OPT_SIZE:
	case OPT_REAL:
		return number_set(o->kind, to, text, e);
	case OPT_CHOICE:
		return enum_parse_one(o->sub, text, to, a, e);
	case OPT_AMOUNTS:
		return amounts_parse(text, to, a, e);
	case OPT_LABELS:
		return labels_add(to, text, a, e);
	}
	return 0;
}

static int
option_set(const struct typed *t, const char *text, struct arena *a, struct err *e)
{
	char *to = t->to;

	if (value_set(t->opt, to + t->opt->offset, text, a, e))
		return err_wrap(e, "%s", t->name);
	return 0;
}

/* The value in the next word. */
static int
option_next(struct parse *p, const struct typed *t, struct err *e)
{
	if (!*p->words)
		return err_value(e, ERR_USAGE, t->name, "%s needs a value: %s", t->name,
		    t->opt->argument ? t->opt->argument : "VALUE");
	return option_set(t, *p->words++, p->arena, e);
}

static int
option_unknown(const struct parse *p, const char *word, size_t n, struct err *e)
{
	char *name = arena_strndup(p->arena, word, n);
	struct nearest near = {.typed = name + 2};

	for (size_t i = 0; i < p->nsets; i++)
		for (size_t k = 0; k < p->sets[i].opts.n; k++)
			nearest_offer(
			    &near, p->sets[i].opts.v[k].name, strlen(p->sets[i].opts.v[k].name));
	if (!near.name)
		return err_value(e, ERR_USAGE, name, "unknown option '%s'", name);
	return err_value(e, ERR_USAGE, name, "unknown option '%s': did you mean '--%.*s'?", name,
	    (int)near.n, near.name);
}

static int
letter_unknown(const char *word, char letter, struct err *e)
{
	if (!word[2] || (unsigned char)letter >= 0x80)
		return err_value(e, ERR_USAGE, word, "unknown option '%s'", word);
	return err_value(e, ERR_USAGE, word, "unknown option '-%c' in '%s'", letter, word);
}

static int
long_parse(struct parse *p, const char *word, struct err *e)
{
	size_t n = strcspn(word, "=");
	const struct opt_set *set = NULL;
	struct typed t = {.opt = opt_by_name(p->sets, p->nsets, word + 2, n - 2, &set)};

	if (!t.opt)
		return option_unknown(p, word, n, e);
	t.to = set->to;
	strncat(t.name, word, n < sizeof t.name ? n : sizeof t.name - 1);
	if (t.opt->kind != OPT_FLAG)
		return word[n] ? option_set(&t, word + n + 1, p->arena, e) : option_next(p, &t, e);
	if (word[n])
		return err_value(e, ERR_USAGE, word + n + 1, "%s takes no value, not '%s'", t.name,
		    word + n + 1);
	return option_set(&t, NULL, p->arena, e);
}

/* "-abc", "-ovalue", "-o" with its value in the next word. */
static int
short_parse(struct parse *p, const char *word, struct err *e)
{
	for (const char *c = word + 1; *c; c++) {
		const struct opt_set *set = NULL;
		struct typed t = {
		    .opt = opt_by_letter(p->sets, p->nsets, *c, &set), .name = {'-', *c}};

		if (!t.opt)
			return letter_unknown(word, *c, e);
		t.to = set->to;
		if (t.opt->kind == OPT_FLAG) {
			option_set(&t, NULL, p->arena, e);
			continue;
		}
		return c[1] ? option_set(&t, c + 1, p->arena, e) : option_next(p, &t, e);
	}
	return 0;
}

static bool
is_option(const struct parse *p, const char *word)
{
	if (word[0] != '-' || !word[1])
		return false;
	if (!isdigit((unsigned char)word[1]))
		return true;
	return opt_by_letter(p->sets, p->nsets, word[1], NULL) != NULL;
}

static int
word_parse(struct parse *p, char *word, struct err *e)
{
	if (!is_option(p, word)) {
		p->parsed->operands[p->parsed->n++] = word;
		return 0;
	}
	return word[1] == '-' ? long_parse(p, word, e) : short_parse(p, word, e);
}

int
options_parse(const struct opt_set *sets, size_t nsets, char **words, struct parsed *parsed,
    struct arena *a, struct err *e)
{
	struct parse p = {sets, nsets, words, parsed, a};
	size_t n = 0;

	while (words[n])
		n++;
	*parsed = (struct parsed){.operands = arena_alloc(a, (n + 1) * sizeof *parsed->operands)};
	while (*p.words) {
		char *word = *p.words++;

		if (strcmp(word, "--") == 0) {
			parsed->child = p.words;
			return 0;
		}
		if (word_parse(&p, word, e))
			return -1;
	}
	return 0;
}
