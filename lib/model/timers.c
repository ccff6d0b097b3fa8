#include "model/timers.h"

#include "base/arena.h"
#include "base/duration.h"
#include "base/err.h"
#include "sched/schedule.h"
#include "state/cluster.h"
#include "state/config.h"
#include "state/event.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"
#include "state/request.h"
#include "store/scan.h"
#include "store/txn.h"

/* The time of the first row of a table whose keys begin with a time; 0: none. */
static int
first_time(struct cluster *c, unsigned char table, uint64_t *ms, struct err *e)
{
	struct slice key, value;
	struct scan scan;
	int got;

	if (scan_table(&scan, c->txn, table, e))
		return -1;
	got = scan_next(&scan, &key, &value, e);
	*ms = got > 0 ? key_tail((struct slice){key.p, 8}) : 0;
	scan_close(&scan);
	return got < 0 ? -1 : 0;
}

static void
earlier(uint64_t *least, uint64_t ms)
{
	if (ms && (!*least || ms < *least))
		*least = ms;
}

/* When the oldest transaction leaves the history: now if there are too many events. */
static int
history_due(struct cluster *c, uint64_t *ms, struct err *e)
{
	uint64_t keep_ms, keep_events, horizon = txn_horizon(c->txn), seq = txn_seq(c->txn);
	struct transaction oldest;

	*ms = 0;
	if (seq < horizon)
		return 0;
	if (config_value(c, SETTING_HISTORY_KEEP, &keep_ms, e) ||
	    config_value(c, SETTING_HISTORY_EVENTS, &keep_events, e))
		return -1;
	if (event_transaction(c, horizon, &oldest, e) < 0)
		return -1;
	*ms = oldest.time_ms + keep_ms + 1;
	if (seq - horizon + 1 > keep_events && oldest.txn + oldest.count <= seq)
		*ms = c->now_ms;
	return 0;
}

/* How many ended records of a kind exceed the number kept. */
static int
ended_surplus(struct cluster *c, const struct kind *kind, uint64_t *surplus, struct err *e)
{
	const struct state_rule *state;
	uint64_t keep, count, ended = 0;

	for (state = kind->states; state < kind->states + kind->nstates; state++) {
		if (!state->ended)
			continue;
		if (record_count(c, kind, state->state, &count, e))
			return -1;
		ended += count;
	}
	*surplus = 0;
	if (ended && config_value(c, kind->keep, &keep, e))
		return -1;
	if (ended)
		*surplus = ended > keep ? ended - keep : 0;
	return 0;
}

int
timers_next(struct cluster *c, uint64_t *due_ms, struct err *e)
{
	const struct kind *kind;
	uint64_t ms, surplus;
	bool left;

	*due_ms = 0;
	if (first_time(c, TABLE_DUE, &ms, e))
		return -1;
	earlier(due_ms, ms);
	if (first_time(c, TABLE_REQUEST_AGE, &ms, e))
		return -1;
	earlier(due_ms, ms ? ms + REQUEST_KEEP_MS : 0);
	if (history_due(c, &ms, e))
		return -1;
	earlier(due_ms, ms);
	for (kind = c->kinds->v; kind < c->kinds->v + c->kinds->n; kind++) {
		if (ended_surplus(c, kind, &surplus, e))
			return -1;
		if (surplus)
			earlier(due_ms, c->now_ms);
	}
	if (schedule_left_over(c, &left, e))
		return -1;
	if (left)
		earlier(due_ms, c->now_ms);
	return 0;
}

static int
due_apply(struct cluster *c, uint64_t *budget, struct err *e)
{
	const struct kind *kind;
	struct slice row, value, key;
	struct scan scan;
	int got = 0, bad = 0;

	if (scan_table(&scan, c->txn, TABLE_DUE, e))
		return -1;
	while (*budget && !bad && (got = scan_next(&scan, &row, &value, e)) > 0) {
		if (key_tail((struct slice){row.p, 8}) > c->now_ms)
			break;
		key = (struct slice){arena_copy(c->arena, row.p + 9, row.n - 9), row.n - 9};
		kind = kind_of(c->kinds, row.p[8]);
		if (kind && kind->due)
			bad = kind->due(c, key, e);
		--*budget;
	}
	scan_close(&scan);
	return got < 0 ? -1 : bad;
}

static int
ended_forget(struct cluster *c, const struct kind *kind, uint64_t *budget, struct err *e)
{
	unsigned char prefix = (unsigned char)kind->number;
	struct slice key, value;
	struct scan scan;
	uint64_t surplus;
	int got = 0;

	if (ended_surplus(c, kind, &surplus, e))
		return -1;
	if (!surplus)
		return 0;
	if (scan_prefix(&scan, c->txn, TABLE_ENDED, (struct slice){&prefix, 1}, false, e))
		return -1;
	while (surplus && *budget && (got = scan_next(&scan, &key, &value, e)) > 0) {
		void *record = arena_alloc(c->arena, kind->rec->size);

		got = record_get_number(c, kind, key_tail(key), record, e);
		if (got < 0 || record_remove(c, kind, record, 0, NULL, e) < 0) {
			got = -1;
			break;
		}
		surplus--;
		--*budget;
	}
	scan_close(&scan);
	return got < 0 ? -1 : 0;
}

/* Deletes an event, with its row of history and the value only it refers to. */
static int
event_forget(struct cluster *c, uint64_t seq, struct err *e)
{
	struct event_reader reader = {.c = c};
	struct key key = {.n = 0}, record, value = {.n = 0};
	const struct kind *kind;
	struct event event;
	uint64_t crc;
	int got = event_read(&reader, seq, &event, e);

	if (got <= 0)
		return got;
	kind = kind_of(c->kinds, event.kind);
	if (kind && kind->kept && kind->kept(kind, &event, &value, &crc, c->arena, e))
		return -1;
	if (value.n && txn_delete(c->txn, TABLE_VALUE, key_slice(&value), e) < 0)
		return -1;
	event_key(kind, &event, &record);
	key_byte(&key, event.kind);
	key_add(&key, key_slice(&record));
	key_u64(&key, seq);
	if (txn_delete(c->txn, TABLE_HISTORY, key_slice(&key), e) < 0)
		return -1;
	key.n = 0;
	key_u64(&key, seq);
	return txn_delete(c->txn, TABLE_EVENT, key_slice(&key), e) < 0 ? -1 : 0;
}

static int
history_trim(struct cluster *c, uint64_t *budget, struct err *e)
{
	struct transaction oldest;
	struct key key;
	uint64_t due, seq;

	while (*budget) {
		if (history_due(c, &due, e))
			return -1;
		if (!due || due > c->now_ms ||
		    event_transaction(c, txn_horizon(c->txn), &oldest, e) < 0)
			return 0;
		for (seq = oldest.txn; seq < oldest.txn + oldest.count; seq++)
			if (event_forget(c, seq, e))
				return -1;
		key.n = 0;
		key_u64(&key, oldest.txn);
		if (txn_delete(c->txn, TABLE_TXN, key_slice(&key), e) < 0)
			return -1;
		txn_horizon_set(c->txn, seq);
		*budget -= oldest.count < *budget ? oldest.count : *budget;
	}
	return 0;
}

int
timers_apply(struct cluster *c, bool *more, struct err *e)
{
	uint64_t budget = TIMERS_MOST, next;
	const struct kind *kind;

	*more = false;
	if (due_apply(c, &budget, e))
		return -1;
	for (kind = c->kinds->v; kind < c->kinds->v + c->kinds->n; kind++)
		if (ended_forget(c, kind, &budget, e))
			return -1;
	if (request_trim(c, &budget, e) || history_trim(c, &budget, e))
		return -1;
	if (schedule_rest(c, e) || schedule_continue(c, more, e))
		return -1;
	if (budget || *more)
		return 0;
	if (timers_next(c, &next, e))
		return -1;
	*more = next && next <= c->now_ms;
	return 0;
}
