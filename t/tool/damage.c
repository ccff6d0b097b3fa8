/*
 * damage: does to a store what no command does, to test what doctor finds and what old programs
 * keep. $GCS_DIR is the store. Rows are named by their table's letter and their position in it,
 * from 1.
 *
 *   damage dump [TABLE]         prints every row: table, key and value in hexadecimal
 *   damage drop TABLE N         removes the row
 *   damage put TABLE KEY VALUE  adds a row (hexadecimal), with a valid checksum
 *   damage add TABLE N HEX      appends bytes to the row's value, with a valid checksum
 *   damage more N               adds one to the Nth sum
 *   damage flip TABLE N         flips one bit of the row's last byte, leaving the checksum
 *   damage newer REC HEX        writes a record through record_put, as a program does that knows
 *                               these further fields
 *   damage set REC FIELD VALUE  writes a record through record_put with a field value that no
 *                               command sets; "-" unsets, references are as N1, choices numbers
 *   damage kept                 prints the records with unknown fields, and those fields
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "kinds/kinds.h"
#include "base/number.h"
#include "base/text.h"
#include "state/cluster.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"
#include "state/resolve.h"
#include "store/internal.h"
#include "store/scan.h"
#include "store/txn.h"

struct deed {
	char **words; /* after the action */
	struct arena *arena;
	int (*run)(struct txn *txn, struct deed *deed, struct err *e);
};

static void
exhausted(void)
{
	abort();
}

static struct slice
bytes_of(struct deed *deed, const char *hex, struct err *e)
{
	size_t n = strlen(hex) / 2;
	unsigned char *p = arena_alloc(deed->arena, n + 1);

	if (!text_from_hex(hex, p, n))
		err_set(e, ERR_USAGE, "no bytes: %s", hex);
	return (struct slice){p, n};
}

static void
print_row(struct deed *deed, unsigned char table, struct slice key, struct slice value)
{
	struct buf text = {.arena = deed->arena};

	buf_printf(&text, "%c ", table);
	text_hex(&text, key.p, key.n);
	buf_byte(&text, ' ');
	text_hex(&text, value.p, value.n);
	puts(buf_string(&text));
}

static int
dump_table(struct txn *txn, struct deed *deed, unsigned char table, struct err *e)
{
	struct slice key, value;
	struct scan scan;
	int got;

	if (scan_table(&scan, txn, table, e))
		return -1;
	while ((got = scan_next(&scan, &key, &value, e)) > 0)
		print_row(deed, table, key, value);
	scan_close(&scan);
	return got;
}

static int
dump(struct txn *txn, struct deed *deed, struct err *e)
{
	const char *tables = deed->words[0] ? deed->words[0] : "NkgLAPJTWKvetqQhnodxsublwy";

	for (; *tables; tables++)
		if (dump_table(txn, deed, (unsigned char)*tables, e) < 0)
			return -1;
	return 0;
}

/* Copies the row that the first two words name. */
static int
row_named(struct txn *txn, struct deed *deed, struct slice *key, struct slice *value, struct err *e)
{
	long n = atol(deed->words[1]);
	struct scan scan;
	int got = 1;

	if (scan_table(&scan, txn, (unsigned char)deed->words[0][0], e))
		return -1;
	while (got > 0 && n-- > 0)
		got = scan_next(&scan, key, value, e);
	if (got > 0) {
		key->p = arena_copy(deed->arena, key->p, key->n);
		value->p = arena_copy(deed->arena, value->p, value->n);
	}
	scan_close(&scan);
	return got > 0 ? 0 : err_set(e, ERR_NO, "no such row");
}

static int
drop(struct txn *txn, struct deed *deed, struct err *e)
{
	struct slice key, value;

	if (row_named(txn, deed, &key, &value, e))
		return -1;
	return txn_delete(txn, (unsigned char)deed->words[0][0], key, e) < 0 ? -1 : 0;
}

static int
put(struct txn *txn, struct deed *deed, struct err *e)
{
	struct slice key = bytes_of(deed, deed->words[1], e),
		     value = bytes_of(deed, deed->words[2], e);

	return e->code ? -1 : txn_put(txn, (unsigned char)deed->words[0][0], key, value, e);
}

static int
add(struct txn *txn, struct deed *deed, struct err *e)
{
	struct slice key, value, more = bytes_of(deed, deed->words[2], e);
	struct buf longer = {.arena = deed->arena};

	if (e->code || row_named(txn, deed, &key, &value, e))
		return -1;
	buf_add(&longer, value.p, value.n);
	buf_add(&longer, more.p, more.n);
	return txn_put(txn, (unsigned char)deed->words[0][0], key, buf_slice(&longer), e);
}

static int
more(struct txn *txn, struct deed *deed, struct err *e)
{
	char table[] = "s", *words[] = {table, deed->words[0], NULL};
	struct deed sum = {words, deed->arena, NULL};
	struct slice key, value;
	struct key one = {.n = 0};

	if (row_named(txn, &sum, &key, &value, e))
		return -1;
	key_u64(&one, key_tail(value) + 1);
	return txn_put(txn, TABLE_SUM, key, key_slice(&one), e);
}

/* Bypasses the checksums: writes the row as row.c does. */
static int
flip(struct txn *txn, struct deed *deed, struct err *e)
{
	struct slice key, value, row;
	struct key full = {.n = 0};
	unsigned char *to;

	if (row_named(txn, deed, &key, &value, e))
		return -1;
	key_byte(&full, (unsigned char)deed->words[0][0]);
	key_add(&full, key);
	if (db_get(txn, key_slice(&full), &row, e) <= 0)
		return -1;
	row.p = arena_copy(deed->arena, row.p, row.n);
	if (db_put(txn, key_slice(&full), row.n, &to, e))
		return -1;
	memcpy(to, row.p, row.n);
	to[row.n - 1] ^= 1;
	txn->changed = true;
	return 0;
}

static int
newer(struct txn *txn, struct deed *deed, struct err *e)
{
	struct by by = {.user = "newer", .pid = 1};
	struct audit audit = {&by, "newer", NULL, NULL};
	struct cluster c = {
	    .kinds = &kinds, .txn = txn, .arena = deed->arena, .kept = deed->arena, .audit = audit};
	struct found found;
	struct slice fields = bytes_of(deed, deed->words[1], e);

	if (e->code || cluster_begin(&c, e))
		return -1;
	if (resolve_any(&c, NULL, deed->words[0], NULL, &found, e) < 0)
		return -1;
	*(struct slice *)found.record = fields;
	if (record_put(&c, found.kind, found.record, 0, NULL, e))
		return -1;
	return cluster_end(&c, e);
}

static int
field_set(const struct field *f, void *record, const char *text, struct arena *a, struct err *e)
{
	uint64_t number = 0;

	switch (f->kind) {
	case FK_TEXT:
		*(const char **)field_to(f, record) = text;
		return 0;
	case FK_AMOUNTS:
		memset(field_to(f, record), 0, sizeof(struct amounts));
		return amounts_parse(text, field_to(f, record), a, e);
	case FK_MESSAGE:
		*(void **)field_to(f, record) = NULL;
		return 0;
	default:
		break;
	}
	if (*text != '-' && number_u64(f->kind == FK_REF ? text + 1 : text, &number, e))
		return -1;
	if (f->kind == FK_ENUM)
		*(unsigned *)field_to(f, record) = (unsigned)number;
	else
		*(uint64_t *)field_to(f, record) =
		    f->kind == FK_REF && number ? ref_make(*text, number) : number;
	return 0;
}

static int
set(struct txn *txn, struct deed *deed, struct err *e)
{
	struct by by = {.user = "damage", .pid = 1};
	struct audit audit = {&by, "damage", NULL, NULL};
	const struct field *f;
	struct found found;
	struct cluster c = {
	    .kinds = &kinds, .txn = txn, .arena = deed->arena, .kept = deed->arena, .audit = audit};

	if (cluster_begin(&c, e) || resolve_any(&c, NULL, deed->words[0], NULL, &found, e) < 0)
		return -1;
	f = rec_field(found.kind->rec, deed->words[1]);
	if (!f || f->flags & FF_VIRTUAL)
		return err_set(e, ERR_NO, "no such field");
	if (field_set(f, found.record, deed->words[2], deed->arena, e) ||
	    record_put(&c, found.kind, found.record, 0, NULL, e))
		return -1;
	return cluster_end(&c, e);
}

static int
kept_of(struct txn *txn, struct deed *deed, const struct kind *kind, struct err *e)
{
	struct slice key, row;
	struct scan scan;
	int got;

	if (scan_table(&scan, txn, kind->table, e))
		return -1;
	while ((got = scan_next(&scan, &key, &row, e)) > 0) {
		void *record = arena_alloc(deed->arena, kind->rec->size);
		struct buf text = {.arena = deed->arena};
		const struct slice *unknown = record;

		if (rec_decode(kind->rec, record, row, deed->arena, e))
			got = -1;
		if (got < 0)
			break;
		if (!unknown->n)
			continue;
		text_hex(&text, unknown->p, unknown->n);
		printf("%s %s %s\n", kind->name, record_label(kind, record, deed->arena),
		    buf_string(&text));
	}
	scan_close(&scan);
	return got;
}

static int
kept(struct txn *txn, struct deed *deed, struct err *e)
{
	const struct kind *kind;

	for (kind = kinds.v; kind < kinds.v + kinds.n; kind++)
		if (kept_of(txn, deed, kind, e) < 0)
			return -1;
	return 0;
}

static const struct verb {
	const char *name;
	int operands;
	int (*run)(struct txn *txn, struct deed *deed, struct err *e);
} verbs[] = {{"dump", 0, dump}, {"drop", 2, drop}, {"put", 3, put}, {"add", 3, add},
    {"more", 1, more}, {"flip", 2, flip}, {"newer", 2, newer}, {"set", 3, set}, {"kept", 0, kept},
    {NULL, 0, NULL}};

static int
body(struct txn *txn, void *argument, struct err *e)
{
	struct deed *deed = argument;

	return deed->run(txn, deed, e);
}

static void
damaged(const char *message)
{
	fprintf(stderr, "damage: %s\n", message);
	exit(ERR_STORE);
}

static int
work(const struct verb *verb, struct deed *deed, struct err *e)
{
	struct store_options options = {.lock_timeout_ms = 10000, .damaged = damaged};
	const char *dir = getenv("GCS_DIR");
	struct store *store;
	int bad;

	if (store_open(&store, dir ? dir : "", &options, e))
		return -1;
	deed->run = verb->run;
	bad = verb->operands ? store_write(store, true, body, deed, e)
			     : store_read(store, body, deed, e);
	store_close(store);
	return bad;
}

int
main(int argc, char **argv)
{
	const struct verb *verb = verbs;
	struct err e = {0};
	struct arena arena;
	struct deed deed = {argv + 2, &arena, NULL};
	int bad;

	while (argc > 1 && verb->name && strcmp(verb->name, argv[1]) != 0)
		verb++;
	if (argc < 2 || !verb->name || argc - 2 < verb->operands) {
		fprintf(stderr, "damage: see the head of t/tool/damage.c\n");
		return ERR_USAGE;
	}
	arena_init(&arena, exhausted);
	bad = work(verb, &deed, &e);
	arena_done(&arena);
	if (bad)
		fprintf(stderr, "damage: %s\n", e.text);
	return bad ? (int)e.code : 0;
}
