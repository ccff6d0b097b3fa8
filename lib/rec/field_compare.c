#include "rec/filter.h"

#include <string.h>

static int
number_compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int
signed_compare(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
text_compare(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int
ref_compare(uint64_t a, uint64_t b)
{
	int c;

	if (!a || !b)
		return number_compare(a, b);
	c = ref_letter(a) - ref_letter(b);
	return c ? c : number_compare(ref_number(a), ref_number(b));
}

static int
texts_compare(const struct texts *a, const struct texts *b)
{
	int c = 0;

	for (size_t i = 0; !c && i < a->n && i < b->n; i++)
		c = text_compare(a->v[i], b->v[i]);
	return c ? c : number_compare(a->n, b->n);
}

static int
labels_compare(const struct labels *a, const struct labels *b)
{
	int c = 0;

	for (size_t i = 0; !c && i < a->n && i < b->n; i++) {
		c = text_compare(a->v[i].key, b->v[i].key);
		c = c ? c : text_compare(a->v[i].value, b->v[i].value);
	}
	return c ? c : number_compare(a->n, b->n);
}

static int
amounts_compare(const struct amounts *a, const struct amounts *b)
{
	int c = 0;

	for (size_t i = 0; !c && i < a->n && i < b->n; i++) {
		c = text_compare(a->v[i].name, b->v[i].name);
		c = c ? c : number_compare(a->v[i].value, b->v[i].value);
	}
	return c ? c : number_compare(a->n, b->n);
}

static int
message_compare(const struct rec *r, const void *a, const void *b)
{
	int c = 0;

	if (!a || !b)
		return (a != NULL) - (b != NULL);
	for (size_t i = 0; !c && i < r->n; i++)
		c = field_compare(&r->fields[i], a, b);
	return c;
}

static int
list_compare(const struct rec *r, const struct list_of *a, const struct list_of *b)
{
	int c = 0;

	for (size_t i = 0; !c && i < a->n && i < b->n; i++)
		c = message_compare(
		    r, (const char *)a->v + i * r->size, (const char *)b->v + i * r->size);
	return c ? c : (a->n > b->n) - (a->n < b->n);
}

int
field_compare(const struct field *f, const void *a, const void *b)
{
	const void *x = field_at(f, a), *y = field_at(f, b);

	switch (f->kind) {
	case FK_U64:
	case FK_TIME:
	case FK_DURATION:
	case FK_SIZE:
	case FK_REAL:
	case FK_ID:
		return number_compare(*(const uint64_t *)x, *(const uint64_t *)y);
	case FK_REF:
		return ref_compare(*(const uint64_t *)x, *(const uint64_t *)y);
	case FK_I64:
		return signed_compare(*(const int64_t *)x, *(const int64_t *)y);
	case FK_BOOL:
		return *(const bool *)x - *(const bool *)y;
	case FK_ENUM:
		return number_compare(*(const unsigned *)x, *(const unsigned *)y);
	case FK_TEXT:
	case FK_JSON:
		return text_compare(*(const char *const *)x, *(const char *const *)y);
	case FK_BYTES:
	case FK_NUMBERS:
		return slice_compare(*(const struct slice *)x, *(const struct slice *)y);
	case FK_TEXTS:
		return texts_compare(x, y);
	case FK_LABELS:
		return labels_compare(x, y);
	case FK_AMOUNT:
		return number_compare(
		    ((const struct amount *)x)->value, ((const struct amount *)y)->value);
	case FK_AMOUNTS:
		return amounts_compare(x, y);
	case FK_MESSAGE:
		return message_compare(f->sub, *(const void *const *)x, *(const void *const *)y);
	case FK_LIST:
		return list_compare(f->sub, x, y);
	}
	return 0;
}
