/* rec_from_json: records from external JSON. */
#include "rec/form.h"

#include <stdlib.h>
#include <string.h>
#include "base/amount.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "rec/json_tree.h"

#define INTEGER_END 9007199254740992.0 /* 2^53: doubles beyond skip integers */

/* The members of an object, sorted by name. */
struct members {
	const cJSON **v;
	size_t n;
};

static int
by_name(const void *a, const void *b)
{
	return strcmp((*(const cJSON *const *)a)->string, (*(const cJSON *const *)b)->string);
}

static int
members_of(const cJSON *object, struct members *m, struct arena *a, struct err *e)
{
	const cJSON *item;

	if (!json_is(object, cJSON_Object))
		return err_set(e, ERR_USAGE, "expected a JSON object");
	*m = (struct members){NULL, 0};
	cJSON_ArrayForEach(item, object) m->n++;
	m->v = arena_alloc(a, m->n * sizeof *m->v);
	m->n = 0;
	cJSON_ArrayForEach(item, object) m->v[m->n++] = item;
	qsort(m->v, m->n, sizeof *m->v, by_name);
	for (size_t i = 1; i < m->n; i++)
		if (!by_name(&m->v[i - 1], &m->v[i]))
			return err_value(e, ERR_USAGE, m->v[i]->string, "key '%s' is given twice",
			    m->v[i]->string);
	return 0;
}

static int
integer_from(const cJSON *item, int64_t *value, struct err *e)
{
	double d = item->valuedouble;

	if (!json_is(item, cJSON_Number))
		return err_set(e, ERR_USAGE, "expected a number");
	if (d >= INTEGER_END || d <= -INTEGER_END)
		return err_set(e, ERR_USAGE, "integer beyond 2^53");
	if (d != (double)(int64_t)d)
		return err_set(e, ERR_USAGE, "expected an integer");
	*value = (int64_t)d;
	return 0;
}

static int
count_from(const cJSON *item, uint64_t *value, struct err *e)
{
	int64_t got;

	if (integer_from(item, &got, e))
		return -1;
	if (got < 0)
		return err_set(e, ERR_USAGE, "expected a number that is not negative");
	*value = (uint64_t)got;
	return 0;
}

/* Four decimals; a deviation within a double's rounding counts as exact. */
static int
scaled_from(const cJSON *item, uint64_t *scaled, struct err *e)
{
	double d = item->valuedouble * AMOUNT_ONE, off;

	if (!json_is(item, cJSON_Number) || d < 0 || d > (double)AMOUNT_MAX)
		return err_set(e, ERR_USAGE, "expected an amount");
	*scaled = (uint64_t)(d + 0.5);
	off = d - (double)*scaled;
	if (off > d * 1e-15 || -off > d * 1e-15)
		return err_set(e, ERR_USAGE, "an amount has at most four decimals");
	return 0;
}

static int
bool_from(const cJSON *item, bool *value, struct err *e)
{
	if (!json_is(item, cJSON_True | cJSON_False))
		return err_set(e, ERR_USAGE, "expected true or false");
	*value = json_is(item, cJSON_True);
	return 0;
}

static int
label_from(const cJSON *item, struct label *label, struct arena *a, struct err *e)
{
	if (!json_is(item, cJSON_String))
		return err_set(e, ERR_USAGE, "label '%s': expected a string", item->string);
	if (strchr(item->string, '='))
		return err_value(
		    e, ERR_USAGE, item->string, "invalid label key '%s'", item->string);
	return label_parse(arena_printf(a, "%s=%s", item->string, item->valuestring), label, a, e);
}

static int
labels_from(const cJSON *object, struct labels *l, struct arena *a, struct err *e)
{
	struct members m;

	if (members_of(object, &m, a, e))
		return -1;
	*l = (struct labels){arena_alloc(a, m.n * sizeof *l->v), 0};
	for (; l->n < m.n; l->n++)
		if (label_from(m.v[l->n], &l->v[l->n], a, e))
			return -1;
	return 0;
}

/* A number, or a text as on the command line ("64Gi", "3:indexed"). */
static int
amount_from(const cJSON *item, struct amount *amount, struct arena *a, struct err *e)
{
	bool text = json_is(item, cJSON_String);
	int failed;

	if (amount_parse_named(item->string, text ? item->valuestring : "0", amount, a, e))
		return -1;
	if (text)
		return 0;
	if (resource_is_bytes(item->string))
		failed = count_from(item, &amount->value, e);
	else
		failed = scaled_from(item, &amount->value, e);
	if (!failed && amount->value > AMOUNT_MAX)
		failed = err_set(e, ERR_USAGE, "too large");
	return failed ? err_wrap(e, "resource '%s'", item->string) : 0;
}

static int
amounts_from(const cJSON *object, struct amounts *l, struct arena *a, struct err *e)
{
	struct members m;

	if (members_of(object, &m, a, e))
		return -1;
	*l = (struct amounts){arena_alloc(a, m.n * sizeof *l->v), 0};
	for (size_t i = 0; i < m.n; i++) {
		if (amount_from(m.v[i], &l->v[l->n], a, e))
			return -1;
		l->n += l->v[l->n].value != 0;
	}
	return 0;
}

static int rec_from(
    const struct rec *r, void *record, const cJSON *object, struct arena *a, struct err *e);

static int
message_from(const struct rec *sub, void **to, const cJSON *object, struct arena *a, struct err *e)
{
	*to = arena_alloc(a, sub->size);
	return rec_from(sub, *to, object, a, e);
}

static int
value_from(const struct field *f, void *to, const cJSON *item, struct arena *a, struct err *e)
{
	switch (f->kind) {
	case FK_U64:
	case FK_TIME:
	case FK_DURATION:
	case FK_SIZE:
		return count_from(item, to, e);
	case FK_I64:
		return integer_from(item, to, e);
	case FK_REAL:
		return scaled_from(item, to, e);
	case FK_BOOL:
		return bool_from(item, to, e);
	case FK_TEXTS:
		return texts_from_tree(item, to, a, e);
	case FK_LABELS:
		return labels_from(item, to, a, e);
	case FK_AMOUNTS:
		return amounts_from(item, to, a, e);
	case FK_MESSAGE:
		return message_from(f->sub, to, item, a, e);
	case FK_TEXT:
	case FK_BYTES:
	case FK_ID:
	case FK_REF:
	case FK_ENUM:
		return err_set(e, ERR_USAGE, "expected a string");
	case FK_NUMBERS:
	case FK_AMOUNT:
	case FK_LIST:
	case FK_JSON:
		break;
	}
	return err_set(e, ERR_USAGE, "cannot be given");
}

/* The kinds for which a JSON string is parsed as typed text. */
static bool
is_typed(enum field_kind kind)
{
	switch (kind) {
	case FK_TEXT:
	case FK_BYTES:
	case FK_TIME:
	case FK_DURATION:
	case FK_SIZE:
	case FK_REAL:
	case FK_ID:
	case FK_REF:
	case FK_ENUM:
		return true;
	case FK_U64:
	case FK_I64:
	case FK_BOOL:
	case FK_TEXTS:
	case FK_LABELS:
	case FK_AMOUNTS:
	case FK_NUMBERS:
	case FK_JSON:
	case FK_AMOUNT:
	case FK_LIST:
	case FK_MESSAGE:
		return false;
	}
	return false;
}

static int
field_from(const struct rec *r, void *record, const cJSON *item, struct arena *a, struct err *e)
{
	const struct field *f = rec_field(r, item->string);

	if (!f)
		return err_value(
		    e, ERR_USAGE, item->string, "%s has no field '%s'", r->name, item->string);
	if (!(f->flags & FF_INPUT))
		return err_value(e, ERR_USAGE, item->string, "field '%s' cannot be given", f->name);
	if (json_is(item, cJSON_NULL))
		return 0;
	if (json_is(item, cJSON_String) && is_typed(f->kind))
		return field_parse(f, record, item->valuestring, a, e);
	if (value_from(f, field_to(f, record), item, a, e))
		return err_wrap(e, "%s", f->name);
	return 0;
}

static int
rec_from(const struct rec *r, void *record, const cJSON *object, struct arena *a, struct err *e)
{
	struct members m;

	if (members_of(object, &m, a, e))
		return -1;
	for (size_t i = 0; i < m.n; i++)
		if (field_from(r, record, m.v[i], a, e))
			return -1;
	return 0;
}

int
rec_from_json(
    const struct rec *r, void *record, const char *json, size_t n, struct arena *a, struct err *e)
{
	struct json_tree tree;
	int failed;

	if (json_tree_parse(&tree, json, n, e))
		return -1;
	failed = rec_from(r, record, tree.root, a, e);
	json_tree_done(&tree);
	return failed;
}
