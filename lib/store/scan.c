#include "store/internal.h"

#include <string.h>
#include <sys/mman.h>

#define PAGE 4096
#define PAGES_MOST 64

static struct slice
bytes_of(const unsigned char *p, size_t n)
{
	return (struct slice){p, n};
}

/* Cursors do not see writes: after one, a scan seeks its position again. */
void
scans_detach(struct txn *txn)
{
	txn->generation++;
	for (int i = 0; i < SCANS_MAX; i++) {
		if (!txn->places[i].cursor)
			continue;
		db_cursor_close(txn->places[i].cursor);
		txn->places[i].cursor = NULL;
	}
}

void
scans_end(struct txn *txn)
{
	scans_detach(txn);
	for (int i = 0; i < SCANS_MAX; i++)
		txn->places[i].used = false;
}

static struct place *
place_take(struct txn *txn)
{
	for (int i = 0; i < SCANS_MAX; i++)
		if (!txn->places[i].used) {
			txn->places[i] = (struct place){.used = true};
			return &txn->places[i];
		}
	return NULL;
}

int
scan_open(struct scan *scan, struct txn *txn, unsigned char table, const struct scan_range *range,
    struct err *e)
{
	scan->txn = txn;
	scan->cursor = NULL;
	scan->table = table;
	scan->backward = range->backward;
	scan->started = false;
	scan->generation = txn->generation;
	scan->to_n = scan->last_n = 0;
	if (row_key(scan->from, &scan->from_n, table, range->from, e))
		return -1;
	if (range->to.n && row_key(scan->to, &scan->to_n, table, range->to, e))
		return -1;
	if (!range->to.n && table < 255) {
		scan->to[0] = (unsigned char)(table + 1);
		scan->to_n = 1;
	}
	scan->cursor = place_take(txn);
	if (!scan->cursor)
		return err_set(e, ERR_STORE, "more than %d scans at a time", SCANS_MAX);
	return 0;
}

int
scan_table(struct scan *scan, struct txn *txn, unsigned char table, struct err *e)
{
	static const struct scan_range all;

	return scan_open(scan, txn, table, &all, e);
}

int
scan_prefix(struct scan *scan, struct txn *txn, unsigned char table, struct slice prefix,
    bool backward, struct err *e)
{
	unsigned char to[STORE_KEY_MAX];
	size_t n = prefix.n;

	if (n > sizeof to)
		return err_set(e, ERR_STORE, "a key of %zu bytes is too long", n);
	while (n && prefix.p[n - 1] == 0xff)
		n--;
	if (n) {
		memcpy(to, prefix.p, n);
		to[n - 1]++;
	}
	return scan_open(
	    scan, txn, table, &(struct scan_range){prefix, bytes_of(to, n), backward}, e);
}

void
scan_close(struct scan *scan)
{
	struct place *place = scan->cursor;

	if (!place)
		return;
	if (place->cursor)
		db_cursor_close(place->cursor);
	*place = (struct place){0};
	scan->cursor = NULL;
}

static bool
inside(const struct scan *scan, struct slice key)
{
	if (slice_compare(key, bytes_of(scan->from, scan->from_n)) < 0)
		return false;
	return !scan->to_n || slice_compare(key, bytes_of(scan->to, scan->to_n)) < 0;
}

static int
seek_forward(struct scan *scan, struct place *place, struct err *e)
{
	struct slice last = bytes_of(scan->last, scan->last_n);
	struct slice wanted = scan->started ? last : bytes_of(scan->from, scan->from_n);
	int rc;

	place->key = wanted;
	rc = db_cursor_move(scan->txn, place->cursor, MOVE_SEEK, &place->key, &place->row, e);
	if (rc < 0)
		return -1;
	if (rc == 0 || slice_compare(place->key, wanted) != 0)
		return row_is_absent(scan->txn, wanted, e) ? -1 : rc;
	if (scan->started)
		rc = db_cursor_move(
		    scan->txn, place->cursor, MOVE_NEXT, &place->key, &place->row, e);
	return rc;
}

static int
seek_backward(struct scan *scan, struct place *place, struct err *e)
{
	enum move move = MOVE_LAST;
	int rc = 0;

	place->key =
	    scan->started ? bytes_of(scan->last, scan->last_n) : bytes_of(scan->to, scan->to_n);
	if (place->key.n)
		rc = db_cursor_move(
		    scan->txn, place->cursor, MOVE_SEEK, &place->key, &place->row, e);
	if (rc < 0)
		return -1;
	if (rc == 1)
		move = MOVE_PREVIOUS;
	return db_cursor_move(scan->txn, place->cursor, move, &place->key, &place->row, e);
}

static int
base_move(struct scan *scan, struct place *place, struct err *e)
{
	enum move move = scan->backward ? MOVE_PREVIOUS : MOVE_NEXT;
	struct slice passed = place->key;
	int rc, order;

	if (place->cursor) {
		rc = db_cursor_move(scan->txn, place->cursor, move, &place->key, &place->row, e);
		order = rc == 1 ? slice_compare(place->key, passed) : 0;
		if (rc != 1 || (scan->backward ? order < 0 : order > 0))
			return rc;
		return store_damaged(scan->txn->store, "rows are out of order", e);
	}
	if (db_cursor_open(scan->txn, &place->cursor, e))
		return -1;
	return scan->backward ? seek_backward(scan, place, e) : seek_forward(scan, place, e);
}

/* Reads the database's next row into the position. */
static int
base_peek(struct scan *scan, struct place *place, struct err *e)
{
	struct slice ignored;
	int rc;

	if (scan->generation != scan->txn->generation)
		place->peeked = place->end = false;
	scan->generation = scan->txn->generation;
	if (place->peeked || place->end)
		return 0;
	rc = base_move(scan, place, e);
	if (rc < 0)
		return -1;
	place->peeked = rc == 1 && inside(scan, place->key);
	place->end = !place->peeked;
	/* A damaged key must not be taken for the end. */
	if (rc == 1 && place->end && row_open(place->key, place->row, &ignored, e))
		return -1;
	return 0;
}

static const struct overlay_row *
overlay_peek(const struct scan *scan)
{
	struct overlay *overlay = scan->txn->overlay;
	const struct overlay_row *row;

	if (!overlay)
		return NULL;
	if (scan->backward)
		row = overlay_before(overlay, scan->started ? bytes_of(scan->last, scan->last_n)
							    : bytes_of(scan->to, scan->to_n));
	else if (scan->started)
		row = overlay_from(overlay, bytes_of(scan->last, scan->last_n), true);
	else
		row = overlay_from(overlay, bytes_of(scan->from, scan->from_n), false);
	return row && inside(scan, row->key) ? row : NULL;
}

static void
last_set(struct scan *scan, struct slice key)
{
	memcpy(scan->last, key.p, key.n);
	scan->last_n = key.n;
	scan->started = true;
}

/*
 * Pages read from the map count as this process's memory, and each brings in its neighbours. A
 * reader releases the pages it has passed; a writer's rows may lie outside the map.
 */
static void
pages_pass(const struct scan *scan, struct place *place, const unsigned char *row)
{
	uintptr_t page = (uintptr_t)row & ~(uintptr_t)(PAGE - 1);

	if (scan->txn->writes || page == place->page)
		return;
	place->page = page;
	if (!place->pages++ || page < place->lowest)
		place->lowest = page;
	if (place->pages == 1 || page > place->highest)
		place->highest = page;
	if (place->pages < PAGES_MOST)
		return;
	madvise((void *)place->lowest, place->highest - place->lowest, MADV_DONTNEED);
	place->pages = 0;
}

static int
base_take(
    struct scan *scan, struct place *place, struct slice *key, struct slice *value, struct err *e)
{
	place->peeked = false;
	if (place->key.n > KEY_BYTES)
		return err_set(e, ERR_STORE, "a key of %zu bytes is not of gcs", place->key.n);
	pages_pass(scan, place, place->key.p);
	last_set(scan, place->key);
	*key = bytes_of(place->key.p + 1, place->key.n - 1);
	return row_open(place->key, place->row, value, e) ? -1 : 1;
}

/* Which of the two rows comes next; <0: the database's. */
static int
order(const struct scan *scan, const struct place *place, const struct overlay_row *over)
{
	int result;

	if (!over || !place->peeked)
		return over ? 1 : -1;
	result = slice_compare(place->key, over->key);
	return scan->backward ? -result : result;
}

int
scan_next(struct scan *scan, struct slice *key, struct slice *value, struct err *e)
{
	struct place *place = scan->cursor;
	const struct overlay_row *over;
	int which;

	if (!place)
		return 0;
	for (;;) {
		if (base_peek(scan, place, e))
			return -1;
		over = overlay_peek(scan);
		if (!over && !place->peeked)
			return 0;
		which = order(scan, place, over);
		if (which < 0)
			return base_take(scan, place, key, value, e);
		if (which == 0)
			place->peeked = false;
		last_set(scan, over->key);
		if (over->gone)
			continue;
		*key = bytes_of(over->key.p + 1, over->key.n - 1);
		*value = over->value;
		return 1;
	}
}
