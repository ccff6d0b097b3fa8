#include "rec/rec.h"

#include <string.h>
#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#define LABEL_KEY_MAX 127
#define LABEL_VALUE_MAX 255

/* The position of key, or where to insert it. */
static size_t
label_place(const struct labels *l, const char *key, bool *found)
{
	size_t from = 0, to = l->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (strcmp(l->v[middle].key, key) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	*found = from < l->n && !strcmp(l->v[from].key, key);
	return from;
}

const char *
labels_get(const struct labels *l, const char *key)
{
	bool found;
	size_t i = label_place(l, key, &found);

	return found ? l->v[i].value : NULL;
}

void
labels_set(struct labels *l, const char *key, const char *value, struct arena *a)
{
	bool found;
	size_t i = label_place(l, key, &found), behind = i + found;
	struct label *v;

	if (!found && !value)
		return;
	v = arena_alloc(a, (l->n + 1) * sizeof *v);
	if (i)
		memcpy(v, l->v, i * sizeof *v);
	if (value)
		v[i] = (struct label){arena_strdup(a, key), arena_strdup(a, value)};
	if (behind < l->n)
		memcpy(v + i + (value != NULL), l->v + behind, (l->n - behind) * sizeof *v);
	*l = (struct labels){v, l->n - found + (value != NULL)};
}

static bool
is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool
is_label_key(const char *p, size_t n)
{
	if (!n || n > LABEL_KEY_MAX || !is_alphanumeric(*p))
		return false;
	for (size_t i = 1; i < n; i++)
		if (!is_alphanumeric(p[i]) && !memchr("._/-", p[i], 4))
			return false;
	return true;
}

int
label_parse(const char *text, struct label *label, struct arena *a, struct err *e)
{
	size_t key = strcspn(text, "="), value;

	if (!text[key])
		return err_value(
		    e, ERR_USAGE, text, "invalid label '%s': expected KEY=VALUE", text);
	if (!is_label_key(text, key))
		return err_value(e, ERR_USAGE, text, "invalid label key '%.*s'", (int)key, text);
	value = strlen(text + key + 1);
	if (value > LABEL_VALUE_MAX)
		return err_value(e, ERR_USAGE, text, "label '%.*s': value longer than %d bytes",
		    (int)key, text, LABEL_VALUE_MAX);
	if (!text_is_utf8(text + key + 1, value))
		return err_value(
		    e, ERR_USAGE, text, "label '%.*s': value is not valid UTF-8", (int)key, text);
	label->key = arena_strndup(a, text, key);
	label->value = arena_strndup(a, text + key + 1, value);
	return 0;
}
