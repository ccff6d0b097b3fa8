/* undo: reverts a transaction, as a new change. */
#ifndef MODEL_UNDO_H
#define MODEL_UNDO_H

#include <stdint.h>

struct cluster;
struct err;
struct event;

/*
 * Undoes every event of the transaction that holds event `seq`, last first. ERR_NO (no such event),
 * ERR_HORIZON, ERR_REFUSED: an event that cannot be undone (an ending, a registration), or a field
 * changed again since. *refused: the event whose type cannot be undone (seq 0: none).
 */
int undo(struct cluster *c, uint64_t seq, struct event *refused, struct err *e);

#endif
