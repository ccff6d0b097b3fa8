/*
 * txn: operations inside a transaction (store_read, store_write): on rows, and on the store's own
 * numbers and clocks.
 *
 * Every returned pointer lives until the transaction ends or writes, whichever is first. Errors:
 * ERR_STORE (missing, unreadable, corrupt, full, foreign).
 */
#ifndef STORE_TXN_H
#define STORE_TXN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/slice.h"

struct arena;
struct err;
struct txn;

#define STORE_KEY_MAX 400 /* bytes, without the table byte */

enum txn_end { TXN_COMMIT, TXN_ABORT };
typedef int txn_body(struct txn *txn, void *argument, struct err *e);

bool txn_writes(const struct txn *txn);
void txn_end_as(struct txn *txn, enum txn_end end);

/*
 * Turns a read transaction into one whose writes are kept in memory, seen by its own reads and
 * dropped at its end (from then on txn_put and txn_delete are allowed).
 */
int txn_overlay(struct txn *txn, struct arena *a, struct err *e);

/* 1 and *value, or 0 if the row does not exist. Checksums are verified. */
int txn_get(
    struct txn *txn, unsigned char table, struct slice key, struct slice *value, struct err *e);
/*
 * A value of more than 2 KiB must not point into a row of this transaction: writing a row may move
 * others.
 */
int txn_put(
    struct txn *txn, unsigned char table, struct slice key, struct slice value, struct err *e);
/* 1 if it existed, 0 if not. */
int txn_delete(struct txn *txn, unsigned char table, struct slice key, struct err *e);

/* The version that this transaction sees: the number of its last event. */
uint64_t txn_seq(const struct txn *txn);
/* Takes the next event number. */
uint64_t txn_seq_next(struct txn *txn);
/* The oldest event kept; the log starts from the state at horizon - 1. At least 1. */
uint64_t txn_horizon(const struct txn *txn);
void txn_horizon_set(struct txn *txn, uint64_t seq);

/* The last id assigned for a letter 'A'..'Z', and the next one. */
uint64_t txn_counter(const struct txn *txn, char letter);
uint64_t txn_counter_next(struct txn *txn, char letter);

/* The transaction's time: read once at its start; the given clock if the store has one. */
uint64_t txn_now(const struct txn *txn);
/* The given clock as kept in the store (0 on a real one), and its next value. */
uint64_t txn_given_clock(const struct txn *txn);
void txn_given_clock_set(struct txn *txn, uint64_t ms);
/* The time of the last event, which no later event may precede. */
uint64_t txn_last_ms(const struct txn *txn);
void txn_last_ms_set(struct txn *txn, uint64_t ms);

/*
 * This commit's second flush may come after the lock is released (`config sync group`). Still
 * durable on return.
 */
void txn_sync_group(struct txn *txn);

/*
 * Refuse txn_put (unless the transaction frees) once the pages in use exceed this many bytes; 0: no
 * quota.
 */
void txn_quota(struct txn *txn, uint64_t bytes);

/* Sizes for `stat` and `status`. */
struct store_size {
	uint64_t file_bytes, map_bytes, used_bytes;
	uint32_t readers, page_bytes;
};
int txn_size(struct txn *txn, struct store_size *size, struct err *e);

/*
 * Verifies that every row has the right checksum and is found by its key and that none is missing,
 * and counts the rows of each table: 0, or -1 with the first damaged row. Ignores an overlay.
 */
int txn_verify(struct txn *txn, uint64_t rows[256], struct err *e);

#endif
