/*
 * kinds: checks that the table of kinds (lib/kinds) has the verbs that the rows of the cluster in
 * $GCS_DIR need. Rows derived from a record promise something of its kind: a kind with a row in
 * TABLE_DUE must know what is due, and so on. Prints a line for each broken promise; exits with 1
 * if there is one.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "kinds/kinds.h"
#include "state/key.h"
#include "state/kind.h"
#include "store/scan.h"
#include "store/store.h"

static int broken;

static void
promise(const struct kind *kind, bool kept, const char *what)
{
	if (kept)
		return;
	printf("%s: %s\n", kind->name, what);
	broken = 1;
}

static void
due(const struct kind *kind, struct slice key)
{
	(void)key;
	promise(kind, kind->due, "is due, but has no verb `due`");
}

static void
waiting(const struct kind *kind, struct slice key)
{
	(void)key;
	promise(kind, kind->waiter && kind->place && kind->fits && kind->follow,
	    "waits, but lacks `waiter`, `place`, `fits` or `follow`");
}

static void
live(const struct kind *kind, struct slice key)
{
	(void)key;
	promise(kind, kind->process && kind->orphaned,
	    "ends with a process, but lacks `process` or `orphaned`");
}

static void
on_node(const struct kind *kind, struct slice key)
{
	(void)key;
	promise(kind, kind->with[CASCADE_NODE].go || kind->with[CASCADE_OWNER].go,
	    "is on a node, but does nothing when that ends");
}

static void
ended(const struct kind *kind, struct slice key)
{
	(void)key;
	promise(kind, kind->keep, "ends, but is remembered for ever");
}

static enum cascade_cause
cause_of(char letter)
{
	return letter == 'J' ? CASCADE_JOB : letter == 'P' ? CASCADE_GROUP : CASCADE_OWNER;
}

/* An owner itself releases what its fields refer to, and records of its own kind. */
static void
owned(const struct kind *kind, struct slice key)
{
	const struct kind *owner = kind_letter(&kinds, (char)key.p[0]);
	enum cascade_cause cause = cause_of((char)key.p[0]);

	if (!owner || !owner->nstates || owner == kind || rec_field(owner->rec, kind->name))
		return;
	promise(kind, kind->with[cause].go || kind->with[CASCADE_OWNER].go,
	    "is owned, but does nothing when its owner ends");
}

/* Each derived table: the position of the kind's byte in its keys, and what it promises. */
static const struct promised {
	unsigned char table;
	size_t at;
	bool from_end;
	void (*check)(const struct kind *kind, struct slice key);
} tables[] = {
    {.table = TABLE_DUE, .at = 8, .check = due},
    {.table = TABLE_WAITING, .at = 9, .from_end = true, .check = waiting},
    {.table = TABLE_LIVE, .at = 0, .check = live},
    {.table = TABLE_ON_NODE, .at = 8, .check = on_node},
    {.table = TABLE_ENDED, .at = 0, .check = ended},
    {.table = TABLE_OWNER, .at = 9, .check = owned},
};

static int
table_check(struct txn *txn, const struct promised *t, struct err *e)
{
	struct slice key, value;
	struct scan scan;
	size_t rows = 0;
	int got;

	if (scan_table(&scan, txn, t->table, e))
		return -1;
	for (; (got = scan_next(&scan, &key, &value, e)) > 0; rows++) {
		const struct kind *kind =
		    kind_of(&kinds, key.p[t->from_end ? key.n - t->at : t->at]);

		if (kind)
			t->check(kind, key);
	}
	scan_close(&scan);
	if (!rows) {
		printf("table %c has no rows: nothing was shown\n", t->table);
		broken = 1;
	}
	return got;
}

static int
check(struct txn *txn, void *argument, struct err *e)
{
	size_t i;

	(void)argument;
	for (i = 0; i < sizeof tables / sizeof *tables; i++)
		if (table_check(txn, &tables[i], e) < 0)
			return -1;
	return 0;
}

/* The turns for one cause are 1, 2, 3 …, one for each kind. */
static void
turns_check(enum cascade_cause cause)
{
	size_t i, k, n = 0, found;

	for (i = 0; i < kinds.n; i++) {
		n += kinds.v[i].with[cause].turn > 0;
		promise(&kinds.v[i], !kinds.v[i].with[cause].turn == !kinds.v[i].with[cause].go,
		    "has a turn or a verb, but not both");
	}
	for (k = 1; k <= n; k++) {
		for (found = i = 0; i < kinds.n; i++)
			found += kinds.v[i].with[cause].turn == k;
		if (found != 1) {
			printf("cause %d: %zu kinds have turn %zu\n", (int)cause, found, k);
			broken = 1;
		}
	}
}

int
main(void)
{
	struct store_options options = {.lock_timeout_ms = 1000};
	struct err e = {0};
	struct store *store;
	enum cascade_cause cause;

	if (store_open(&store, getenv("GCS_DIR"), &options, &e) ||
	    store_read(store, check, NULL, &e)) {
		fprintf(stderr, "%s\n", e.text);
		return (int)e.code;
	}
	for (cause = 0; cause < CASCADE_CAUSES; cause++)
		turns_check(cause);
	store_close(store);
	return broken;
}
