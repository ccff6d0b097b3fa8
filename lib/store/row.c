/*
 * The stored form of a row: its key preceded by the table, its value by a header with a checksum.
 */
#include "store/internal.h"

#include <stdio.h>
#include <string.h>

#include "base/crc32c.h"

#define ROW_VERSION 1
#define ROW_HEAD 6	/* version, flags, checksum */
#define BOUNCE_MAX 2048 /* bytes */

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
	err_set(e, ERR_STORE, "the row %s%s of table '%c' is damaged (%s)", hex,
	    key.n > 25 ? "…" : "", key.n ? key.p[0] : '?', how);
	return err_advise(e, ADVICE_CHECK);
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
 * A damaged key can misdirect a search for another key: the rows around the place of a missing row
 * must be whole and in order. Only readers check this, so that a writer's lookups stay cheap.
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
		rc = store_damaged(txn->store, "rows are out of order", e);
	db_cursor_close(cursor);
	return rc < 0 ? -1 : 0;
}

/* Small values are copied: one read in this transaction may lie in the page that moves. */
int
row_put(struct txn *txn, struct slice key, struct slice value, struct err *e)
{
	unsigned char small[BOUNCE_MAX], *to;
	uint32_t crc = crc32c(crc32c(0, key.p, key.n), value.p, value.n);

	if (value.n && value.n <= sizeof small)
		value.p = memcpy(small, value.p, value.n);
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

/* Damage above the leaf pages shows when a row is not found by its own key. */
int
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
