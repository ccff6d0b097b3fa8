/*
 * columns: derived rows of many sums. Records add to columns of a row; a column that comes to 0 is
 * not there, nor is a row without columns. So the row is a function of the records, whatever the
 * order in which they came.
 *
 * A row has its columns in ascending order of name, each as: a byte, how much of the name is as in
 * the column before; a byte, how many more follow; these; the sum as a varint.
 */
#ifndef STATE_COLUMNS_H
#define STATE_COLUMNS_H

#include <stdint.h>
#include "base/slice.h"

struct cluster;
struct derived;
struct err;

#define COLUMN_MOST 128 /* bytes of a name */

/* Goes along a row: rest is the row at first, all else 0. */
struct columns {
	struct slice rest;
	unsigned char name[COLUMN_MOST]; /* of the column it is at, n bytes */
	size_t n, shared;		 /* as in the one before */
	uint64_t sum;
};

/* The next column: 1, 0 at the end, -1 if the row is malformed. */
int columns_next(struct columns *at);

/* Adds the amounts of all these rows, each to its column; they are 0 afterwards. */
int columns_add(struct cluster *c, struct derived *changes, struct err *e);

#endif
