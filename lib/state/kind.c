#include "state/kind.h"

#include <string.h>

#include "base/arena.h"
#include "state/key.h"

const struct kind *
kind_of(const struct kinds *kinds, unsigned number)
{
	size_t i;

	for (i = 0; i < kinds->n; i++)
		if (kinds->v[i].number == number)
			return &kinds->v[i];
	return NULL;
}

const struct kind *
kind_letter(const struct kinds *kinds, char letter)
{
	size_t i;

	for (i = 0; i < kinds->n; i++)
		if (kinds->v[i].letter && kinds->v[i].letter == letter)
			return &kinds->v[i];
	return NULL;
}

const struct kind *
kind_named(const struct kinds *kinds, const char *name)
{
	size_t i;

	for (i = 0; i < kinds->n; i++)
		if (!strcmp(kinds->v[i].name, name))
			return &kinds->v[i];
	return NULL;
}

const struct state_rule *
kind_state(const struct kind *kind, unsigned state)
{
	const struct state_rule *s;

	for (s = kind->states; s < kind->states + kind->nstates; s++)
		if (s->state == state)
			return s;
	return NULL;
}

static uint64_t
record_u64(const struct kind *kind, const void *record, const char *field)
{
	const struct field *f = rec_field(kind->rec, field);

	return f ? *(const uint64_t *)field_at(f, record) : 0;
}

uint64_t
record_number(const struct kind *kind, const void *record)
{
	return kind->letter ? record_u64(kind, record, "id") : 0;
}

uint64_t
record_rev(const struct kind *kind, const void *record)
{
	return record_u64(kind, record, "rev");
}

unsigned
record_state(const struct kind *kind, const void *record)
{
	const struct field *f = kind->states ? rec_field(kind->rec, "state") : NULL;

	return f ? *(const unsigned *)field_at(f, record) : 0;
}

const char *
record_text(const struct kind *kind, const void *record, const char *field)
{
	const struct field *f = rec_field(kind->rec, field);

	return f && f->kind == FK_TEXT ? *(const char *const *)field_at(f, record) : NULL;
}

void
record_set(const struct kind *kind, void *record, uint32_t field_number, uint64_t value)
{
	const struct field *f = rec_field_number(kind->rec, field_number);

	if (f)
		*(uint64_t *)field_to(f, record) = value;
}

bool
record_ended(const struct kind *kind, const void *record)
{
	const struct state_rule *s = kind_state(kind, record_state(kind, record));

	return s && s->ended;
}

void
record_key(const struct kind *kind, const void *record, struct key *key)
{
	const char *namespace = record_text(kind, record, "namespace");

	key->n = 0;
	if (kind->letter) {
		key_u64(key, record_number(kind, record));
		return;
	}
	if (namespace) {
		key_add(key, slice_of(namespace));
		key_byte(key, 0);
	}
	key_add(key, slice_of(record_text(kind, record, "key")));
}

const char *
record_label(const struct kind *kind, const void *record, struct arena *a)
{
	const char *namespace = record_text(kind, record, "namespace");
	const char *name = record_text(kind, record, kind->letter ? "name" : "key");

	if (name && namespace)
		return arena_printf(a, "%s/%s", namespace, name);
	if (name)
		return arena_strdup(a, name);
	return arena_printf(
	    a, "%c%llu", kind->letter, (unsigned long long)record_number(kind, record));
}
