#include "rec/rec.h"

#include <stdlib.h>
#include <string.h>
#include "base/amount.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/size.h"

#define RESOURCE_NAME_MAX 64

const struct amount *
amounts_get(const struct amounts *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].name, name))
			return &l->v[i];
	return NULL;
}

void
amounts_set(struct amounts *l, struct amount amount, struct arena *a)
{
	struct amount *v = arena_alloc(a, (l->n + 1) * sizeof *v);
	size_t i = 0, n = 0;

	for (; i < l->n && strcmp(l->v[i].name, amount.name) < 0; i++)
		v[n++] = l->v[i];
	if (i < l->n && !strcmp(l->v[i].name, amount.name))
		i++;
	if (amount.value) {
		amount.name = arena_strdup(a, amount.name);
		v[n++] = amount;
	}
	for (; i < l->n; i++)
		v[n++] = l->v[i];
	*l = (struct amounts){v, n};
}

void
amounts_sum(struct amounts *l, const struct amounts *more, struct arena *a)
{
	for (size_t i = 0; i < more->n; i++) {
		const struct amount *there = amounts_get(l, more->v[i].name);
		struct amount sum = more->v[i];

		sum.value += there ? there->value : 0;
		amounts_set(l, sum, a);
	}
}

static bool
is_resource_name(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return n && n <= RESOURCE_NAME_MAX && !name[n] && *name >= 'a' && *name <= 'z';
}

int
amount_parse_named(
    const char *name, const char *text, struct amount *amount, struct arena *a, struct err *e)
{
	size_t n = strcspn(text, ":");
	const char *number = arena_strndup(a, text, n);
	bool bytes = resource_is_bytes(name), indexed = !strcmp(text + n, ":indexed");

	if (!is_resource_name(name))
		return err_value(e, ERR_USAGE, name, "invalid resource name '%s'", name);
	if (text[n] && (!indexed || bytes))
		return err_value(
		    e, ERR_USAGE, text, "resource '%s': invalid amount '%s'", name, text);
	*amount = (struct amount){.name = arena_strdup(a, name)};
	amount->indexed = indexed || !strcmp(name, "gpu");
	if (bytes ? size_parse(number, &amount->value, e) : amount_parse(number, &amount->value, e))
		return err_wrap(e, "resource '%s'", name);
	if (amount->value > AMOUNT_MAX)
		return err_value(
		    e, ERR_USAGE, text, "resource '%s': '%s' is too large", name, text);
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct amount *)a)->name, ((const struct amount *)b)->name);
}

/* Adds a sorted list, which may repeat a resource, to another one. */
static int
amounts_merge(struct amounts *l, struct amounts more, struct arena *a, struct err *e)
{
	struct amount *v = arena_alloc(a, (l->n + more.n) * sizeof *v);
	size_t n = 0;

	for (size_t i = 0, j = 0; i < l->n || j < more.n;) {
		bool ours = j == more.n || (i < l->n && by_name(&l->v[i], &more.v[j]) <= 0);
		const struct amount *next = ours ? &l->v[i++] : &more.v[j++];

		if (!n || by_name(&v[n - 1], next)) {
			v[n++] = *next;
			continue;
		}
		v[n - 1].value += next->value;
		v[n - 1].indexed |= next->indexed;
		if (v[n - 1].value > AMOUNT_MAX)
			return err_set(
			    e, ERR_USAGE, "resource '%s': the sum is too large", next->name);
	}
	*l = (struct amounts){v, n};
	return 0;
}

int
amounts_parse(const char *text, struct amounts *amounts, struct arena *a, struct err *e)
{
	struct amounts more = {arena_alloc(a, (strlen(text) / 2 + 1) * sizeof *more.v), 0};

	for (const char *p = text;; p++) {
		size_t n = strcspn(p, ","), name = strcspn(p, "=");
		struct amount *to = &more.v[more.n];

		if (name >= n)
			return err_value(e, ERR_USAGE, text,
			    "invalid amounts '%s': expected NAME=AMOUNT,...", text);
		if (amount_parse_named(arena_strndup(a, p, name),
			arena_strndup(a, p + name + 1, n - name - 1), to, a, e))
			return -1;
		more.n += to->value != 0;
		p += n;
		if (!*p)
			break;
	}
	qsort(more.v, more.n, sizeof *more.v, by_name);
	return amounts_merge(amounts, more, a, e);
}
