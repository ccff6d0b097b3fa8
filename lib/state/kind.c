#include "state/kind.h"

#include <string.h>

#include "base/arena.h"

const struct kind *
kind_of(unsigned number)
{
	const struct kind *k;

	for (k = kinds; k->number; k++)
		if (k->number == number)
			return k;
	return NULL;
}

const struct kind *
kind_letter(char letter)
{
	const struct kind *k;

	for (k = kinds; k->number; k++)
		if (k->letter && k->letter == letter)
			return k;
	return NULL;
}

const struct kind *
kind_named(const char *name)
{
	const struct kind *k;

	for (k = kinds; k->number; k++)
		if (!strcmp(k->name, name))
			return k;
	return NULL;
}

const struct state_rule *
kind_state(const struct kind *kind, unsigned state)
{
	const struct state_rule *s;

	for (s = kind->states; s && s->state; s++)
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
key_byte(struct key *k, unsigned byte)
{
	unsigned char b = (unsigned char)byte;

	key_add(k, (struct slice){&b, 1});
}

void
key_u64(struct key *k, uint64_t value)
{
	unsigned char b[8];
	int i;

	for (i = 0; i < 8; i++)
		b[i] = (unsigned char)(value >> (56 - 8 * i));
	key_add(k, (struct slice){b, sizeof b});
}

void
key_add(struct key *k, struct slice bytes)
{
	size_t room = sizeof k->p - k->n;

	if (bytes.n < room)
		room = bytes.n;
	if (room)
		memcpy(k->p + k->n, bytes.p, room);
	k->n += room;
}

struct slice
key_slice(const struct key *k)
{
	return (struct slice){k->p, k->n};
}

uint64_t
key_tail(struct slice key)
{
	uint64_t value = 0;
	size_t i;

	for (i = key.n < 8 ? 0 : key.n - 8; i < key.n; i++)
		value = value << 8 | key.p[i];
	return value;
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

static struct derived_row *
derive_add(struct derived *to, unsigned char table, const struct key *key, int64_t amount)
{
	struct derived_row *v;

	if (to->n == to->size) {
		to->size = to->size ? 2 * to->size : 8;
		v = arena_alloc(to->arena, to->size * sizeof *v);
		if (to->n)
			memcpy(v, to->v, to->n * sizeof *v);
		to->v = v;
	}
	v = &to->v[to->n++];
	*v = (struct derived_row){.table = table,
	    .key = {arena_copy(to->arena, key->p, key->n), key->n},
	    .amount = amount};
	return v;
}

void
derive_row(struct derived *to, unsigned char table, const struct key *key)
{
	derive_add(to, table, key, 0);
}

void
derive_sum(struct derived *to, unsigned char table, const struct key *key, int64_t amount)
{
	if (amount)
		derive_add(to, table, key, amount);
}

void
derive_column(struct derived *to, unsigned char table, const struct key *key, struct slice column,
    int64_t amount)
{
	if (amount)
		derive_add(to, table, key, amount)->column =
		    (struct slice){arena_copy(to->arena, column.p, column.n), column.n};
}

void
derive_name(struct derived *to, const struct kind *kind, const char *namespace, const char *name,
    bool ended, uint64_t id)
{
	struct key key = {.n = 0};

	if (!name || !*name)
		return;
	key_byte(&key, kind->number);
	key_add(&key, slice_of(namespace));
	key_byte(&key, 0);
	key_add(&key, slice_of(name));
	key_byte(&key, 0);
	key_byte(&key, ended);
	key_u64(&key, id);
	derive_row(to, TABLE_NAME, &key);
}

void
derive_ended(struct derived *to, const struct kind *kind, uint64_t end_ms, uint64_t id)
{
	struct key key = {.n = 0};

	key_byte(&key, kind->number);
	key_u64(&key, end_ms);
	key_u64(&key, id);
	derive_row(to, TABLE_ENDED, &key);
}

void
derive_due(struct derived *to, const struct kind *kind, uint64_t due_ms, struct slice entry)
{
	struct key key = {.n = 0};

	if (!due_ms)
		return;
	key_u64(&key, due_ms);
	key_byte(&key, kind->number);
	key_add(&key, entry);
	derive_row(to, TABLE_DUE, &key);
}

void
derive_count(struct derived *to, const struct kind *kind, unsigned state)
{
	struct key key = {.n = 0};

	key_byte(&key, kind->number);
	key_byte(&key, state);
	derive_sum(to, TABLE_SUM, &key, 1);
}

void
derive_owned(struct derived *to, const struct kind *kind, uint64_t owner, struct slice entry)
{
	struct key key = {.n = 0};

	if (!owner)
		return;
	key_byte(&key, (unsigned char)ref_letter(owner));
	key_u64(&key, ref_number(owner));
	key_byte(&key, kind->number);
	key_add(&key, entry);
	derive_row(to, TABLE_OWNER, &key);
}

void
derive_on_node(struct derived *to, const struct kind *kind, uint64_t node, uint64_t id)
{
	struct key key = {.n = 0};

	if (!node)
		return;
	key_u64(&key, node);
	key_byte(&key, kind->number);
	key_u64(&key, id);
	derive_row(to, TABLE_ON_NODE, &key);
}

void
derive_live(struct derived *to, const struct kind *kind, uint64_t id)
{
	struct key key = {.n = 0};

	key_byte(&key, kind->number);
	key_u64(&key, id);
	derive_row(to, TABLE_LIVE, &key);
}
