/*
 * internal: declarations shared by the files of this room. Each needs only those above it; only
 * db.c and env.c include lmdb.h, its types are merely named here.
 *
 *   init.c      creating the directory      store.c     opening and closing
 *   pulse.c     heartbeats                  txn_run.c   running a body, with reruns
 *   meta.c      fixed properties            counters.c  the row of counters
 *   txn.c       reads, writes, numbers      scan.c      rows in order
 *   row.c       keys and checksums          db.c        LMDB's transactions, rows, cursors
 *   overlay.c   writes kept in memory       env_open.c  opening LMDB: checks, gate, heal
 *   gate.c      the gate                    env.c       LMDB's environment
 *   writer.c    the writer lock             lock.c      lock timeouts, signals
 *   files.c     directory and files
 */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include <signal.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/seam.h"
#include "store/scan.h"
#include "store/store.h"

/* LMDB's two trees: the free pages, and the unnamed database. */
enum { TREE_FREE = 0, TREE_MAIN = 1 };

struct MDB_cursor;
struct MDB_env;
struct MDB_txn;

#define KEY_BYTES (STORE_KEY_MAX + 1) /* with the table byte in front */
#define SCANS_MAX 16
#define RESERVE_BYTES (1 << 20)
#define LOCK_FILE_BYTES 65664 /* the value LMDB derives from 1024 readers */

struct store {
	struct MDB_env *env;
	char *path, *db_path;
	struct store_options options;
	struct store_meta meta;
	struct arena arena; /* for one row at a time */
	struct txn *running;
	uint64_t map_bytes; /* asked for */
	uint64_t given_ms;  /* the given clock as last read */
	ino_t data_inode;
	dev_t device;
	uid_t owner;
	pid_t pid; /* who opened it */
	mode_t file_mode;
	int dir, gate, gate_low, writer;
	bool unlocked; /* the file system is mounted read-only: no locks, nobody writes */
	bool making;   /* store_init: there may be no meta row yet */
	bool joined;   /* gate_join has succeeded */
	bool child;    /* a forked child, see env_open.c */
	bool reserve_full;
};

struct counters {
	uint64_t seq, horizon, last_ms, given_ms, id[STORE_COUNTERS];
};

/* Why a transaction must be run again, and what must be done first. */
enum again {
	AGAIN_NO,
	AGAIN_GROW,    /* the map is full */
	AGAIN_RESIZED, /* another process enlarged the map */
	AGAIN_READERS, /* the reader table is full */
	AGAIN_STALE,   /* the lock table lacks the newest commit */
	AGAIN_REOPEN,  /* the environment is unusable after a failed write */
	AGAIN_SPACE    /* the disk is full */
};

/* The position of a scan in the database. */
struct place {
	uintptr_t page, lowest, highest; /* of the rows passed, and their number of pages */
	unsigned pages;
	struct MDB_cursor *cursor; /* NULL: must be sought again */
	bool used, peeked, end;
	struct slice key, row; /* if peeked: the next row, not yet returned */
};

struct txn {
	struct store *store;
	struct MDB_txn *db;
	struct overlay *overlay;
	bool writes, frees, group, changed, committed;
	enum txn_end end;
	enum again again;
	uint64_t now_ms, quota, generation;
	struct counters counters, before;
	struct place places[SCANS_MAX];
};

/* files.c: all errors name the file. */
int store_dir_check(struct store *store, struct err *e);
/* Checks for a regular file, one link, the directory's owner: 1, 0 if it does not exist. */
int store_file_check(const struct store *store, const char *name, struct stat *st, struct err *e);
int store_file_open(const struct store *store, const char *name, int flags, struct err *e);
int store_file_trust(
    const struct store *store, const char *name, const struct stat *st, struct err *e);
int store_file_fail(const struct store *store, const char *name, struct err *e); /* by errno */
int store_none(const struct store *store, struct err *e);
/* Returns the reserve's space to the file system; false if it was empty. */
bool store_reserve_spend(struct store *store);
void store_reserve_refill(struct store *store);
bool store_disk_full(const struct store *store);

/* The error for a damaged store. */
int store_damaged(const struct store *store, const char *how, struct err *e);

/* lock.c */
void store_signals_block(sigset_t *before);
void store_signals_restore(const sigset_t *before);
/* Functions that take a lock: 0, or -1 and errno (EAGAIN, EACCES: it is held). */
typedef int lock_way(int fd, bool wait);
lock_way lock_flock, lock_ofd;
int lock_ofd_set(int fd, short type, off_t byte, bool wait);
/* Called with signals blocked; waits with the mask `before`. -1 and errno; ETIMEDOUT if it
 * is held. */
int lock_take(int fd, lock_way *take, uint64_t timeout_ms, const sigset_t *before);

/* writer.c, as lock_take */
int writer_lock(struct store *store, const sigset_t *before, struct err *e);
void writer_unlock(struct store *store);

/* gate.c */
int gate_open(struct store *store, struct err *e);
void gate_close(struct store *store);
int gate_enter(struct store *store, const sigset_t *before, struct err *e);
/* With the gate held: refuses another C library or PID namespace, and a second store in this
 * process. */
int gate_join(struct store *store, struct err *e);
/* With the gate held: whether no other process has the store open. */
bool gate_alone(const struct store *store);
void gate_leave(struct store *store);
void gate_library(char *to, size_t size);
int gate_library_refuse(const struct store *store, const char *theirs, struct err *e);

/* env.c: the environment, without checks. */
int env_open_ungated(struct store *store, struct err *e);
void env_close(struct store *store);
int env_file(const struct store *store);
uint64_t env_bytes(const struct store *store); /* the minimum the file should have */
bool env_seize(struct store *store);	       /* takes LMDB's writer mutex and keeps it */
/* Whether all pages missing from a short file are free; not *settled: a commit intervened. */
bool env_tail_is_free(struct store *store, bool *settled);
/* Enlarges the map, to at least the current size of the database. Without address space for it the
 * environment is lost. */
int env_grow(struct store *store, struct err *e);
int env_readers_wait(struct store *store);
int env_size(const struct store *store, struct store_size *size, struct err *e);

/* env_open.c: the environment, with checks, behind the gate. */
int env_check(struct store *store, struct err *e);
int env_open(struct store *store, struct err *e);
/* Updates the lock table to the newest commit. */
int env_heal(struct store *store, struct err *e);

/* store.c */
struct store *store_alloc(const char *dir, const struct store_options *options);
int store_dir_open(struct store *store, struct err *e);
int store_out_of_memory(struct err *e);

/* db.c: -1 sets an error, and txn->again if a rerun may help. */
/* Does what txn->again requires: 0 to run the transaction again. */
int db_cure(struct txn *txn, struct err *e);
int db_begin(struct txn *txn, struct err *e);
int db_commit(struct txn *txn, struct err *e);
void db_abort(struct txn *txn);
int db_flush(struct store *store, struct err *e);
uint64_t db_entries(struct txn *txn);
uint64_t db_used(struct txn *txn);
uint64_t db_id(const struct txn *txn); /* no version: see txn_seq */

/* Keys include the table byte, rows are in stored form. */
int db_get(struct txn *txn, struct slice key, struct slice *row, struct err *e);
/* Makes room for a row of n bytes, to be written at *to. */
int db_put(struct txn *txn, struct slice key, size_t n, unsigned char **to, struct err *e);
int db_delete(struct txn *txn, struct slice key, struct err *e);

enum move { MOVE_NEXT, MOVE_PREVIOUS, MOVE_LAST, MOVE_SEEK /* the first with at least *key */ };
int db_cursor_open(struct txn *txn, struct MDB_cursor **cursor, struct err *e);
void db_cursor_close(struct MDB_cursor *cursor);
/* 1, 0 at the end, -1. */
int db_cursor_move(struct txn *txn, struct MDB_cursor *cursor, enum move move, struct slice *key,
    struct slice *row, struct err *e);

/* row.c */
int row_key(unsigned char *to, size_t *n, unsigned char table, struct slice key, struct err *e);
int row_open(struct slice key, struct slice row, struct slice *value, struct err *e);
int row_put(struct txn *txn, struct slice key, struct slice value, struct err *e);
/* 0 if the place of a missing row shows no damage. */
int row_is_absent(struct txn *txn, struct slice key, struct err *e);
/* 0 if the row is whole and found by its key. */
int row_verify(struct txn *txn, struct slice key, struct slice row, struct err *e);

/* meta.c */
int meta_fill(struct store_meta *meta, const struct store_init *init, struct err *e);
/* 1, 0 if there is none. */
int meta_load(struct txn *txn, struct store_meta *meta, struct err *e);
int meta_save(struct txn *txn, const struct store_meta *meta, struct err *e);
int meta_check(const struct store *store, struct err *e);

/* counters.c */
int counters_load(struct txn *txn, struct err *e);
int counters_save(struct txn *txn, struct err *e);

/* scan.c */
void scans_end(struct txn *txn);
void scans_detach(struct txn *txn);

/* overlay.c */
struct overlay_row {
	struct slice key, value;
	bool gone;
};
struct overlay *overlay_make(struct arena *a);
void overlay_put(struct overlay *overlay, struct slice key, struct slice value, bool gone);
const struct overlay_row *overlay_get(struct overlay *overlay, struct slice key);
/* The first row with a key >= key (> key if after). */
const struct overlay_row *overlay_from(struct overlay *overlay, struct slice key, bool after);
/* The last row with a key < key; an empty key means the end. */
const struct overlay_row *overlay_before(struct overlay *overlay, struct slice key);

#endif
