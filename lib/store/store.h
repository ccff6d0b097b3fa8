/*
 * store: one directory, many processes, nothing lost. Ordered rows under (table, key) in
 * transactions; one writer at a time, readers see a snapshot. What a row means is not known here.
 * Only this room knows LMDB.
 *
 * Every pointer handed out by a transaction lives until that transaction ends or writes, whichever
 * is first. Errors: ERR_STORE (missing, unreadable, corrupt, full, foreign), ERR_BUSY (the writer
 * lock was not had in time).
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/slice.h"

struct arena;
struct err;
struct store;
struct txn;

#define STORE_FORMAT 1
#define STORE_KEY_MAX 400 /* bytes, without the table byte */
#define STORE_COUNTERS 26 /* one for each capital letter */

struct store_id {
	uint8_t bytes[16];
};

/* Fixed at init (and, later, at restore); read once at open. Lives as long as the store. */
struct store_meta {
	uint32_t format;
	uint64_t needed, ignorable; /* feature bits */
	/* "glibc" … and the size of the lock layout: two that differ must not share a directory */
	char c_library[32];
	bool given_clock; /* made with a test clock */
	uint64_t created_ms;
	struct store_id cluster, history, parent;
	uint64_t fork_seq;
	char name[128]; /* of the cluster, may be "" */
};

struct store_init {
	const char *name; /* NULL: none */
	bool shared;	  /* 2770 instead of 0700 */
	bool given_clock;
	uint64_t clock_ms; /* the given clock's first value */
};

/*
 * Makes the directory and everything in it, and flushes files and directories. *made is false if a
 * store was there already, which is left as it is. A directory with other files in it is refused.
 * Root becomes the owner of a directory that is there.
 */
int store_init(const char *dir, const struct store_init *init, bool *made, struct err *e);

struct store_options {
	uint64_t lock_timeout_ms; /* 0: fail at once */
	/* overrides the given clock (refused on a store with a real one); 0: no */
	uint64_t now_ms;
	/* called by LMDB's assertion handler; must not return */
	void (*damaged)(const char *message);
	/* a remark that is no failure (overlayfs); may be NULL */
	void (*warn)(const char *message);
	/* no write transaction will follow: a file system mounted read-only will do */
	bool reading_only;
};

/*
 * Opens an existing store. Checks the file system (gcs-state(5)), the owner, links and types of the
 * files, the size of the data file, format, C library and process namespace, each refused by name.
 * One store is open in a process, and not across a fork: both are refused. Root becomes the
 * directory's owner, for good.
 */
int store_open(
    struct store **store, const char *dir, const struct store_options *options, struct err *e);
void store_close(struct store *store);

const struct store_meta *store_meta(const struct store *store);
int store_dir(const struct store *store); /* the directory's descriptor; the store's */
/* One of the directories in it ("run", "log"): a descriptor for the caller to close, or ERR_STORE. */
int store_subdir(const struct store *store, const char *name, struct err *e);
/* that directory was removed; what is read of it may be there still */
bool store_gone(const struct store *store);
const char *store_path(const struct store *store); /* as it was given to store_open */
/* the clock of the store, outside a transaction */
uint64_t store_now(struct store *store);

enum txn_end { TXN_COMMIT, TXN_ABORT };

/*
 * Runs body inside one transaction. body returns 0 to end it as it asked with txn_end_as (commit
 * unless told), -1 to abort it with an error. It may be run more than once (the map grew): it must
 * depend on nothing but the store, its arguments and the clock, and begin by forgetting what an
 * earlier run left. In a write transaction all signals are blocked: body neither reads, prints,
 * sleeps nor waits. A commit that returned 0 is durable.
 */
int store_read(struct store *store, int (*body)(struct txn *, void *, struct err *), void *argument,
    struct err *e);
int store_write(struct store *store, bool frees, int (*body)(struct txn *, void *, struct err *),
    void *argument, struct err *e);
/*
 * frees: the body makes room (deletes), so it may use the reserve on a full disk and pass the
 * quota.
 */

bool txn_writes(const struct txn *txn);
void txn_end_as(struct txn *txn, enum txn_end end);

/*
 * Turns a read transaction into one whose writes are kept in memory, seen by its own reads and
 * dropped at its end (from then on txn_put and txn_delete are allowed).
 */
int txn_overlay(struct txn *txn, struct arena *a, struct err *e);

/* 1 and *value, or 0 if there is none. Checksums are verified. */
int txn_get(
    struct txn *txn, unsigned char table, struct slice key, struct slice *value, struct err *e);
/*
 * A value of more than 2 KiB must not lie in a row of this transaction: what moves when a row is
 * written is undefined.
 */
int txn_put(
    struct txn *txn, unsigned char table, struct slice key, struct slice value, struct err *e);
/* 1 if it was there, 0 if not. */
int txn_delete(struct txn *txn, unsigned char table, struct slice key, struct err *e);

/*
 * Rows with from <= key < to, ascending, or descending if backward. An empty `to` means the end of
 * the table. The transaction may write between two calls of scan_next. Not more than 16 open at a
 * time; a transaction's end closes what is open.
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

/* The version of what this transaction sees: number of its last event. */
uint64_t txn_seq(const struct txn *txn);
/* Takes the next event number. */
uint64_t txn_seq_next(struct txn *txn);
/* The oldest event that is kept; state at horizon - 1 is the start of the log. At least 1. */
uint64_t txn_horizon(const struct txn *txn);
void txn_horizon_set(struct txn *txn, uint64_t seq);

/* The last id given out under a letter 'A'..'Z', and the next one. */
uint64_t txn_counter(const struct txn *txn, char letter);
uint64_t txn_counter_next(struct txn *txn, char letter);

/* The transaction's time: read once at its begin; the given clock if the store has one. */
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
 * Refuse txn_put (unless the transaction frees) once the pages in use pass this many bytes; 0: no
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
 * Verifies every row's checksum, that each is found by its key and that none is missing, and counts
 * the rows of each table: 0, or -1 with the first damaged row. Of an overlay only what is below it
 * is looked at.
 */
int txn_verify(struct txn *txn, uint64_t rows[256], struct err *e);

#endif
