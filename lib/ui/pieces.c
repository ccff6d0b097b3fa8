#include "ui/internal.h"

#include <string.h>
#include "base/arena.h"
#include "base/err.h"

int
piece_next(const char **text, struct piece *piece, struct arena *a, struct err *e)
{
	const char *p = *text;
	size_t n = strcspn(p, "%"), close;

	*piece = (struct piece){.text = p, .n = n};
	p += n;
	*text = p;
	if (!*p)
		return 0;
	if (p[1] == '%') {
		piece->n = n + 1;
		*text = p + 2;
		return 0;
	}
	close = strcspn(p, "}");
	if (p[1] != '{' || !p[close] || close == 2)
		return err_value(
		    e, ERR_USAGE, p, "fmt: '%s': a percent sign begins %%{FIELD} or %%%%", p);
	piece->path = arena_strndup(a, p + 2, close - 2);
	*text = p + close + 1;
	return 0;
}

int
pieces_make(
    struct pieces *pieces, const char *fmt, const struct rec *rec, struct arena *a, struct err *e)
{
	struct path_value value;
	size_t most = 1;

	for (const char *p = fmt; *p; p++)
		most += *p == '%';
	*pieces = (struct pieces){.v = arena_alloc(a, most * sizeof *pieces->v)};
	while (*fmt) {
		struct piece *piece = &pieces->v[pieces->n++];

		if (piece_next(&fmt, piece, a, e))
			return -1;
		if (piece->path && path_find(rec, NULL, piece->path, &value, e) < 0)
			return err_wrap(e, "fmt");
	}
	return 0;
}
