#include "doctor/check_internal.h"

#include <string.h>

#include "base/arena.h"
#include "base/crc32c.h"
#include "base/err.h"
#include "state/cluster.h"
#include "state/event.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/kv.h"
#include "state/record.h"
#include "state/resolve.h"
#include "store/txn.h"

/* A change can be shown and reverted: the value that the event replaced is still stored. */
static int
event_value_check(struct check *check, const struct event *event, struct err *e)
{
	const struct kind *kind = kind_of(check->c->kinds, event->kind);
	struct key key = {.n = 0};
	uint64_t crc = 0;
	struct slice value;
	int got;

	if (kind->kept && kind->kept(kind, event, &key, &crc, check->c->arena, e))
		return -1;
	if (!key.n)
		return 0;
	got = txn_get(check->c->txn, TABLE_VALUE, key_slice(&key), &value, e);
	if (got == 0 || (got > 0 && crc && crc32c(0, value.p, value.n) != crc))
		check_problem(check, "the value that event %llu took from %s is %s",
		    (unsigned long long)event->seq, event->name, got ? "damaged" : "missing");
	return got < 0 ? -1 : 0;
}

/* An event is in the history of its record. */
static int
event_place_check(struct check *check, const struct event *event, struct err *e)
{
	struct key history = {.n = 0}, record;
	struct slice value;
	int got;

	event_key(kind_of(check->c->kinds, event->kind), event, &record);
	key_byte(&history, event->kind);
	key_add(&history, key_slice(&record));
	key_u64(&history, event->seq);
	got = txn_get(check->c->txn, TABLE_HISTORY, key_slice(&history), &value, e);
	if (got == 0)
		check_problem(check, "event %llu is missing in the history of %s",
		    (unsigned long long)event->seq, event->name);
	return got < 0 ? -1 : event_value_check(check, event, e);
}

static int
event_check(struct check *check, struct slice key, struct slice row, void *argument, struct err *e)
{
	uint64_t *expected = argument, seq = key_tail(key);
	struct event event = {0};
	struct transaction t;
	int got;

	if (seq != *expected)
		check_problem(check, "events %llu to %llu are missing",
		    (unsigned long long)*expected, (unsigned long long)seq - 1);
	*expected = seq + 1;
	check->events++;
	if (rec_decode(&rec_event, &event, row, check->c->arena, e) || event.seq != seq ||
	    !kind_of(check->c->kinds, event.kind)) {
		check_problem(check, "event %llu is malformed", (unsigned long long)seq);
		return 0;
	}
	if (event.cause >= seq)
		check_problem(
		    check, "event %llu has a cause after itself", (unsigned long long)seq);
	got = event_transaction(check->c, seq, &t, e);
	if (got < 0)
		return -1;
	if (!got || seq >= t.txn + t.count)
		check_problem(
		    check, "event %llu belongs to no transaction", (unsigned long long)seq);
	return event_place_check(check, &event, e);
}

/* Transactions follow each other without a gap. */
static int
transaction_check(
    struct check *check, struct slice key, struct slice row, void *argument, struct err *e)
{
	uint64_t *expected = argument;
	struct transaction t = {0};

	if (rec_decode(&rec_transaction, &t, row, check->c->arena, e) || t.txn != key_tail(key))
		check_problem(
		    check, "transaction %llu is malformed", (unsigned long long)key_tail(key));
	else if (t.txn != *expected || !t.count)
		check_problem(check, "a transaction begins at %llu, where %llu was due",
		    (unsigned long long)t.txn, (unsigned long long)*expected);
	*expected = t.txn + t.count;
	return 0;
}

/* Reads an event without its transaction, which may be damaged. 1, 0 or -1. */
static int
event_alone(struct check *check, uint64_t seq, struct event *event, struct err *e)
{
	struct key key = {.n = 0};
	struct slice row;
	int got;

	memset(event, 0, sizeof *event);
	key_u64(&key, seq);
	got = txn_get(check->c->txn, TABLE_EVENT, key_slice(&key), &row, e);
	if (got > 0 && rec_decode(&rec_event, event, row, check->c->arena, e))
		got = 0;
	return got;
}

static int
rev_check(struct check *check, struct slice key, struct slice row, void *argument, struct err *e)
{
	const struct kind *kind = *(const struct kind **)argument;
	void *record = arena_alloc(check->c->arena, kind->rec->size);
	struct event event;
	uint64_t rev;
	int got;

	(void)key;
	if (rec_decode(kind->rec, record, row, check->c->arena, e))
		return 0;
	rev = record_rev(kind, record);
	if (rev < txn_horizon(check->c->txn))
		return 0;
	got = event_alone(check, rev, &event, e);
	if (got == 0 || (got > 0 && event.kind != kind->number))
		check_problem(check, "%s %s: its rev %llu is no event of it", kind->name,
		    record_label(kind, record, check->c->arena), (unsigned long long)rev);
	return got < 0 ? -1 : 0;
}

int
check_log(struct check *check, struct err *e)
{
	uint64_t expected = txn_horizon(check->c->txn), transactions = expected, history = 0;
	const struct kind *kind;

	if (check_each(check, TABLE_EVENT, event_check, &expected, e))
		return -1;
	if (expected != txn_seq(check->c->txn) + 1)
		check_problem(check, "the log ends at %llu, but %llu events were made",
		    (unsigned long long)expected - 1, (unsigned long long)txn_seq(check->c->txn));
	if (check_each(check, TABLE_HISTORY, check_count, &history, e) ||
	    check_each(check, TABLE_TXN, transaction_check, &transactions, e))
		return -1;
	if (transactions != txn_seq(check->c->txn) + 1)
		check_problem(check, "the transactions end at %llu, the log at %llu",
		    (unsigned long long)transactions - 1,
		    (unsigned long long)txn_seq(check->c->txn));
	if (history != check->events)
		check_problem(check, "the history has %llu rows for %llu events",
		    (unsigned long long)history, (unsigned long long)check->events);
	for (kind = check->c->kinds->v; kind < check->c->kinds->v + check->c->kinds->n; kind++)
		if (check_each(check, kind->table, rev_check, &kind, e))
			return -1;
	return 0;
}

static int
entry_check(struct check *check, struct slice key, struct slice row, void *argument, struct err *e)
{
	struct kv kv = {0};
	struct slice value;

	(void)key;
	(void)argument;
	if (rec_decode(&rec_kv, &kv, row, check->c->arena, e))
		return 0;
	if (!kv_value(check->c, &kv, &value, e))
		return 0;
	check_problem(check, "%s", e->text);
	return 0;
}

/* 1 if a kept event after `rev` replaced or removed that version of the value, 0 or -1. */
static int
version_replaced(struct check *check, struct slice entry, uint64_t rev, struct err *e)
{
	struct located of = {.kind = kind_of(check->c->kinds, KIND_KV)};
	uint64_t seq = rev;
	int got;

	key_add(&of.key, entry);
	while ((got = history_next(check->c, &of, seq + 1, false, &seq, e)) > 0) {
		struct event event;
		struct kv old = {0};

		got = event_alone(check, seq, &event, e);
		if (got < 0)
			return -1;
		if (got == 0 || rec_decode(&rec_kv, &old, event.old, check->c->arena, e))
			continue;
		if (old.value_rev)
			return old.value_rev == rev;
	}
	return got;
}

/* A version is referenced if the entry has it now, or a kept event replaced or removed it. */
static int
version_check(
    struct check *check, struct slice key, struct slice row, void *argument, struct err *e)
{
	struct slice entry = {key.p, key.n < 8 ? 0 : key.n - 8};
	uint64_t rev = key_tail(key);
	struct kv kv = {0};
	int got;

	(void)row;
	(void)argument;
	entry.p = arena_copy(check->c->arena, entry.p, entry.n);
	got = record_get(check->c, kind_of(check->c->kinds, KIND_KV), entry, &kv, e);
	if (got < 0)
		return -1;
	if (got && kv.value_rev == rev)
		return 0;
	got = version_replaced(check, entry, rev, e);
	if (got == 0)
		check_problem(
		    check, "version %llu of a value belongs to nobody", (unsigned long long)rev);
	return got < 0 ? -1 : 0;
}

int
check_values(struct check *check, struct err *e)
{
	if (check_each(check, TABLE_KV, entry_check, NULL, e))
		return -1;
	return check_each(check, TABLE_VALUE, version_check, NULL, e);
}
