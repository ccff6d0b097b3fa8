/* The row of counters: the last event number, the ids assigned, the clocks. */
#include "store/internal.h"

#include "base/buf.h"
#include "base/wire.h"

#define COUNTERS_TABLE 'c'
#define COUNTERS_KEY "counters"

enum {
	COUNTER_SEQ = 1,
	COUNTER_HORIZON,
	COUNTER_LAST_MS,
	COUNTER_GIVEN_MS,
	COUNTER_ID = 10 /* and 25 more */
};

static uint64_t *
counter_of(struct counters *counters, uint32_t number)
{
	switch (number) {
	case COUNTER_SEQ:
		return &counters->seq;
	case COUNTER_HORIZON:
		return &counters->horizon;
	case COUNTER_LAST_MS:
		return &counters->last_ms;
	case COUNTER_GIVEN_MS:
		return &counters->given_ms;
	}
	if (number < COUNTER_ID || number >= COUNTER_ID + STORE_COUNTERS)
		return NULL;
	return &counters->id[number - COUNTER_ID];
}

int
counters_load(struct txn *txn, struct err *e)
{
	struct wire_field field = {0};
	struct slice row;
	uint64_t *counter;
	int rc;

	txn->counters = (struct counters){.horizon = 1};
	rc = txn_get(txn, COUNTERS_TABLE, slice_of(COUNTERS_KEY), &row, e);
	if (rc < 0 || (rc == 0 && txn->store->making))
		return rc;
	while (rc == 1 && (rc = wire_next(&row, &field)) == 1) {
		counter = counter_of(&txn->counters, field.number);
		if (counter)
			*counter = field.value;
		if (!row.n)
			return 0;
	}
	return store_damaged(txn->store, "the row of counters", e);
}

/* Fields unknown to this program stay in the row. */
int
counters_save(struct txn *txn, struct err *e)
{
	struct arena *a = &txn->store->arena;
	struct arena_mark mark = arena_mark(a);
	struct buf known = {.arena = a}, fields = {.arena = a}, out = {.arena = a};
	struct slice before = {NULL, 0};
	const uint64_t *counter;
	int rc;

	for (uint32_t number = 1; number < COUNTER_ID + STORE_COUNTERS; number++) {
		counter = counter_of(&txn->counters, number);
		if (!counter)
			continue;
		wire_varint(&known, number);
		if (*counter)
			wire_put_u64(&fields, number, *counter);
	}
	rc = txn_get(txn, COUNTERS_TABLE, slice_of(COUNTERS_KEY), &before, e);
	if (rc >= 0 && wire_patch(before, buf_slice(&known), buf_slice(&fields), &out))
		rc = store_damaged(txn->store, "the row of counters", e);
	if (rc >= 0) {
		txn->quota = 0;
		rc = txn_put(txn, COUNTERS_TABLE, slice_of(COUNTERS_KEY), buf_slice(&out), e);
	}
	arena_rewind(a, mark);
	return rc < 0 ? -1 : 0;
}
