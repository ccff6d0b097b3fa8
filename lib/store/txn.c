/* Reads and writes of a transaction, and the numbers it takes. */
#include "store/internal.h"

#include <string.h>
#include "base/size.h"

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

int
txn_put(struct txn *txn, unsigned char table, struct slice key, struct slice value, struct err *e)
{
	unsigned char bytes[KEY_BYTES];
	struct slice full = {bytes, 0};

	if (write_check(txn, e) || row_key(bytes, &full.n, table, key, e) || quota_check(txn, e))
		return -1;
	if (txn->overlay) {
		overlay_put(txn->overlay, full, value, false);
		return 0;
	}
	scans_detach(txn);
	return row_put(txn, full, value, e);
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
		return store_damaged(txn->store, "rows are missing", e);
	return rc;
}

bool
txn_writes(const struct txn *txn)
{
	return txn->writes;
}

void
txn_end_as(struct txn *txn, enum txn_end end)
{
	txn->end = end;
}

uint64_t
txn_seq(const struct txn *txn)
{
	return seam("id-as-seq") ? db_id(txn) : txn->counters.seq;
}

uint64_t
txn_seq_next(struct txn *txn)
{
	return ++txn->counters.seq;
}

uint64_t
txn_horizon(const struct txn *txn)
{
	return txn->counters.horizon ? txn->counters.horizon : 1;
}

void
txn_horizon_set(struct txn *txn, uint64_t seq)
{
	txn->counters.horizon = seq;
}

uint64_t
txn_counter(const struct txn *txn, char letter)
{
	return letter >= 'A' && letter <= 'Z' ? txn->counters.id[letter - 'A'] : 0;
}

uint64_t
txn_counter_next(struct txn *txn, char letter)
{
	return letter >= 'A' && letter <= 'Z' ? ++txn->counters.id[letter - 'A'] : 0;
}

uint64_t
txn_now(const struct txn *txn)
{
	return txn->now_ms;
}

uint64_t
txn_given_clock(const struct txn *txn)
{
	return txn->store->meta.given_clock ? txn->counters.given_ms : 0;
}

void
txn_given_clock_set(struct txn *txn, uint64_t ms)
{
	txn->counters.given_ms = ms;
}

uint64_t
txn_last_ms(const struct txn *txn)
{
	return txn->counters.last_ms;
}

void
txn_last_ms_set(struct txn *txn, uint64_t ms)
{
	txn->counters.last_ms = ms;
}

void
txn_sync_group(struct txn *txn)
{
	txn->group = true;
}

void
txn_quota(struct txn *txn, uint64_t bytes)
{
	txn->quota = bytes;
}

int
txn_size(struct txn *txn, struct store_size *size, struct err *e)
{
	size->used_bytes = db_used(txn);
	return env_size(txn->store, size, e);
}
