/*
 * lock: a name held by a running process: exclusive, shared, or as one of n slots. It ends with its
 * holder, the worker, however that ends.
 */
#ifndef MODEL_LOCK_H
#define MODEL_LOCK_H

#include <stdbool.h>
#include <stdint.h>
#include "rec/records.h"
#include "state/kind.h"

#define LOCK_SLOTS_MAX 4096

/*
 * Whether a lock of this name and mode could be granted now: 1, 0 (it is held), -1. For a LOCK_SLOT
 * fills wanted->slot with the lowest free slot. ERR_USAGE: invalid name, or too many slots;
 * ERR_REFUSED: it is held with another number of slots.
 */
int lock_fits(struct cluster *c, struct lock *wanted, struct err *e);

/*
 * Grants it, if available, to an existing process, which becomes the worker *holder: 1 with both
 * filled, 0 or -1 as above; ERR_REFUSED: the holder's node is DEAD. The lock's node and pid are
 * those of the holder.
 */
int lock_grant(struct cluster *c, struct lock *wanted, struct worker *holder, struct err *e);

/* The verbs of the kind (state/kind.h). */
void lock_derive(const struct kind *kind, const void *record, struct derived *to);
int lock_due(struct cluster *c, struct slice key, struct err *e);
kind_goes lock_owner_ended;
int lock_computed(struct cluster *c, void *record, const struct computed *from, struct err *e);

#endif
