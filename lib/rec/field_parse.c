/* field_parse: fields from text as typed. */
#include "rec/form.h"

#include <stdlib.h>
#include <string.h>
#include "base/amount.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/duration.h"
#include "base/err.h"
#include "base/size.h"
#include "base/text.h"
#include "base/time.h"
#include "base/wire.h"

#define REF_NUMBER_MAX (UINT64_MAX / 32)

static int
bool_parse(const char *text, bool *value, struct err *e)
{
	static const struct enum_name rows[] = {{1, "true", NULL}, {1, "yes", NULL}, {1, "1", NULL},
	    {2, "false", NULL}, {2, "no", NULL}, {2, "0", NULL}};
	static const struct enums words = ENUMS(rows);
	unsigned which;

	if (!enum_parse(&words, text, &which))
		return err_value(e, ERR_USAGE, text, "invalid value '%s' (true or false)", text);
	*value = which == 1;
	return 0;
}

static int
text_parse(const char *text, const char **value, struct arena *a, struct err *e)
{
	if (!text_is_utf8(text, strlen(text)))
		return err_value(e, ERR_USAGE, text, "'%s' is not valid UTF-8", text);
	*value = arena_strdup(a, text);
	return 0;
}

static int
bytes_parse(const char *text, struct slice *value, struct arena *a)
{
	value->n = strlen(text);
	value->p = arena_copy(a, text, value->n);
	return 0;
}

/* letter 0: any. */
static int
id_parse(const char *text, char letter, uint64_t *number, struct err *e)
{
	bool good = letter ? *text == letter : *text >= 'A' && *text <= 'Z';

	if (!good || text[1] == '0' || number_u64(text + 1, number, e) || *number > REF_NUMBER_MAX)
		return err_value(e, ERR_USAGE, text, "invalid id '%s'", text);
	return 0;
}

static int
ref_parse(const char *text, uint64_t *ref, struct err *e)
{
	uint64_t number;

	if (id_parse(text, 0, &number, e))
		return -1;
	*ref = ref_make(*text, number);
	return 0;
}

/* Takes the next item of a comma-separated list; false at the end. */
static bool
list_next(const char **text, const char **part, struct arena *a)
{
	size_t n;

	if (!*text || !**text)
		return false;
	n = strcspn(*text, ",");
	*part = arena_strndup(a, *text, n);
	*text = (*text)[n] ? *text + n + 1 : NULL;
	return true;
}

static size_t
list_length(const char *text)
{
	size_t n = 1;

	while ((text = strchr(text, ',')) != NULL) {
		text++;
		n++;
	}
	return n;
}

static int
texts_parse(const char *text, struct texts *l, struct arena *a, struct err *e)
{
	const char *part;

	*l = (struct texts){arena_alloc(a, list_length(text) * sizeof *l->v), 0};
	for (; list_next(&text, &part, a); l->n++)
		if (text_parse(part, &l->v[l->n], a, e))
			return -1;
	return 0;
}

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct label *)a)->key, ((const struct label *)b)->key);
}

static int
labels_parse(const char *text, struct labels *l, struct arena *a, struct err *e)
{
	const char *part;

	*l = (struct labels){arena_alloc(a, list_length(text) * sizeof *l->v), 0};
	for (; list_next(&text, &part, a); l->n++)
		if (label_parse(part, &l->v[l->n], a, e))
			return -1;
	qsort(l->v, l->n, sizeof *l->v, by_key);
	for (size_t i = 1; i < l->n; i++)
		if (!by_key(&l->v[i - 1], &l->v[i]))
			return err_value(
			    e, ERR_USAGE, l->v[i].key, "label '%s' is given twice", l->v[i].key);
	return 0;
}

static int
amount_list_parse(const char *text, struct amounts *l, struct arena *a, struct err *e)
{
	*l = (struct amounts){NULL, 0};
	return *text ? amounts_parse(text, l, a, e) : 0;
}

static int
numbers_parse(const char *text, struct slice *numbers, struct arena *a, struct err *e)
{
	struct buf packed = {.arena = a};
	const char *part;
	uint64_t value;

	while (list_next(&text, &part, a)) {
		if (number_u64(part, &value, e))
			return -1;
		wire_varint(&packed, value);
	}
	*numbers = buf_slice(&packed);
	return 0;
}

static int
value_parse(const struct field *f, void *to, const char *text, struct arena *a, struct err *e)
{
	switch (f->kind) {
	case FK_U64:
		return number_u64(text, to, e);
	case FK_I64:
		return number_i64(text, to, e);
	case FK_BOOL:
		return bool_parse(text, to, e);
	case FK_TEXT:
		return text_parse(text, to, a, e);
	case FK_BYTES:
		return bytes_parse(text, to, a);
	case FK_TIME:
		return time_parse(text, to, e);
	case FK_DURATION:
		return duration_parse_never(text, to, e);
	case FK_SIZE:
		return size_parse(text, to, e);
	case FK_REAL:
		return amount_parse(text, to, e);
	case FK_ID:
		return id_parse(text, *(const char *)f->sub, to, e);
	case FK_REF:
		return ref_parse(text, to, e);
	case FK_ENUM:
		return enum_parse_one(f->sub, text, to, a, e);
	case FK_TEXTS:
		return texts_parse(text, to, a, e);
	case FK_LABELS:
		return labels_parse(text, to, a, e);
	case FK_AMOUNTS:
		return amount_list_parse(text, to, a, e);
	case FK_NUMBERS:
		return numbers_parse(text, to, a, e);
	case FK_AMOUNT:
	case FK_JSON:
	case FK_LIST:
	case FK_MESSAGE:
		break;
	}
	return err_value(e, ERR_USAGE, text, "cannot be set from '%s'", text);
}

int
field_parse(const struct field *f, void *record, const char *text, struct arena *a, struct err *e)
{
	if (!value_parse(f, field_to(f, record), text, a, e))
		return 0;
	return err_wrap(e, "%s", f->name);
}
