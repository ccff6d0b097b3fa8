#include "place/capacity.h"

#include <string.h>

#include "base/err.h"
#include "rec/records.h"
#include "state/cluster.h"
#include "state/derive.h"
#include "state/key.h"
#include "store/txn.h"

static struct key
offer_key(char letter, uint64_t id)
{
	struct key key = {.n = 0};

	key_byte(&key, (unsigned char)letter);
	key_u64(&key, id);
	return key;
}

static void
column(struct derived *to, const struct key *key, const char *resource, enum capacity_kind kind,
    uint64_t instance, uint64_t amount)
{
	struct key name = {.n = 0};

	key_add(&name, slice_of(resource));
	key_byte(&name, 0);
	if (kind != CAPACITY_STATE)
		key_byte(&name, kind);
	if (kind == CAPACITY_INSTANCE) {
		key_byte(&name, instance >> 8 & 255);
		key_byte(&name, instance & 255);
	}
	derive_column(to, TABLE_CAPACITY, key, key_slice(&name), (int64_t)amount);
}

void
capacity_derive(struct derived *to, const struct node *node)
{
	struct key key = offer_key('N', node->id);
	const struct amount *a;

	if (node->state == NODE_DEAD)
		return;
	column(to, &key, "", CAPACITY_STATE, 0, 2 * (uint64_t)node->state + node->cordoned);
	for (a = node->total.v; a < node->total.v + node->total.n; a++)
		column(
		    to, &key, a->name, a->indexed ? CAPACITY_INDEXED : CAPACITY_TOTAL, 0, a->value);
}

void
capacity_derive_uses(struct derived *to, const struct lease *lease)
{
	struct key key =
	    lease->parent ? offer_key('L', lease->parent) : offer_key('N', lease->node);
	const struct instance *instance = lease->instances.v;
	size_t i;

	for (i = 0; i < lease->resources.n; i++)
		column(to, &key, lease->resources.v[i].name, CAPACITY_USED, 0,
		    lease->resources.v[i].value);
	for (i = 0; i < lease->instances.n; i++)
		column(to, &key, instance[i].resource, CAPACITY_INSTANCE, instance[i].index,
		    instance[i].amount);
}

int
capacity_next(struct capacity_row *offer)
{
	struct columns *at = &offer->columns;
	size_t before = offer->resource ? offer->resource_n : COLUMN_MOST, n;
	int got = columns_next(at);
	const unsigned char *nul;

	if (got <= 0)
		return got;
	offer->same = at->shared > before;
	nul = offer->same ? at->name + before : memchr(at->name, 0, at->n);
	if (!nul)
		return -1;
	n = (size_t)(nul - at->name) + 1;
	offer->resource = (const char *)at->name;
	offer->resource_n = n - 1;
	offer->kind = n < at->n ? (enum capacity_kind)at->name[n] : CAPACITY_STATE;
	offer->amount = at->sum;
	offer->instance = 0;
	if (offer->kind != CAPACITY_INSTANCE)
		return 1;
	if (at->n != n + 3)
		return -1;
	offer->instance = (uint64_t)at->name[n + 1] << 8 | at->name[n + 2];
	return 1;
}

int
capacity_read(
    struct cluster *c, char letter, uint64_t id, struct capacity_row *offer, struct err *e)
{
	struct key key = offer_key(letter, id);

	*offer = (struct capacity_row){.kind = CAPACITY_STATE};
	return txn_get(c->txn, TABLE_CAPACITY, key_slice(&key), &offer->columns.rest, e) < 0 ? -1
											     : 0;
}

int
capacity_malformed(struct err *e)
{
	return err_set(e, ERR_STORE, "a row of table '%c' is malformed", TABLE_CAPACITY);
}
