#include "rec/rec.h"

#include <string.h>

const void *
field_at(const struct field *f, const void *record)
{
	return (const char *)record + f->offset;
}

void *
field_to(const struct field *f, void *record)
{
	return (char *)record + f->offset;
}

const struct field *
rec_field(const struct rec *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		if (!strcmp(r->fields[i].name, name))
			return &r->fields[i];
	return NULL;
}

const struct field *
rec_field_number(const struct rec *r, uint32_t number)
{
	for (size_t i = 0; number && i < r->n; i++)
		if (r->fields[i].number == number)
			return &r->fields[i];
	return NULL;
}

static bool
text_is_set(const char *text)
{
	return text && *text;
}

bool
field_is_set(const struct field *f, const void *record)
{
	const void *p = field_at(f, record);

	switch (f->kind) {
	case FK_U64:
	case FK_TIME:
	case FK_DURATION:
	case FK_SIZE:
	case FK_REAL:
	case FK_ID:
	case FK_REF:
		return *(const uint64_t *)p != 0;
	case FK_I64:
		return *(const int64_t *)p != 0;
	case FK_BOOL:
		return *(const bool *)p;
	case FK_ENUM:
		return *(const unsigned *)p != 0;
	case FK_TEXT:
	case FK_JSON:
		return text_is_set(*(const char *const *)p);
	case FK_BYTES:
		return ((const struct slice *)p)->p != NULL;
	case FK_NUMBERS:
		return ((const struct slice *)p)->n != 0;
	case FK_TEXTS:
		return ((const struct texts *)p)->n != 0;
	case FK_LABELS:
		return ((const struct labels *)p)->n != 0;
	case FK_AMOUNT:
		return ((const struct amount *)p)->name != NULL;
	case FK_AMOUNTS:
		return ((const struct amounts *)p)->n != 0;
	case FK_MESSAGE:
		return *(const void *const *)p != NULL;
	case FK_LIST:
		return ((const struct list_of *)p)->n != 0;
	}
	return false;
}

uint64_t
ref_make(char letter, uint64_t number)
{
	return number * 32 + (uint64_t)(letter - 'A');
}

char
ref_letter(uint64_t ref)
{
	return ref % 32 < 26 ? (char)('A' + ref % 32) : '?';
}

uint64_t
ref_number(uint64_t ref)
{
	return ref / 32;
}

const char *
enum_text(const struct enums *names, unsigned value)
{
	for (size_t i = 0; i < names->n; i++)
		if (names->v[i].value == value)
			return names->v[i].name;
	return NULL;
}

static int
fold(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* strcasecmp asks the locale. */
static bool
same_in_any_case(const char *a, const char *b)
{
	while (*a && fold(*a) == fold(*b)) {
		a++;
		b++;
	}
	return *a == *b;
}

bool
enum_parse(const struct enums *names, const char *text, unsigned *value)
{
	for (size_t i = 0; i < names->n; i++)
		if (same_in_any_case(names->v[i].name, text)) {
			*value = names->v[i].value;
			return true;
		}
	return false;
}
