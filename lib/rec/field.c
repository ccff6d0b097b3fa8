#include "rec/rec.h"

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
	case FK_ALL_U64:
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
