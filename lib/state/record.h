/*
 * record: the only way to change records. record_put writes the row, its derived rows and the event
 * of the change, in one transaction; apply moves a row along an event, forward or back.
 */
#ifndef STATE_RECORD_H
#define STATE_RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include "base/slice.h"

struct arena;
struct cluster;
struct derived;
struct err;
struct event;
struct kind;

/* Fills a zeroed struct, in the arena. 1, or 0 if there is none, or -1. */
int record_get(
    struct cluster *c, const struct kind *kind, struct slice key, void *record, struct err *e);
int record_get_number(
    struct cluster *c, const struct kind *kind, uint64_t number, void *record, struct err *e);

/* The row as stored, copied to the arena: 1, 0 or -1. */
int record_row(
    struct cluster *c, const struct kind *kind, struct slice key, struct slice *row, struct err *e);

/*
 * Creates or changes a record and appends the event. born, rev, created_ms and updated_ms are
 * filled in. The event's type follows from the state, else the kind's `updated`. Refuses
 * transitions that the kind's states do not allow, and with --if-rev a direct change (cause 0) of a
 * record at another rev: ERR_REFUSED. *seq (may be NULL) is 0 if nothing differs: then nothing is
 * written.
 */
int record_put(struct cluster *c, const struct kind *kind, void *record, uint64_t cause,
    uint64_t *seq, struct err *e);

/* The same, with an event of this type (0: as above). */
struct told {
	unsigned type;
	uint64_t cause;
};
int record_put_as(struct cluster *c, const struct kind *kind, void *record, struct told told,
    uint64_t *seq, struct err *e);

/* Removes a record and appends the event `removed`. */
int record_remove(struct cluster *c, const struct kind *kind, const void *record, uint64_t cause,
    uint64_t *seq, struct err *e);

/* The number of the next event of this transaction. */
uint64_t record_next_seq(const struct cluster *c);

enum direction { FORWARD, BACKWARD };

/*
 * The row of an event's record on the other side of the event (empty: none), in the cluster's
 * arena; nothing is written.
 */
int event_fold(struct cluster *c, const struct event *event, uint64_t time_ms,
    enum direction direction, struct slice *row, struct err *e);

/* Moves the record of an event, with its derived rows, to the other side of the event. time_ms: of
 * its transaction. */
int apply(struct cluster *c, const struct event *event, uint64_t time_ms, enum direction direction,
    struct err *e);

/* The derived rows of a stored row (empty: none). */
int record_derive(
    const struct kind *kind, struct slice row, struct derived *to, struct arena *a, struct err *e);

/* The number of records of a kind in a state (0: of a kind without states). */
int record_count(
    struct cluster *c, const struct kind *kind, unsigned state, uint64_t *count, struct err *e);

#endif
