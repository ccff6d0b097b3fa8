/* input: what comes from outside: whole descriptors, and lines of words. */
#include "core/cmd.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "auth/hash.h"
#include "rec/form.h"

int
read_all(int fd, size_t most, struct buf *to, struct err *e)
{
	size_t piece = 4096;
	ssize_t n;

	for (;;) {
		n = read(fd, buf_reserve(to, piece), piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, ERR_STORE, "cannot read: %s", strerror(errno));
		if (n == 0)
			return 0;
		to->n += (size_t)n;
		if (to->n > most)
			return err_set(e, ERR_USAGE, "more than %zu bytes", most);
		if (piece < 65536)
			piece *= 2;
	}
}

int
call_add(struct ctx *ctx, struct slice input, struct err *e)
{
	struct buf call = {.arena = ctx->arena};
	char hash[HASH_TEXT_SIZE];

	if (!ctx->change.request_id)
		return 0;
	if (hash_text(input.p, input.n, hash, e))
		return -1;
	buf_add(&call, ctx->call.p, ctx->call.n);
	buf_text(&call, hash);
	ctx->call = buf_slice(&call);
	return 0;
}

/* Adds one quoted or bare piece of a word; *p stands behind it afterwards. */
static int
word_piece(const char **p, const char *end, struct buf *word, struct err *e)
{
	char c = *(*p)++;

	if (c == '\'') {
		const char *stop = memchr(*p, '\'', (size_t)(end - *p));

		if (!stop)
			return err_set(e, ERR_USAGE, "a quote is not closed");
		buf_add(word, *p, (size_t)(stop - *p));
		*p = stop + 1;
		return 0;
	}
	if (c == '\\') {
		if (*p == end)
			return err_set(e, ERR_USAGE, "a backslash ends the line");
		buf_byte(word, *(*p)++);
		return 0;
	}
	if (c != '"') {
		buf_byte(word, c);
		return 0;
	}
	for (; *p < end && **p != '"'; ++*p) {
		if (**p == '\\' && *p + 1 < end && strchr("\"\\$`", (*p)[1]))
			++*p;
		buf_byte(word, **p);
	}
	if (*p == end)
		return err_set(e, ERR_USAGE, "a quote is not closed");
	++*p;
	return 0;
}

int
shell_words(const char *line, size_t n, char ***words, struct arena *a, struct err *e)
{
	const char *p = line, *end = line + n;
	char **v = arena_alloc(a, (n / 2 + 2) * sizeof *v);
	size_t count = 0;

	for (;;) {
		struct buf word = {.arena = a};

		while (p < end && isspace((unsigned char)*p))
			p++;
		if (p == end || *p == '#')
			break;
		buf_text(&word, "");
		while (p < end && !isspace((unsigned char)*p))
			if (word_piece(&p, end, &word, e))
				return -1;
		if (memchr(word.p, '\0', word.n))
			return err_set(e, ERR_USAGE, "a word has a NUL byte");
		v[count++] = word.p;
	}
	v[count] = NULL;
	*words = v;
	return 0;
}
