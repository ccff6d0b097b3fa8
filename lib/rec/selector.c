#include "rec/filter.h"

#include <string.h>
#include "base/arena.h"
#include "base/err.h"

enum demand_kind { HAS, LACKS, IN, NOT_IN };

/* A selector is a list of conditions on one label each; all must hold. */
struct selector {
	struct selector *next;
	enum demand_kind kind;
	const char *key;
	struct texts values;
};

struct selector_text {
	const char *all, *at;
	struct arena *arena;
};

static int
selector_wrong(const struct selector_text *t, const char *why, struct err *e)
{
	return err_value(e, ERR_USAGE, t->all, "invalid selector '%s': %s", t->all, why);
}

static void
skip_spaces(struct selector_text *t)
{
	t->at += strspn(t->at, " \t");
}

static bool
take(struct selector_text *t, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(t->at, word, n))
		return false;
	t->at += n;
	skip_spaces(t);
	return true;
}

/* The text before any of `ends`, without surrounding spaces. */
static const char *
take_until(struct selector_text *t, const char *ends)
{
	size_t n = strcspn(t->at, ends), used = n;
	const char *start = t->at;

	while (used && (start[used - 1] == ' ' || start[used - 1] == '\t'))
		used--;
	t->at += n;
	return arena_strndup(t->arena, start, used);
}

/* A key and the spaces after it; the rules for keys are those of label_parse. */
static int
take_key(struct selector_text *t, const char **key, struct err *e)
{
	size_t n = strcspn(t->at, " \t=!,()");
	struct label label;
	struct err ignored;

	if (label_parse(arena_printf(t->arena, "%.*s=", (int)n, t->at), &label, t->arena, &ignored))
		return selector_wrong(t, "expected a label", e);
	*key = label.key;
	t->at += n;
	skip_spaces(t);
	return 0;
}

static void
add_value(struct texts *values, const char *value, struct arena *a)
{
	const char **v = arena_alloc(a, (values->n + 1) * sizeof *v);

	if (values->n)
		memcpy(v, values->v, values->n * sizeof *v);
	v[values->n++] = value;
	values->v = v;
}

static int
take_set(struct selector_text *t, struct texts *values, struct err *e)
{
	if (!take(t, "("))
		return selector_wrong(t, "expected '(' after in or notin", e);
	do {
		const char *value = take_until(t, ",()");

		if (!*value)
			return selector_wrong(t, "a value is missing", e);
		add_value(values, value, t->arena);
	} while (take(t, ","));
	return take(t, ")") ? 0 : selector_wrong(t, "expected ')'", e);
}

static int
take_one(struct selector_text *t, struct selector *s, enum demand_kind kind, struct err *e)
{
	s->kind = kind;
	add_value(&s->values, take_until(t, ",()"), t->arena);
	return *t->at && *t->at != ',' ? selector_wrong(t, "unexpected bracket", e) : 0;
}

/* The words in and notin end at a space or a bracket: 'k inner' is wrong, not 'k in ner'. */
static bool
take_word(struct selector_text *t, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(t->at, word, n) || !strchr(" \t(", t->at[n]))
		return false;
	return take(t, word);
}

static int
take_demand(struct selector_text *t, struct selector *s, struct err *e)
{
	bool lacks = take(t, "!");

	if (take_key(t, &s->key, e))
		return -1;
	s->kind = lacks ? LACKS : HAS;
	if (!*t->at || *t->at == ',')
		return 0;
	if (lacks)
		return selector_wrong(t, "nothing may follow !KEY", e);
	if (take(t, "!="))
		return take_one(t, s, NOT_IN, e);
	if (take(t, "="))
		return take_one(t, s, IN, e);
	s->kind = take_word(t, "notin") ? NOT_IN : IN;
	if (s->kind == IN && !take_word(t, "in"))
		return selector_wrong(t, "expected = != in or notin", e);
	return take_set(t, &s->values, e);
}

int
selector_parse(struct selector **selector, const char *text, struct arena *a, struct err *e)
{
	struct selector_text t = {text, text, a};
	struct selector **last = selector;

	*selector = NULL;
	do {
		*last = arena_alloc(a, sizeof **last);
		skip_spaces(&t);
		if (take_demand(&t, *last, e))
			return -1;
		last = &(*last)->next;
	} while (take(&t, ","));
	return *t.at ? selector_wrong(&t, "expected ','", e) : 0;
}

static bool
is_among(const char *value, const struct texts *values)
{
	for (size_t i = 0; i < values->n; i++)
		if (!strcmp(value, values->v[i]))
			return true;
	return false;
}

static bool
demand_holds(const struct selector *s, const struct labels *labels)
{
	const char *value = labels_get(labels, s->key);

	switch (s->kind) {
	case HAS:
		return value != NULL;
	case LACKS:
		return !value;
	case IN:
		return value && is_among(value, &s->values);
	case NOT_IN:
		return !value || !is_among(value, &s->values);
	}
	return false;
}

bool
selector_match(const struct selector *selector, const struct labels *labels)
{
	for (; selector; selector = selector->next)
		if (!demand_holds(selector, labels))
			return false;
	return true;
}
