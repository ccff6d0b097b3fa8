/*
 * capacity: the total and used resources of a node, in one derived row, so that placement reads
 * neither nodes nor leases. A lease with inner leases has such a row too, for their use.
 */
#ifndef PLACE_CAPACITY_H
#define PLACE_CAPACITY_H

#include <stdbool.h>
#include <stdint.h>
#include "state/columns.h"
#include "state/kind.h"

/* The letter in a column's name, after the resource and NUL. */
enum capacity_kind {
	CAPACITY_STATE = 0,	 /* 2 * state, and 1 if cordoned: a column without resource */
	CAPACITY_INDEXED = 'i',	 /* total, and it has instances */
	CAPACITY_TOTAL = 't',	 /* total */
	CAPACITY_USED = 'u',	 /* used of the whole */
	CAPACITY_INSTANCE = 'x', /* used of an instance, whose number follows in 2 bytes */
};

/* The amounts that a live node adds to its row, and a lease to that of its node or parent. */
void capacity_derive(struct derived *to, const struct node *node);
void capacity_derive_uses(struct derived *to, const struct lease *lease);

/* Iterates over a row; starts all 0 except columns.rest, the row. */
struct capacity_row {
	struct columns columns;
	enum capacity_kind kind;
	const char *resource; /* "" with CAPACITY_STATE; until the next call */
	size_t resource_n;
	bool same; /* the resource is that of the column before */
	uint64_t instance, amount;
};

/* The next column: 1, 0 at the end, -1 if malformed. */
int capacity_next(struct capacity_row *offer);

/* The row of a node ('N') or lease ('L'), empty if there is none. 0 or -1. */
int capacity_read(
    struct cluster *c, char letter, uint64_t id, struct capacity_row *offer, struct err *e);

/* ERR_STORE: the row of a node or lease is malformed. */
int capacity_malformed(struct err *e);

#endif
