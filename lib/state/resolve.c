#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/scan.h"
#include "state/cluster.h"
#include "state/event.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"
#include "state/resolve.h"
#include "store/txn.h"

static int
no_match(const struct kind *only, const char *text, struct err *e)
{
	return err_value(e, ERR_NO, text, "no %s matches '%s'", only ? only->name : "record", text);
}

static int
found_load(struct cluster *c, const struct kind *kind, const struct key *key, struct found *found,
    struct err *e)
{
	found->kind = kind;
	found->record = arena_alloc(c->arena, kind->rec->size);
	return record_get(c, kind, key_slice(key), found->record, e);
}

/* 1 if text has the form of an id of that kind. */
static bool
is_id(const char *text, uint64_t *number)
{
	const char *p;

	if (!isupper((unsigned char)text[0]) || !isdigit((unsigned char)text[1]) ||
	    strlen(text) > 20)
		return false;
	for (p = text + 1; *p; p++)
		if (!isdigit((unsigned char)*p))
			return false;
	*number = strtoull(text + 1, NULL, 10);
	return true;
}

int
resolve_holder(struct cluster *c, const struct kind *kind, const char *namespace, const char *name,
    uint64_t *id, struct err *e)
{
	struct key key = {.n = 0};
	struct slice row, value;
	struct scan scan;
	int got;

	key_byte(&key, kind->number);
	key_add(&key, slice_of(namespace));
	key_byte(&key, 0);
	key_add(&key, slice_of(name));
	key_byte(&key, 0);
	key_byte(&key, 0);
	*id = 0;
	if (scan_prefix(&scan, c->txn, TABLE_NAME, key_slice(&key), true, e))
		return -1;
	got = scan_next(&scan, &row, &value, e);
	if (got > 0)
		*id = key_tail(row);
	scan_close(&scan);
	return got < 0 ? -1 : 0;
}

static int
find_name(struct cluster *c, const struct kind *kind, const char *name, struct found *found,
    struct err *e)
{
	bool spaced = rec_field(kind->rec, "namespace") != NULL;
	const char *slash = spaced ? strchr(name, '/') : NULL;
	struct slice space = slice_of(spaced ? "default" : "");
	struct key key = {.n = 0};
	struct slice row, value;
	struct scan scan;
	int ended, got = 0;

	if (strlen(name) > 257)
		return 0;
	if (slash)
		space = (struct slice){(const unsigned char *)name, (size_t)(slash - name)};
	name = slash ? slash + 1 : name;
	key_byte(&key, kind->number);
	key_add(&key, space);
	key_byte(&key, 0);
	key_add(&key, slice_of(name));
	key_byte(&key, 0);
	for (ended = 0; ended < 2 && !got; ended++) {
		struct key at = key;

		key_byte(&at, (unsigned)ended);
		if (scan_prefix(&scan, c->txn, TABLE_NAME, key_slice(&at), true, e))
			return -1;
		got = scan_next(&scan, &row, &value, e);
		if (got > 0) {
			at.n = 0;
			key_u64(&at, key_tail(row));
			got = found_load(c, kind, &at, found, e);
		}
		scan_close(&scan);
	}
	return got;
}

/* The primary key for NAMESPACE/KEY or KEY in a kind without ids. False: not a valid key. */
static bool
keyed_key(const struct kind *kind, const char *name, struct key *key)
{
	bool spaced = rec_field(kind->rec, "namespace") != NULL;
	const char *slash = spaced ? strchr(name, '/') : NULL;

	if (strlen(name) > STORE_KEY_MAX - 16)
		return false;
	if (slash)
		key_add(key, (struct slice){(const unsigned char *)name, (size_t)(slash - name)});
	else if (spaced)
		key_add(key, slice_of("default"));
	if (spaced)
		key_byte(key, 0);
	key_add(key, slice_of(slash ? slash + 1 : name));
	return true;
}

/* Names of kinds without ids: kv/NAMESPACE/KEY, config/KEY. */
static int
find_keyed(struct cluster *c, const struct kind *kind, const char *name, struct found *found,
    struct err *e)
{
	struct key key = {.n = 0};
	int got;

	if (!keyed_key(kind, name, &key))
		return 0;
	got = found_load(c, kind, &key, found, e);
	return got > 0 && kind->expired && kind->expired(c, found->record) ? 0 : got;
}

static int
find_in(struct cluster *c, const struct kind *kind, const char *name, struct found *found,
    struct err *e)
{
	struct key key = {.n = 0};
	uint64_t number;

	if (!kind->letter)
		return find_keyed(c, kind, name, found, e);
	if (!is_id(name, &number))
		return find_name(c, kind, name, found, e);
	if (name[0] != kind->letter)
		return 0;
	key_u64(&key, number);
	return found_load(c, kind, &key, found, e);
}

/* A bare name in every kind that has names: the only holder, or an error that lists them. */
static int
find_any(struct cluster *c, const char *name, struct found *found, struct err *e)
{
	const struct kind *k;
	struct found one;
	const char *list = NULL;
	int got, n = 0;

	for (k = c->kinds->v; k < c->kinds->v + c->kinds->n; k++) {
		if (!k->letter)
			continue;
		got = find_in(c, k, name, &one, e);
		if (got < 0)
			return -1;
		if (got == 0)
			continue;
		*found = one;
		list = list ? arena_printf(c->arena, "%s, %s/%s", list, k->name, name)
			    : arena_printf(c->arena, "%s/%s", k->name, name);
		n++;
	}
	if (n > 1)
		return err_value(e, ERR_USAGE, name, "'%s' is ambiguous: %s", name, list);
	return n;
}

int
resolve_any(struct cluster *c, const struct kind *only, const char *text, const char *self,
    struct found *found, struct err *e)
{
	const char *slash = strchr(text, '/');
	const struct kind *kind = NULL;
	int got;

	if (!strcmp(text, "@self")) {
		if (!self)
			return err_value(
			    e, ERR_NO, text, "@self is unset: this process was not started by gcs");
		return resolve_any(c, only, self, NULL, found, e);
	}
	if (!*text)
		return err_value(e, ERR_USAGE, text, "a record has no empty name");
	if (slash && (!only || only->letter))
		kind = kind_named(c->kinds, arena_strndup(c->arena, text, (size_t)(slash - text)));
	if (kind && only && only != kind)
		return no_match(only, text, e);
	if (kind)
		text = slash + 1;
	else if (slash && (!only || (only->letter && !rec_field(only->rec, "namespace"))))
		return no_match(only, text, e);
	if (!kind)
		kind = only;
	got = kind ? find_in(c, kind, text, found, e) : find_any(c, text, found, e);
	if (got)
		return got;
	return no_match(kind, text, e);
}

void *
resolve_kind(
    struct cluster *c, enum kind_number kind, const char *text, const char *self, struct err *e)
{
	struct found found;

	return resolve_any(c, kind_of(c->kinds, kind), text, self, &found, e) < 0 ? NULL
										  : found.record;
}

/* A record that may exist only in the history: a key, or an id already assigned. */
static bool
locate_past(struct cluster *c, const char *text, struct located *located)
{
	const char *slash = strchr(text, '/');
	uint64_t number;

	located->key.n = 0;
	if (slash)
		located->kind =
		    kind_named(c->kinds, arena_strndup(c->arena, text, (size_t)(slash - text)));
	if (slash && located->kind && !located->kind->letter)
		return keyed_key(located->kind, slash + 1, &located->key);
	text = slash ? slash + 1 : text;
	if (!is_id(text, &number))
		return false;
	located->kind = kind_letter(c->kinds, text[0]);
	if (!located->kind || !number || number > txn_counter(c->txn, text[0]))
		return false;
	key_u64(&located->key, number);
	return true;
}

int
resolve_located(
    struct cluster *c, const char *text, const char *self, struct located *located, struct err *e)
{
	struct found found;

	if (resolve_any(c, NULL, text, self, &found, e) > 0) {
		located->kind = found.kind;
		record_key(found.kind, found.record, &located->key);
		return 0;
	}
	if (e->code != ERR_NO || !locate_past(c, text, located))
		return -1;
	return 0;
}

/* Splits off KIND/ and reads an id or a key. False: not a valid name. */
static bool
expect(struct cluster *c, const char *text, struct expected *x)
{
	const char *slash = strchr(text, '/');
	const struct kind *kind = NULL;
	uint64_t number;

	if (slash)
		kind = kind_named(c->kinds, arena_strndup(c->arena, text, (size_t)(slash - text)));
	if (!*text || (slash && (!kind || !slash[1])))
		return false;
	*x = (struct expected){.kind = kind, .name = kind ? slash + 1 : text};
	if (kind && !kind->letter)
		return keyed_key(kind, x->name, &x->key);
	if (!is_id(x->name, &number))
		return !strchr(x->name, '/') || rec_field(kind->rec, "namespace");
	x->kind = kind_letter(c->kinds, x->name[0]);
	if (!x->kind || !number || (kind && kind != x->kind))
		return false;
	key_u64(&x->key, number);
	return true;
}

int
resolve_expected(
    struct cluster *c, const char *text, const char *self, struct expected *expected, struct err *e)
{
	bool is_self = !strcmp(text, "@self");

	if (is_self && !self)
		return err_value(
		    e, ERR_NO, text, "@self is unset: this process was not started by gcs");
	if (expect(c, is_self ? self : text, expected))
		return 0;
	return err_value(e, ERR_USAGE, text, "no record can ever be called '%s'", text);
}

bool
resolve_given_out(const struct cluster *c, const struct expected *x)
{
	return x->key.n && x->kind->letter &&
	       key_tail(key_slice(&x->key)) <= txn_counter(c->txn, x->kind->letter);
}

bool
resolve_is(const struct kinds *kinds, const struct expected *x, const struct event *event)
{
	const struct kind *kind = kind_of(kinds, event->kind);
	const char *name = event->name ? event->name : "";
	struct key key;

	if (!kind || (x->kind && x->kind != kind))
		return false;
	if (x->key.n) {
		event_key(kind, event, &key);
		return !slice_compare(key_slice(&x->key), key_slice(&key));
	}
	if (!kind->letter)
		return false;
	if (rec_field(kind->rec, "namespace") && !strchr(x->name, '/'))
		return !strncmp(name, "default/", 8) && !strcmp(name + 8, x->name);
	return !strcmp(name, x->name);
}
