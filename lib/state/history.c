#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/scan.h"
#include "state/cluster.h"
#include "state/event.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"
#include "state/resolve.h"
#include "store/txn.h"

/* Above all event numbers; as bytes, below the rest of any longer key: no key holds a NUL. */
#define SEQ_END (UINT64_C(1) << 56)

int
history_next(struct cluster *c, const struct located *of, uint64_t from, bool backward,
    uint64_t *seq, struct err *e)
{
	struct key first = {.n = 0}, last;
	struct slice row, value;
	struct scan scan;
	int got;

	key_byte(&first, of->kind->number);
	key_add(&first, key_slice(&of->key));
	last = first;
	key_u64(&first, backward ? 0 : from);
	key_u64(&last, backward && from ? from + 1 : SEQ_END);
	if (scan_open(&scan, c->txn, TABLE_HISTORY,
		&(struct scan_range){
		    .from = key_slice(&first), .to = key_slice(&last), .backward = backward},
		e))
		return -1;
	got = scan_next(&scan, &row, &value, e);
	if (got > 0)
		*seq = key_tail(row);
	scan_close(&scan);
	return got;
}

/* Transactions are in order of time, so a binary search over event numbers finds the moment. */
int
history_at(struct cluster *c, uint64_t time_ms, uint64_t *seq, struct err *e)
{
	uint64_t horizon = txn_horizon(c->txn), low = horizon,
		 high = txn_seq(c->txn) + 1; /* early below low, late from high on */
	struct transaction t;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		int got = event_transaction(c, middle, &t, e);

		if (got < 0)
			return -1;
		if (got > 0 && t.time_ms > time_ms)
			high = t.txn < low ? low : t.txn;
		else
			low = got > 0 ? t.txn + t.count : middle + 1;
	}
	*seq = low - 1;
	/* before the horizon: the state of that time is lost */
	if (low == horizon && horizon > 1 && horizon <= txn_seq(c->txn))
		--*seq;
	return 0;
}

/*
 * Reads event `seq` and applies it to its record. The arena is reset when the next transaction
 * begins, so a long history needs no more memory than its longest transaction.
 */
static int
step(struct event_reader *reader, uint64_t seq, struct arena_mark mark, enum direction direction,
    struct err *e)
{
	const struct transaction *t = &reader->transaction;
	struct event event;
	int got;

	if (seq < t->txn || seq >= t->txn + t->count) {
		arena_rewind(reader->c->arena, mark);
		memset(&reader->transaction, 0, sizeof reader->transaction);
	}
	got = event_read(reader, seq, &event, e);
	if (got == 0)
		return err_set(e, ERR_STORE, "event %llu is missing", (unsigned long long)seq);
	return got < 0 ? -1 : apply(reader->c, &event, event.time_ms, direction, e);
}

int
history_back(struct cluster *c, uint64_t to, struct err *e)
{
	struct event_reader reader = {.c = c};
	struct arena_mark mark = arena_mark(c->arena);
	uint64_t seq;

	for (seq = txn_seq(c->txn); seq > to; seq--)
		if (step(&reader, seq, mark, BACKWARD, e))
			return -1;
	return 0;
}

int
history_forward(struct cluster *c, uint64_t from, struct err *e)
{
	struct event_reader reader = {.c = c};
	struct arena_mark mark = arena_mark(c->arena);
	uint64_t seq;

	for (seq = from; seq <= txn_seq(c->txn); seq++)
		if (step(&reader, seq, mark, FORWARD, e))
			return -1;
	return 0;
}

int
history_rewind(struct cluster *c, uint64_t seq, struct arena *kept, struct err *e)
{
	if (seq < txn_horizon(c->txn) - 1)
		return err_set(e, ERR_HORIZON, "the history begins later: horizon %llu",
		    (unsigned long long)txn_horizon(c->txn));
	if (seq > txn_seq(c->txn))
		return err_set(e, ERR_NO, "event %llu does not exist yet: the last one is %llu",
		    (unsigned long long)seq, (unsigned long long)txn_seq(c->txn));
	if (txn_overlay(c->txn, kept, e))
		return -1;
	return history_back(c, seq, e);
}
