#include "core/lines.h"

#include <ctype.h>
#include <string.h>

#include "auth/hash.h"
#include "base/arena.h"
#include "base/err.h"
#include "core/cmd.h"

#define PIECE ((size_t)1 << 20)

/* Input not yet given: an unfinished line starts at `at`. */
struct window {
	char *p;
	size_t size, n;
	size_t at, seen; /* start of the line; no newline before `seen` */
	size_t number, total;
};

static int
line_give(const struct lines *l, struct window *w, size_t end, struct err *e)
{
	char *line = w->p + w->at;
	size_t n = end - w->at;

	w->number++;
	if (n > l->line_most << 20)
		return err_set(
		    e, ERR_USAGE, "line %zu: longer than %zu MiB", w->number, l->line_most);
	w->at = w->seen = end + 1;
	return l->take(l->argument, line, n, w->number, e) ? err_wrap(e, "line %zu", w->number) : 0;
}

static int
lines_give(const struct lines *l, struct window *w, struct err *e)
{
	const char *end;

	while ((end = memchr(w->p + w->seen, '\n', w->n - w->seen)))
		if (line_give(l, w, (size_t)(end - w->p), e))
			return -1;
	w->seen = w->n;
	/* A line that is too long is refused before its end arrives. */
	return w->n - w->at > l->line_most << 20 ? line_give(l, w, w->n, e) : 0;
}

/* Makes room for a piece and the byte after it; lines already given stay where they are. */
static void
window_move(const struct lines *l, struct window *w)
{
	size_t rest = w->n - w->at, size = 2 * rest + PIECE;
	char *p;

	if (w->size > w->n + 1)
		return;
	p = arena_grow(l->arena, NULL, 0, size);
	if (rest)
		memcpy(p, w->p + w->at, rest);
	*w = (struct window){p, size, rest, 0, rest, w->number, w->total};
}

int
lines_read(const struct lines *l, struct err *e)
{
	struct window w = {.p = NULL};
	ssize_t n;

	for (;;) {
		window_move(l, &w);
		n = input_read(l->fd, w.p + w.n, w.size - w.n - 1, e);
		if (n < 0)
			return -1;
		if (n == 0)
			return w.n > w.at ? line_give(l, &w, w.n, e) : 0;
		if (l->hash)
			hash_add(l->hash, w.p + w.n, (size_t)n);
		w.n += (size_t)n;
		w.total += (size_t)n;
		if (w.total > l->all_most << 20)
			return err_set(
			    e, ERR_USAGE, "the input is longer than %zu MiB", l->all_most);
		if (lines_give(l, &w, e))
			return -1;
	}
}

/* In double quotes a backslash is literal, except before these. */
static void
quoted_piece(char **p, const char *end, char **to)
{
	for (; *p < end && **p != '"'; ++*p) {
		if (**p == '\\' && *p + 1 < end && strchr("\"\\$`", (*p)[1]))
			++*p;
		*(*to)++ = **p;
	}
}

/* Moves one quoted or bare piece of a word from *p to *to, and advances both past it. */
static int
word_piece(char **p, const char *end, char **to, struct err *e)
{
	char c = *(*p)++;

	if (c == '\'') {
		for (; *p < end && **p != '\''; ++*p)
			*(*to)++ = **p;
	} else if (c == '"') {
		quoted_piece(p, end, to);
	} else if (c == '\\' && *p == end) {
		return err_set(e, ERR_USAGE, "a backslash ends the line");
	} else {
		*(*to)++ = c == '\\' ? *(*p)++ : c;
		return 0;
	}
	if (*p == end)
		return err_set(e, ERR_USAGE, "a quote is not closed");
	++*p;
	return 0;
}

int
lines_words(char *line, size_t n, char ***words, struct arena *a, struct err *e)
{
	char *p = line, *end = line + n, *to, **v = NULL;
	size_t count = 0;

	for (;;) {
		while (p < end && isspace((unsigned char)*p))
			p++;
		v = arena_push(a, v, count, sizeof *v);
		if (p == end || *p == '#')
			break;
		to = v[count++] = p;
		while (p < end && !isspace((unsigned char)*p))
			if (word_piece(&p, end, &to, e))
				return -1;
		if (memchr(v[count - 1], '\0', (size_t)(to - v[count - 1])))
			return err_set(e, ERR_USAGE, "a word has a NUL byte");
		p += p < end;
		*to = '\0';
	}
	v[count] = NULL;
	*words = v;
	return 0;
}
