#include "rec/rec.h"

#include <string.h>

#include "base/arena.h"

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

static size_t
field_size(enum field_kind kind)
{
	switch (kind) {
	case FK_U64:
	case FK_I64:
	case FK_TIME:
	case FK_DURATION:
	case FK_SIZE:
	case FK_REAL:
	case FK_ID:
	case FK_REF:
		return sizeof(uint64_t);
	case FK_BOOL:
		return sizeof(bool);
	case FK_ENUM:
		return sizeof(unsigned);
	case FK_TEXT:
	case FK_JSON:
	case FK_MESSAGE:
		return sizeof(const void *);
	case FK_BYTES:
	case FK_NUMBERS:
		return sizeof(struct slice);
	case FK_TEXTS:
		return sizeof(struct texts);
	case FK_LABELS:
		return sizeof(struct labels);
	case FK_AMOUNT:
		return sizeof(struct amount);
	case FK_AMOUNTS:
		return sizeof(struct amounts);
	case FK_LIST:
		return sizeof(struct list_of);
	}
	return 0;
}

static bool
rec_flagged(const struct rec *r, uint32_t flag)
{
	size_t i = 0;

	while (i < r->n && !(r->fields[i].flags & flag))
		i++;
	return i < r->n;
}

void
rec_copy(const struct rec *r, void *to, const void *from, uint32_t flag, struct arena *a)
{
	const struct field *f;

	for (f = r->fields; f < r->fields + r->n; f++) {
		if (!(f->flags & flag))
			continue;
		memcpy(field_to(f, to), field_at(f, from), field_size(f->kind));
		if (f->kind == FK_MESSAGE && field_is_set(f, from) && rec_flagged(f->sub, flag)) {
			const struct rec *sub = f->sub;
			const void *inner = *(const void *const *)field_at(f, from);
			void *copy = arena_alloc(a, sub->size);

			rec_copy(sub, copy, inner, flag, a);
			*(const void **)field_to(f, to) = copy;
		}
	}
}
