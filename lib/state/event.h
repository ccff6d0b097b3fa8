/* event: the log. Each transaction has one row, and so has each of its events; readers see both
 * joined. */
#ifndef STATE_EVENT_H
#define STATE_EVENT_H

#include <stdbool.h>
#include <stdint.h>
#include "rec/form.h"
#include "rec/records.h"

struct buf;
struct cluster;
struct err;
struct key;
struct kind;
struct kinds;
struct located;

/* Appends the event and its row of history. For record.c. */
int event_append(struct cluster *c, const struct event *event, struct err *e);

/* The row of the transaction that holds event `seq`. 1, 0 or -1. */
int event_transaction(struct cluster *c, uint64_t seq, struct transaction *t, struct err *e);

/*
 * Reads successive events without looking up the transaction for each. Start with {.c = c}. The
 * event is complete except for before and after, which event_show fills. 1, 0 (no such event), -1.
 */
struct event_reader {
	struct cluster *c;
	struct transaction transaction;
};
int event_read(struct event_reader *r, uint64_t seq, struct event *event, struct err *e);

/* The primary key of an event's record, which is of this kind. */
void event_key(const struct kind *kind, const struct event *event, struct key *key);

/* Fills before and after with JSON objects. */
int event_show(const struct kinds *kinds, struct event *event, struct arena *a, struct err *e);

/* "state: ALIVE -> DEAD" and so on, one part for each changed field, joined by "; ". For people. */
int event_diff(const struct kinds *kinds, const struct event *event, const struct form *form,
    struct arena *a, struct buf *out, struct err *e);

/* Adds what a plan compares: type, record and changed values, without times and event numbers. */
int event_plan(const struct kinds *kinds, const struct event *event, struct arena *a,
    struct buf *out, struct err *e);

/*
 * The event numbers of one record in turn, starting at from; ascending, or descending if backward
 * (from 0: the last).
 */
int history_next(struct cluster *c, const struct located *of, uint64_t from, bool backward,
    uint64_t *seq, struct err *e);

/* The number of the last event at or before a time, horizon - 1 if there is none; below the horizon
 * if that event was deleted. */
int history_at(struct cluster *c, uint64_t time_ms, uint64_t *seq, struct err *e);

/*
 * Rewinds the whole state in this (read) transaction to right after event `seq`, in memory (in
 * `kept`, which lives as long as the transaction and is not the cluster's arena). ERR_HORIZON if
 * the history does not reach that far back, ERR_NO if that event does not exist yet.
 */
int history_rewind(struct cluster *c, uint64_t seq, struct arena *kept, struct err *e);

/* Folds the log back to right after event `to`, or forward from event `from` to the end; needs an
 * overlay or a write transaction. */
int history_back(struct cluster *c, uint64_t to, struct err *e);
int history_forward(struct cluster *c, uint64_t from, struct err *e);

#endif
