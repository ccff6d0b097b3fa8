#include "store/internal.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/crc32c.h"
#include "base/number.h"

#define ROW_VERSION 1
#define ROW_HEAD 6	/* version, flags, checksum */
#define BOUNCE_MAX 2048 /* bytes */
#define TRIES_MAX 32

int
row_key(unsigned char *to, size_t *n, unsigned char table, struct slice key, struct err *e)
{
	if (key.n > STORE_KEY_MAX)
		return err_set(e, ERR_STORE, "a key of %zu bytes is too long", key.n);
	to[0] = table;
	if (key.n)
		memcpy(to + 1, key.p, key.n);
	*n = key.n + 1;
	return 0;
}

static void
crc_store(unsigned char *to, uint32_t crc)
{
	for (int i = 0; i < 4; i++)
		to[i] = (unsigned char)(crc >> (8 * i));
}

static uint32_t
crc_load(const unsigned char *from)
{
	return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

static int
row_bad(struct slice key, const char *how, struct err *e)
{
	char hex[2 * 24 + 1] = "";

	for (size_t i = 1; i < key.n && i <= 24; i++)
		snprintf(hex + 2 * (i - 1), 3, "%02x", key.p[i]);
	return err_set(e, ERR_STORE, "the row %s%s of table '%c' is damaged (%s): run gcs doctor",
	    hex, key.n > 25 ? "…" : "", key.n ? key.p[0] : '?', how);
}

int
row_open(struct slice key, struct slice row, struct slice *value, struct err *e)
{
	uint32_t crc;

	if (row.n < ROW_HEAD || row.p[0] != ROW_VERSION || row.p[1] != 0)
		return row_bad(key, "no row of this version", e);
	*value = (struct slice){row.p + ROW_HEAD, row.n - ROW_HEAD};
	crc = crc32c(crc32c(0, key.p, key.n), value->p, value->n);
	if (crc != crc_load(row.p + 2) && !seam("no-crc"))
		return row_bad(key, "its checksum differs", e);
	return 0;
}

/*
 * A damaged key leads astray who looks for another one: the rows around the place where a row is
 * not must be whole and in order. A reader is told; a writer's lookups stay cheap.
 */
int
row_is_absent(struct txn *txn, struct slice key, struct err *e)
{
	struct slice next = key, before = {NULL, 0}, row, value;
	struct MDB_cursor *cursor;
	int rc;

	if (txn->writes || txn->store->making)
		return 0;
	if (db_cursor_open(txn, &cursor, e))
		return -1;
	rc = db_cursor_move(txn, cursor, MOVE_SEEK, &next, &row, e);
	if (rc == 1 && row_open(next, row, &value, e))
		rc = -1;
	if (rc >= 0)
		rc = db_cursor_move(txn, cursor, rc ? MOVE_PREVIOUS : MOVE_LAST, &before, &row, e);
	if (rc == 1)
		rc = row_open(before, row, &value, e);
	if (rc == 0 && before.n && slice_compare(before, key) >= 0)
		rc = db_damaged(txn->store, "rows are out of order", e);
	db_cursor_close(cursor);
	return rc < 0 ? -1 : 0;
}

int
txn_get(struct txn *txn, unsigned char table, struct slice key, struct slice *value, struct err *e)
{
	const struct overlay_row *over;
	unsigned char bytes[KEY_BYTES];
	struct slice full = {bytes, 0}, row;
	int rc;

	if (row_key(bytes, &full.n, table, key, e))
		return -1;
	over = txn->overlay ? overlay_get(txn->overlay, full) : NULL;
	if (over) {
		*value = over->value;
		return !over->gone;
	}
	rc = db_get(txn, full, &row, e);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return row_is_absent(txn, full, e);
	return row_open(full, row, value, e) ? -1 : 1;
}

static int
write_check(struct txn *txn, struct err *e)
{
	if (txn->writes || txn->overlay)
		return 0;
	return err_set(e, ERR_STORE, "a transaction that reads cannot write");
}

static int
quota_check(struct txn *txn, struct err *e)
{
	char text[NUMBER_SIZE];

	if (!txn->quota || txn->frees || db_used(txn) <= txn->quota)
		return 0;
	return err_set(e, ERR_STORE, "the quota of %s is used up: delete something first",
	    size_format(text, txn->quota));
}

/*
 * Small values take a detour: one that came from this transaction might lie in the page that moves.
 */
static int
row_put(struct txn *txn, struct slice key, struct slice value, struct err *e)
{
	unsigned char small[BOUNCE_MAX], *to;
	uint32_t crc = crc32c(crc32c(0, key.p, key.n), value.p, value.n);

	if (value.n && value.n <= sizeof small)
		value.p = memcpy(small, value.p, value.n);
	scans_detach(txn);
	if (db_put(txn, key, ROW_HEAD + value.n, &to, e))
		return -1;
	to[0] = ROW_VERSION;
	to[1] = 0;
	crc_store(to + 2, crc);
	if (value.n)
		memcpy(to + ROW_HEAD, value.p, value.n);
	txn->changed = true;
	return 0;
}

int
txn_put(struct txn *txn, unsigned char table, struct slice key, struct slice value, struct err *e)
{
	unsigned char bytes[KEY_BYTES];
	struct slice full = {bytes, 0};

	if (write_check(txn, e) || row_key(bytes, &full.n, table, key, e) || quota_check(txn, e))
		return -1;
	if (!txn->overlay)
		return row_put(txn, full, value, e);
	overlay_put(txn->overlay, full, value, false);
	return 0;
}

static int
overlay_delete(struct txn *txn, struct slice key, struct err *e)
{
	const struct overlay_row *over = overlay_get(txn->overlay, key);
	struct slice row;
	int there = over ? !over->gone : db_get(txn, key, &row, e);

	if (there == 1)
		overlay_put(txn->overlay, key, (struct slice){NULL, 0}, true);
	return there;
}

int
txn_delete(struct txn *txn, unsigned char table, struct slice key, struct err *e)
{
	unsigned char bytes[KEY_BYTES];
	struct slice full = {bytes, 0};
	int rc;

	if (write_check(txn, e) || row_key(bytes, &full.n, table, key, e))
		return -1;
	if (txn->overlay)
		return overlay_delete(txn, full, e);
	scans_detach(txn);
	rc = db_delete(txn, full, e);
	if (rc == 1)
		txn->changed = true;
	return rc;
}

int
txn_overlay(struct txn *txn, struct arena *a, struct err *e)
{
	if (txn->writes || txn->overlay)
		return err_set(e, ERR_STORE, "this transaction takes no overlay");
	txn->overlay = overlay_make(a);
	return 0;
}

/* Damage above the rows shows when a row is not found by its own key, or when their number is
 * wrong. */
static int
row_verify(struct txn *txn, struct slice key, struct slice row, struct err *e)
{
	struct slice found, value;
	int rc = db_get(txn, key, &found, e);

	if (rc < 0)
		return -1;
	if (rc == 0 || found.p != row.p)
		return row_bad(key, "it is not found by its key", e);
	return row_open(key, row, &value, e);
}

int
txn_verify(struct txn *txn, uint64_t rows[256], struct err *e)
{
	unsigned char least = 0;
	struct slice key = {&least, 1}, row;
	struct MDB_cursor *cursor;
	uint64_t n = 0;
	int rc;

	memset(rows, 0, 256 * sizeof *rows);
	if (db_cursor_open(txn, &cursor, e))
		return -1;
	rc = db_cursor_move(txn, cursor, MOVE_SEEK, &key, &row, e);
	for (; rc == 1; n++) {
		rows[key.p[0]]++;
		rc = row_verify(txn, key, row, e);
		if (rc == 0)
			rc = db_cursor_move(txn, cursor, MOVE_NEXT, &key, &row, e);
	}
	db_cursor_close(cursor);
	if (rc == 0 && n != db_entries(txn))
		return db_damaged(txn->store, "rows are missing", e);
	return rc;
}

static uint64_t
clock_now(const struct store *store, uint64_t given_ms)
{
	if (!store->meta.given_clock)
		return clock_real_ms();
	return store->options.now_ms ? store->options.now_ms : given_ms;
}

static int
txn_finish(struct txn *txn, struct err *e)
{
	bool counted = memcmp(&txn->counters, &txn->before, sizeof txn->before) != 0;

	scans_end(txn);
	if (!txn->writes || txn->end == TXN_ABORT || (!txn->changed && !counted)) {
		db_abort(txn);
		return 0;
	}
	if (counted && counters_save(txn, e)) {
		db_abort(txn);
		return -1;
	}
	store_seam_sleep(seam("commit-delay"));
	store_seam_crash("before-commit");
	if (db_commit(txn, e))
		return -1;
	store_seam_crash("after-commit");
	txn->committed = true;
	return 0;
}

static int
txn_once(
    struct txn *txn, int (*body)(struct txn *, void *, struct err *), void *argument, struct err *e)
{
	struct store *store = txn->store;

	*txn = (struct txn){.store = store, .writes = txn->writes, .frees = txn->frees};
	if (db_begin(txn, e))
		return -1;
	store_seam_crash(txn->writes ? "after-begin" : store->making ? "" : "reading");
	if (counters_load(txn, e) == 0) {
		txn->before = txn->counters;
		store->given_ms = txn->counters.given_ms;
		txn->now_ms = clock_now(store, store->given_ms);
		if (body(txn, argument, e) == 0 && txn->again == AGAIN_NO)
			return txn_finish(txn, e);
	}
	scans_end(txn);
	db_abort(txn);
	return -1;
}

int
txn_run(
    struct txn *txn, int (*body)(struct txn *, void *, struct err *), void *argument, struct err *e)
{
	int rc, tries = 1;

	txn->store->running = txn;
	rc = txn_once(txn, body, argument, e);
	for (; rc && tries < TRIES_MAX && db_cure(txn, e) == 0; tries++)
		rc = txn_once(txn, body, argument, e);
	txn->store->running = NULL;
	if (rc == 0 && tries > 1)
		*e = (struct err){.code = ERR_NONE};
	return rc;
}

static int
txn_allow(const struct store *store, struct err *e)
{
	if (!store->running)
		return 0;
	return err_set(e, ERR_STORE, "a transaction is running already");
}

int
store_read(struct store *store, int (*body)(struct txn *, void *, struct err *), void *argument,
    struct err *e)
{
	struct txn txn = {.store = store};

	if (txn_allow(store, e))
		return -1;
	return txn_run(&txn, body, argument, e);
}

/* With the signals blocked. */
static int
write_locked(struct txn *txn, const sigset_t *before,
    int (*body)(struct txn *, void *, struct err *), void *argument, struct err *e)
{
	struct store *store = txn->store;
	int rc;

	if (writer_lock(store, before, e))
		return -1;
	rc = txn_run(txn, body, argument, e);
	if (txn->committed)
		store_reserve_refill(store);
	writer_unlock(store);
	if (rc == 0 && txn->committed && txn->group && !seam("no-group-flush"))
		return db_flush(store, e);
	return rc;
}

int
store_write(struct store *store, bool frees, int (*body)(struct txn *, void *, struct err *),
    void *argument, struct err *e)
{
	struct txn txn = {.store = store, .writes = true, .frees = frees};
	sigset_t before;
	int rc;

	if (txn_allow(store, e))
		return -1;
	if (store->options.reading_only)
		return err_set(e, ERR_STORE, "'%s' was opened for reading only", store->path);
	store_signals_block(&before);
	rc = write_locked(&txn, &before, body, argument, e);
	store_signals_restore(&before);
	return rc;
}

static int
nothing(struct txn *txn, void *argument, struct err *e)
{
	(void)txn, (void)argument, (void)e;
	return 0;
}

uint64_t
store_now(const struct store *store)
{
	struct store *open = (struct store *)(uintptr_t)store;
	struct err ignored;

	if (store->running)
		return store->running->now_ms;
	/* If it cannot be read, what was read last is the best there is. */
	if (store->meta.given_clock && !store->options.now_ms)
		store_read(open, nothing, NULL, &ignored);
	return clock_now(store, store->given_ms);
}
