#include "rec/filter.h"

#include <regex.h>
#include <string.h>
#include "base/array.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/time.h"
#include "rec/form.h"

enum operation { EQUAL, UNEQUAL, LESS, AT_MOST, MORE, AT_LEAST, MATCHES };

/* Longer signs first. */
static const struct {
	const char *sign;
	enum operation operation;
} signs[] = {{"!=", UNEQUAL}, {"<=", AT_MOST}, {">=", AT_LEAST}, {"=", EQUAL}, {"<", LESS},
    {">", MORE}, {"~", MATCHES}};

/* A member of any kind. */
union member {
	uint64_t number;
	int64_t signed_number;
	bool flag;
	unsigned choice;
	const char *text;
	struct slice bytes;
};

struct operand {
	struct operand *next;
	const char *text; /* "" asks whether the field is unset */
	union member value;
	regex_t regex;
	bool compiled;
};

/* field op value[,value…] */
struct term {
	struct term *next;
	const char *path;
	bool nested;		 /* path leads into a map or message */
	struct path_value place; /* for paths that are not nested */
	struct field leaf;	 /* how the value is compared; its offset is 0 */
	bool as_text;		 /* the kind has no order: compare its text */
	enum operation operation;
	struct operand *operands;
};

struct filter {
	struct filter *next;
	const struct rec *rec;
	struct arena *arena;
	struct term *terms; /* any of them must match */
};

struct filter_text {
	const char *all;
	uint64_t now_ms;
	struct arena *arena;
};

static bool
is_compared_as_text(enum field_kind kind)
{
	switch (kind) {
	case FK_TEXTS:
	case FK_LABELS:
	case FK_AMOUNTS:
	case FK_NUMBERS:
	case FK_BYTES:
	case FK_JSON:
	case FK_AMOUNT:
	case FK_LIST:
	case FK_MESSAGE:
		return true;
	case FK_U64:
	case FK_I64:
	case FK_BOOL:
	case FK_TEXT:
	case FK_TIME:
	case FK_DURATION:
	case FK_SIZE:
	case FK_REAL:
	case FK_ID:
	case FK_REF:
	case FK_ENUM:
		return false;
	}
	return false;
}

/* An unset value (0) is neither smaller nor larger than any value. */
static bool
zero_is_unset(const struct field *f)
{
	switch (f->kind) {
	case FK_TEXT:
	case FK_TIME:
	case FK_ID:
	case FK_REF:
	case FK_ENUM:
		return true;
	case FK_DURATION:
		return !(f->flags & FF_VIRTUAL) || f->flags & FF_LIVE;
	case FK_U64:
	case FK_I64:
	case FK_BOOL:
	case FK_SIZE:
	case FK_REAL:
	case FK_TEXTS:
	case FK_LABELS:
	case FK_AMOUNTS:
	case FK_NUMBERS:
	case FK_BYTES:
	case FK_JSON:
	case FK_AMOUNT:
	case FK_LIST:
	case FK_MESSAGE:
		return false;
	}
	return false;
}

static bool
is_ordering(enum operation operation)
{
	return operation != EQUAL && operation != UNEQUAL && operation != MATCHES;
}

static int
filter_wrong(const struct filter_text *t, const char *why, struct err *e)
{
	return err_value(e, ERR_USAGE, t->all, "invalid filter '%s': %s", t->all, why);
}

/* Trims surrounding spaces. */
static char *
trimmed(const char *p, size_t n, struct arena *a)
{
	for (; n && (*p == ' ' || *p == '\t'); n--)
		p++;
	while (n && (p[n - 1] == ' ' || p[n - 1] == '\t'))
		n--;
	return arena_strndup(a, p, n);
}

/* Takes the text before the next comma; "\," is a literal comma. NULL at the end. */
static char *
part_next(const char **text, struct arena *a)
{
	struct buf part = {.arena = a};
	const char *p = *text;

	if (!p)
		return NULL;
	for (; *p && *p != ','; p++) {
		if (p[0] == '\\' && p[1] && p[1] != ',')
			buf_byte(&part, *p);
		p += p[0] == '\\' && p[1];
		buf_byte(&part, *p);
	}
	*text = *p ? p + 1 : NULL;
	return trimmed(part.p, part.n, a);
}

/* The operator after a path at the start of a part, or NULL if the part is a value. */
static const char *
sign_find(const char *part, enum operation *operation, size_t *length)
{
	size_t n =
	    strspn(part, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-");
	const char *at = part + n + strspn(part + n, " \t");

	for (size_t i = 0; n && i < ARRAY_LENGTH(signs); i++) {
		*length = strlen(signs[i].sign);
		*operation = signs[i].operation;
		if (!strncmp(at, signs[i].sign, *length))
			return at;
	}
	return NULL;
}

static void
term_leaf(struct term *term, const struct path_value *place)
{
	term->leaf = *place->field;
	term->leaf.offset = 0;
	if (place->key && place->field->kind == FK_LABELS)
		term->leaf.kind = FK_TEXT;
	if (place->key && place->field->kind == FK_AMOUNTS)
		term->leaf.kind = FK_U64;
	term->as_text = is_compared_as_text(term->leaf.kind);
}

static int
term_begin(struct filter *filter, const char *path, enum operation operation,
    const struct filter_text *t, struct err *e)
{
	struct term *term = arena_alloc(t->arena, sizeof *term);

	term->path = path;
	term->operation = operation;
	if (path_find(filter->rec, NULL, term->path, &term->place, e) < 0)
		return -1;
	term->nested = strchr(term->path, '.') != NULL;
	term_leaf(term, &term->place);
	if (term->as_text && is_ordering(operation))
		return filter_wrong(t, "such a field has no order", e);
	term->next = filter->terms;
	filter->terms = term;
	return 0;
}

static int
operand_compile(struct operand *operand, const struct filter_text *t, struct err *e)
{
	char why[128];
	int failed = regcomp(&operand->regex, operand->text, REG_EXTENDED | REG_NOSUB);

	if (!failed) {
		operand->compiled = true;
		return 0;
	}
	regerror(failed, NULL, why, sizeof why);
	return filter_wrong(t, why, e);
}

static int
value_read(
    const struct term *term, struct operand *operand, const struct filter_text *t, struct err *e)
{
	struct amount amount;

	if (term->leaf.kind == FK_TIME)
		return time_parse_past(operand->text, t->now_ms, &operand->value.number, e);
	if (!term->place.key || term->place.field->kind != FK_AMOUNTS)
		return field_parse(&term->leaf, &operand->value, operand->text, t->arena, e);
	if (amount_parse_named(term->place.key, operand->text, &amount, t->arena, e))
		return -1;
	operand->value.number = amount.value;
	return 0;
}

static int
operand_add(struct term *term, const char *text, const struct filter_text *t, struct err *e)
{
	struct operand *operand = arena_alloc(t->arena, sizeof *operand);

	operand->text = text;
	operand->next = term->operands;
	term->operands = operand;
	if (term->operation == MATCHES)
		return operand_compile(operand, t, e);
	if (!*text && is_ordering(term->operation))
		return filter_wrong(t, "a value is missing", e);
	if (term->as_text || !*text || !value_read(term, operand, t, e))
		return 0;
	return err_wrap(e, "invalid filter '%s'", t->all);
}

static int
filter_read(struct filter *filter, const struct filter_text *t, struct err *e)
{
	const char *rest = t->all, *sign, *path;
	char *part;
	enum operation operation;
	size_t length;

	while ((part = part_next(&rest, t->arena)) != NULL) {
		sign = sign_find(part, &operation, &length);
		if (!sign && !filter->terms)
			return filter_wrong(
			    t, "expected FIELD OP VALUE, OP one of = != < <= > >= ~", e);
		if (sign) {
			path = trimmed(part, (size_t)(sign - part), t->arena);
			if (term_begin(filter, path, operation, t, e))
				return -1;
			part = trimmed(sign + length, strlen(sign + length), t->arena);
		}
		if (operand_add(filter->terms, part, t, e))
			return -1;
	}
	return 0;
}

static void
regexes_free(struct filter *filter)
{
	for (struct term *term = filter->terms; term; term = term->next)
		for (struct operand *o = term->operands; o; o = o->next) {
			if (o->compiled)
				regfree(&o->regex);
			o->compiled = false;
		}
}

int
filter_add(struct filter **filter, const struct rec *r, const char *text, uint64_t now_ms,
    struct arena *a, struct err *e)
{
	struct filter_text t = {text, now_ms, a};
	struct filter *one = arena_alloc(a, sizeof *one);

	*one = (struct filter){.next = *filter, .rec = r, .arena = a};
	if (filter_read(one, &t, e)) {
		regexes_free(one);
		return -1;
	}
	*filter = one;
	return 0;
}

bool
filter_computed(const struct filter *filter)
{
	for (; filter; filter = filter->next)
		for (const struct term *term = filter->terms; term; term = term->next)
			if (term->place.field->flags & FF_VIRTUAL)
				return true;
	return false;
}

void
filter_done(struct filter *filter)
{
	for (; filter; filter = filter->next)
		regexes_free(filter);
}

/* The member of a record at the term's path; if missing, the kind's default, in *spare. */
static const void *
term_member(
    const struct filter *filter, const struct term *term, const void *record, union member *spare)
{
	struct path_value place = term->place;
	const struct amount *amount;
	const void *map;
	struct err ignored;

	*spare = (union member){0};
	place.record = record;
	if (term->nested)
		path_find(filter->rec, record, term->path, &place, &ignored);
	if (!place.record)
		return spare;
	map = field_at(place.field, place.record);
	if (!place.key)
		return map;
	if (place.field->kind == FK_LABELS) {
		spare->text = labels_get(map, place.key);
		return spare;
	}
	amount = amounts_get(map, place.key);
	spare->number = amount ? amount->value : 0;
	return spare;
}

static bool
text_matches(const struct term *term, const struct operand *operand, const char *text)
{
	if (term->operation == MATCHES)
		return !regexec(&operand->regex, text, 0, NULL, 0);
	return !strcmp(operand->text, text);
}

static bool
as_text_matches(const struct filter *filter, const struct term *term, const struct operand *operand,
    const void *member)
{
	const char *direct = *(const char *const *)member;
	struct form form = {.times = TIMES_ISO};
	struct arena_mark mark;
	struct buf text = {.arena = filter->arena};
	bool matches;

	if (term->leaf.kind == FK_TEXT)
		return text_matches(term, operand, direct ? direct : "");
	mark = arena_mark(filter->arena);
	field_text(&term->leaf, member, &form, &text);
	matches = text_matches(term, operand, buf_string(&text));
	arena_rewind(filter->arena, mark);
	return matches;
}

static bool
operand_matches(const struct filter *filter, const struct term *term, const struct operand *operand,
    const void *member)
{
	int c;

	if (term->operation == MATCHES)
		return as_text_matches(filter, term, operand, member);
	if (!*operand->text)
		return !field_is_set(&term->leaf, member);
	if (term->as_text)
		return as_text_matches(filter, term, operand, member);
	if (is_ordering(term->operation) && zero_is_unset(&term->leaf) &&
	    !field_is_set(&term->leaf, member))
		return false;
	c = field_compare(&term->leaf, member, &operand->value);
	switch (term->operation) {
	case LESS:
		return c < 0;
	case AT_MOST:
		return c <= 0;
	case MORE:
		return c > 0;
	case AT_LEAST:
		return c >= 0;
	case EQUAL:
	case UNEQUAL:
	case MATCHES:
		break;
	}
	return c == 0;
}

static bool
term_matches(const struct filter *filter, const struct term *term, const void *record)
{
	union member spare;
	const void *member = term_member(filter, term, record, &spare);
	bool any = false;

	for (const struct operand *o = term->operands; o && !any; o = o->next)
		any = operand_matches(filter, term, o, member);
	return term->operation == UNEQUAL ? !any : any;
}

bool
filter_match(const struct filter *filter, const void *record)
{
	for (; filter; filter = filter->next) {
		const struct term *term = filter->terms;

		while (term && !term_matches(filter, term, record))
			term = term->next;
		if (!term)
			return false;
	}
	return true;
}
