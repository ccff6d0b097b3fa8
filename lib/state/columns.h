/*
 * columns: derived rows that hold many sums. Records add to columns of a row; a column of 0 is
 * removed, and so is a row without columns. The row is thus a function of the records, whatever
 * their order.
 *
 * A row stores its columns in ascending order of name, each as: a byte, the length of the prefix
 * shared with the previous name; a byte, the length of the rest; the rest; the sum as a varint.
 */
#ifndef STATE_COLUMNS_H
#define STATE_COLUMNS_H

#include <stdint.h>
#include "base/slice.h"

struct cluster;
struct derived;
struct err;

#define COLUMN_MOST 128 /* bytes of a name */

/* Iterates over a row: rest starts as the row, all else as 0. */
struct columns {
	struct slice rest;
	unsigned char name[COLUMN_MOST]; /* of the current column, n bytes */
	size_t n, shared;		 /* shared with the previous name */
	uint64_t sum;
};

/* The next column: 1, 0 at the end, -1 if the row is malformed. */
int columns_next(struct columns *at);

/* Adds the amounts of all these rows to their columns and resets the amounts to 0. */
int columns_add(struct cluster *c, struct derived *changes, struct err *e);

#endif
