#include "state/derive.h"

#include <string.h>

#include "base/arena.h"
#include "rec/rec.h"
#include "state/key.h"
#include "state/kind.h"

static struct derived_row *
derive_add(struct derived *to, unsigned char table, const struct key *key, int64_t amount)
{
	struct derived_row *v;

	to->v = arena_push(to->arena, to->v, to->n, sizeof *to->v);
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
