#include "model/undo.h"

#include <string.h>

#include "base/array.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/wire.h"
#include "state/cluster.h"
#include "state/config.h"
#include "state/event.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"
#include "store/txn.h"

static bool
undoable(const struct event *event)
{
	static const enum event_type types[] = {EVENT_NODE_DRAINING, EVENT_NODE_UPDATED,
	    EVENT_KV_PUT, EVENT_KV_DELETED, EVENT_CONFIG_SET};
	size_t i = 0;

	while (i < ARRAY_LENGTH(types) && types[i] != event->type)
		i++;
	return i < ARRAY_LENGTH(types);
}

static int
undo_refuse(const struct event *event, struct event *refused, struct err *e)
{
	if (event->type == EVENT_CONFIG_SET && !strcmp(event->name, CONFIG_CLOCK))
		return err_set(e, ERR_REFUSED, "event %llu: the clock does not go back",
		    (unsigned long long)event->seq);
	if (undoable(event))
		return 0;
	*refused = *event;
	return err_set(e, ERR_REFUSED, "event %llu (%s) cannot be undone",
	    (unsigned long long)event->seq, enum_text(&event_types, event->type));
}

/* The changed fields must still hold what the event stored. */
static int
unchanged_since(struct cluster *c, const struct event *event, struct slice row, struct err *e)
{
	struct buf again = {.arena = c->arena};

	if (wire_patch(row, event->changed, event->new, &again))
		return err_set(
		    e, ERR_STORE, "event %llu is malformed", (unsigned long long)event->seq);
	if ((row.n == 0) != event->gone || slice_compare(buf_slice(&again), row))
		return err_set(e, ERR_REFUSED, "%s was changed again since event %llu", event->name,
		    (unsigned long long)event->seq);
	return 0;
}

static int
undo_event(struct cluster *c, const struct event *event, struct event *refused, struct err *e)
{
	const struct kind *kind = kind_of(c->kinds, event->kind);
	struct buf back = {.arena = c->arena};
	struct slice row;
	struct key key;
	void *record;

	if (undo_refuse(event, refused, e))
		return -1;
	event_key(kind, event, &key);
	if (record_row(c, kind, key_slice(&key), &row, e) < 0 || unchanged_since(c, event, row, e))
		return -1;
	record = arena_alloc(c->arena, kind->rec->size);
	if (!event->prev_rev)
		return rec_decode(kind->rec, record, row, c->arena, e) ||
			       record_remove(c, kind, record, 0, NULL, e) < 0
			   ? -1
			   : 0;
	if (wire_patch(row, event->changed, event->old, &back) ||
	    rec_decode(kind->rec, record, buf_slice(&back), c->arena, e))
		return err_set(
		    e, ERR_STORE, "event %llu is malformed", (unsigned long long)event->seq);
	return kind->restore ? kind->restore(c, record, e)
			     : record_put(c, kind, record, 0, NULL, e);
}

int
undo(struct cluster *c, uint64_t seq, struct event *refused, struct err *e)
{
	struct event_reader reader = {.c = c};
	struct transaction t;
	struct event event;
	uint64_t i;
	int got;

	*refused = (struct event){0};
	if (seq < txn_horizon(c->txn) && seq)
		return err_set(e, ERR_HORIZON, "the history begins later: horizon %llu",
		    (unsigned long long)txn_horizon(c->txn));
	if (!seq || seq > txn_seq(c->txn))
		return err_set(e, ERR_NO, "no event has the number %llu", (unsigned long long)seq);
	if (event_transaction(c, seq, &t, e) < 0)
		return -1;
	if (event_read(&reader, t.txn, &event, e) > 0 && undo_refuse(&event, refused, e))
		return -1; /* the command's own event gives the best advice */
	for (i = t.txn + t.count; i-- > t.txn;) {
		got = event_read(&reader, i, &event, e);
		if (got <= 0)
			return got < 0 ? -1
				       : err_set(e, ERR_STORE, "event %llu is missing",
					     (unsigned long long)i);
		if (undo_event(c, &event, refused, e))
			return -1;
	}
	return 0;
}
