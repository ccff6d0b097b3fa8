/*
 * store: one directory, many processes, nothing lost. Ordered rows under (table, key) in
 * transactions; one writer at a time, readers see a snapshot. This room does not know what a row
 * means. Only this room uses LMDB.
 *
 * Errors: ERR_STORE (missing, unreadable, corrupt, full, foreign), ERR_BUSY (the writer lock was
 * not obtained in time).
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "store/txn.h"

struct arena;
struct err;
struct store;

#define STORE_FORMAT 1
#define STORE_COUNTERS 26 /* one for each capital letter */

struct store_id {
	uint8_t bytes[16];
};

/* Fixed at init (and, later, at restore); read once at open. Lives as long as the store. */
struct store_meta {
	uint32_t format;
	uint64_t needed, ignorable; /* feature bits */
	/* "glibc" … and the size of the lock layout: must be equal for all users of a directory */
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
 * Creates the directory and its contents, and flushes files and directories. *made is false if a
 * store already exists, which is left unchanged. A directory with other files is refused. Root
 * becomes the owner of an existing directory.
 */
int store_init(const char *dir, const struct store_init *init, bool *made, struct err *e);

struct store_options {
	uint64_t lock_timeout_ms; /* 0: fail at once */
	/* overrides the given clock (refused on a store with a real one); 0: no */
	uint64_t now_ms;
	/* called by LMDB's assertion handler; must not return */
	void (*damaged)(const char *message);
	/* called with a warning (overlayfs); may be NULL */
	void (*warn)(const char *message);
	/* no write transaction will follow: a read-only file system is enough */
	bool reading_only;
};

/*
 * Opens an existing store. Checks the file system (gcs-state(5)), the owner, links and types of the
 * files, the size of the data file, format, C library and process namespace, each refused by name.
 * A second store in a process, and use across a fork, are refused. Root becomes the directory's
 * owner, permanently.
 */
int store_open(
    struct store **store, const char *dir, const struct store_options *options, struct err *e);
void store_close(struct store *store);

const struct store_meta *store_meta(const struct store *store);
int store_dir(const struct store *store); /* the directory's descriptor; the store's */
/* A subdirectory ("run", "log"): a descriptor for the caller to close, or ERR_STORE. */
int store_subdir(const struct store *store, const char *name, struct err *e);
/* that directory was removed; its data may still be readable */
bool store_gone(const struct store *store);
const char *store_path(const struct store *store); /* as given to store_open */
/* the clock of the store, outside a transaction */
uint64_t store_now(struct store *store);

/*
 * Runs body inside one transaction. body returns 0 to end it as set by txn_end_as (default:
 * commit), -1 to abort it with an error. It may be run more than once (the map grew): it must
 * depend only on the store, its arguments and the clock, and begin by discarding the results of an
 * earlier run. In a write transaction all signals are blocked: body neither reads, prints, sleeps
 * nor waits. A commit that returned 0 is durable.
 */
int store_read(struct store *store, txn_body *body, void *argument, struct err *e);
/*
 * frees: the body frees space (deletes), so it may use the reserve on a full disk and exceed the
 * quota.
 */
int store_write(struct store *store, bool frees, txn_body *body, void *argument, struct err *e);

#endif
