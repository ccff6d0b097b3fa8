/* scan: the rows of a table in order, as a transaction sees them. */
#ifndef STORE_SCAN_H
#define STORE_SCAN_H

#include "store/txn.h"

/*
 * Rows with from <= key < to, ascending, or descending if backward. An empty `to` means the end of
 * the table. The transaction may write between two calls of scan_next. At most 16 may be open at a
 * time; the end of the transaction closes them.
 */
struct scan {
	struct txn *txn;
	void *cursor;
	unsigned char table;
	bool backward, started;
	uint64_t generation;
	size_t from_n, to_n, last_n;
	unsigned char from[STORE_KEY_MAX + 2], to[STORE_KEY_MAX + 2], last[STORE_KEY_MAX + 2];
};

struct scan_range {
	struct slice from, to;
	bool backward;
};
int scan_open(struct scan *scan, struct txn *txn, unsigned char table,
    const struct scan_range *range, struct err *e);
/* All rows of the table, ascending. */
int scan_table(struct scan *scan, struct txn *txn, unsigned char table, struct err *e);
/* 1, 0 at the end, -1 */
int scan_next(struct scan *scan, struct slice *key, struct slice *value, struct err *e);
void scan_close(struct scan *scan);

/* The rows whose keys begin with prefix. */
int scan_prefix(struct scan *scan, struct txn *txn, unsigned char table, struct slice prefix,
    bool backward, struct err *e);

#endif
