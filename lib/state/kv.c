#include "state/kv.h"

#include <string.h>

#include "base/amount.h"
#include "base/arena.h"
#include "base/crc32c.h"
#include "base/err.h"
#include "base/text.h"
#include "state/cascade.h"
#include "state/cluster.h"
#include "state/computed.h"
#include "state/derive.h"
#include "state/event.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/record.h"
#include "store/scan.h"
#include "store/txn.h"

static const struct kind *
kv_kind(const struct cluster *c)
{
	return kind_of(c->kinds, KIND_KV);
}

static struct key
entry_key(const char *namespace, const char *key)
{
	struct key k = {.n = 0};

	key_add(&k, slice_of(namespace));
	key_byte(&k, 0);
	key_add(&k, slice_of(key));
	return k;
}

static struct key
version_key(const char *namespace, const char *key, uint64_t value_rev)
{
	struct key k = entry_key(namespace, key);

	key_u64(&k, value_rev);
	return k;
}

void
kv_derive(const struct kind *kind, const void *record, struct derived *to)
{
	const struct kv *kv = record;
	struct key entry = entry_key(kv->namespace, kv->key);

	derive_count(to, kind, 0);
	derive_due(to, kind, kv->expires_ms, key_slice(&entry));
	derive_owned(to, kind, kv->owner, key_slice(&entry));
}

int
kv_key_check(const char *namespace, const char *key, struct err *e)
{
	size_t n = strlen(key);

	if (!text_is_namespace(namespace))
		return err_value(e, ERR_USAGE, namespace,
		    "'%s' is not a valid namespace (letters, digits, . _ -; at most %d)", namespace,
		    KV_NAMESPACE_MAX);
	if (n == 0 || n > KV_KEY_MAX)
		return err_value(
		    e, ERR_USAGE, key, "a key has 1 to %d bytes, this one has %zu", KV_KEY_MAX, n);
	if (!text_is_utf8(key, n))
		return err_value(e, ERR_USAGE, key, "the key is not valid UTF-8");
	return 0;
}

bool
kv_expired(const struct cluster *c, const void *record)
{
	const struct kv *kv = record;

	return kv->expires_ms && kv->expires_ms <= c->now_ms;
}

static int
entry_get(struct cluster *c, const char *namespace, const char *key, struct kv *kv, struct err *e)
{
	struct key k = entry_key(namespace, key);

	memset(kv, 0, sizeof *kv);
	return record_get(c, kv_kind(c), key_slice(&k), kv, e);
}

int
kv_get(struct cluster *c, const char *namespace, const char *key, struct kv *kv, struct err *e)
{
	int got;

	if (kv_key_check(namespace, key, e))
		return -1;
	got = entry_get(c, namespace, key, kv, e);
	return got > 0 && kv_expired(c, kv) ? 0 : got;
}

int
kv_value(struct cluster *c, const struct kv *kv, struct slice *value, struct err *e)
{
	struct key k = version_key(kv->namespace, kv->key, kv->value_rev);
	int got = txn_get(c->txn, TABLE_VALUE, key_slice(&k), value, e);

	if (got < 0)
		return -1;
	if (got && value->n == kv->size && crc32c(0, value->p, value->n) == kv->crc32c)
		return 0;
	err_set(e, ERR_STORE, "the value of %s/%s is %s", kv->namespace, kv->key,
	    got ? "damaged" : "missing");
	return err_advise(e, ADVICE_CHECK);
}

static int
owner_check(struct cluster *c, uint64_t owner, struct err *e)
{
	const struct kind *kind = kind_letter(c->kinds, ref_letter(owner));
	void *record;
	int got;

	if (!owner)
		return 0;
	if (kind && !kind->states) /* nothing is notified when one of them ends */
		return err_set(e, ERR_REFUSED, "a %s owns nothing: name who has it", kind->name);
	record = kind ? arena_alloc(c->arena, kind->rec->size) : NULL;
	got = kind ? record_get_number(c, kind, ref_number(owner), record, e) : 0;
	if (got < 0)
		return -1;
	if (got > 0 && !record_ended(kind, record))
		return 0;
	return err_set(e, ERR_REFUSED, "the owner %c%llu has ended", ref_letter(owner),
	    (unsigned long long)ref_number(owner));
}

/* 1 if the entry already has these bytes and nothing else would change. */
static int
same_value(struct cluster *c, const struct kv *kv, const struct kv_put *put, struct err *e)
{
	struct slice value;

	if (kv->size != put->value.n || kv->owner != put->owner || put->ttl_ms || kv->expires_ms)
		return 0;
	if (put->unknown && slice_compare(*put->unknown, kv->unknown))
		return 0;
	if (kv_value(c, kv, &value, e))
		return -1;
	return !slice_compare(value, put->value);
}

static int
value_write(struct cluster *c, const struct kv_put *put, struct kv *kv, struct err *e)
{
	struct key k;

	kv->namespace = put->namespace;
	kv->key = put->key;
	kv->size = put->value.n;
	kv->crc32c = crc32c(0, put->value.p, put->value.n);
	kv->owner = put->owner;
	kv->expires_ms = put->ttl_ms ? c->now_ms + put->ttl_ms : 0;
	kv->value_rev = record_next_seq(c);
	if (put->unknown)
		kv->unknown = *put->unknown;
	k = version_key(kv->namespace, kv->key, kv->value_rev);
	if (record_put(c, kv_kind(c), kv, 0, NULL, e))
		return -1;
	return txn_put(c->txn, TABLE_VALUE, key_slice(&k), put->value, e);
}

int
kv_put(struct cluster *c, const struct kv_put *put, struct kv *result, struct err *e)
{
	int there, same;

	if (kv_key_check(put->namespace, put->key, e))
		return -1;
	if (put->value.n > KV_VALUE_MAX)
		return err_set(e, ERR_USAGE, "a value has at most %u bytes, this one has %zu",
		    KV_VALUE_MAX, put->value.n);
	if (put->ttl_ms > AMOUNT_MAX)
		return err_set(e, ERR_USAGE, "the time to live is too long");
	if (owner_check(c, put->owner, e))
		return -1;
	there = entry_get(c, put->namespace, put->key, result, e);
	if (there < 0)
		return -1;
	if (there && kv_expired(c, result)) {
		if (record_remove(c, kv_kind(c), result, 0, NULL, e) < 0)
			return -1;
		memset(result, 0, sizeof *result);
		there = 0;
	}
	if (there && put->only_new)
		return err_value(e, ERR_REFUSED, put->key, "key '%s' already exists (rev %llu)",
		    put->key, (unsigned long long)result->rev);
	same = there ? same_value(c, result, put, e) : 0;
	if (same < 0)
		return -1;
	if (same)
		return record_put(c, kv_kind(c), result, 0, NULL,
		    e); /* writes nothing, but still checks the --if-rev */
	return value_write(c, put, result, e);
}

int
kv_add(struct cluster *c, const char *namespace, const char *key, int64_t amount, int64_t *sum,
    struct err *e)
{
	struct kv_put put = {.namespace = namespace, .key = key};
	struct kv kv;
	struct slice value;
	const char *text;
	int64_t old = 0;
	int got = kv_get(c, namespace, key, &kv, e);

	if (got < 0)
		return -1;
	if (got > 0) {
		struct err ignored;

		if (kv_value(c, &kv, &value, e))
			return -1;
		text = arena_strndup(c->arena, value.p, value.n);
		if (value.n > 20 || number_i64(text, &old, &ignored))
			return err_value(
			    e, ERR_REFUSED, key, "the value of '%s' is not an integer", key);
		put.owner = kv.owner;
		put.ttl_ms = kv.expires_ms ? kv.expires_ms - c->now_ms : 0;
	}
	if (__builtin_add_overflow(old, amount, sum))
		return err_value(
		    e, ERR_REFUSED, key, "the sum for '%s' does not fit into 64 bits", key);
	put.value = slice_of(arena_printf(c->arena, "%lld", (long long)*sum));
	return kv_put(c, &put, &kv, e);
}

int
kv_delete(struct cluster *c, const char *namespace, const char *key, uint64_t cause, struct err *e)
{
	struct kv kv;
	int got = kv_get(c, namespace, key, &kv, e);

	if (got <= 0)
		return got;
	return record_remove(c, kv_kind(c), &kv, cause, NULL, e) < 0 ? -1 : 1;
}

/* Removes the entry under a primary key. */
static int
entry_remove(struct cluster *c, struct slice key, bool only_expired, struct err *e)
{
	struct kv *kv = arena_alloc(c->arena, sizeof *kv);
	int got = record_get(c, kv_kind(c), key, kv, e);

	if (got <= 0)
		return got;
	if (only_expired && !kv_expired(c, kv))
		return 0;
	return record_remove(c, kv_kind(c), kv, 0, NULL, e) < 0 ? -1 : 1;
}

int64_t
kv_delete_prefix(struct cluster *c, const char *namespace, const char *prefix, struct err *e)
{
	struct key from = entry_key(namespace, prefix);
	struct slice key, value;
	struct scan scan;
	int64_t n = 0;
	int got;

	if (!text_is_namespace(namespace))
		return err_value(
		    e, ERR_USAGE, namespace, "'%s' is not a valid namespace", namespace);
	if (scan_prefix(&scan, c->txn, TABLE_KV, key_slice(&from), false, e))
		return -1;
	while ((got = scan_next(&scan, &key, &value, e)) > 0) {
		key.p = arena_copy(c->arena, key.p, key.n);
		got = entry_remove(c, key, false, e);
		if (got < 0)
			break;
		n += got;
	}
	scan_close(&scan);
	return got < 0 ? -1 : n;
}

int
kv_owner_ended(struct cluster *c, void *record, struct cascade *from, struct err *e)
{
	return record_remove(c, kv_kind(c), record, from->seq, NULL, e) < 0 ? -1 : 0;
}

int
kv_due(struct cluster *c, struct slice key, struct err *e)
{
	return entry_remove(c, key, true, e) < 0 ? -1 : 0;
}

int
kv_restore(struct cluster *c, void *record, struct err *e)
{
	struct kv *kv = record, result;
	struct kv_put put = {.namespace = kv->namespace,
	    .key = kv->key,
	    .owner = kv->owner,
	    .unknown = &kv->unknown};

	if (kv->expires_ms && kv->expires_ms <= c->now_ms)
		return err_set(e, ERR_REFUSED, "%s/%s has expired since", kv->namespace, kv->key);
	if (kv_value(c, kv, &put.value, e))
		return -1;
	put.value.p = arena_copy(c->arena, put.value.p, put.value.n);
	put.ttl_ms = kv->expires_ms ? kv->expires_ms - c->now_ms : 0;
	return kv_put(c, &put, &result, e);
}

int
kv_kept(const struct kind *kind, const struct event *event, struct key *key, uint64_t *crc,
    struct arena *a, struct err *e)
{
	struct kv old = {0};

	key->n = 0;
	if (!event->prev_rev)
		return 0;
	if (rec_decode(&rec_kv, &old, event->old, a, e))
		return -1;
	if (!old.value_rev)
		return 0;
	event_key(kind, event, key);
	key_u64(key, old.value_rev);
	*crc = old.crc32c;
	return 0;
}

int
kv_computed(struct cluster *c, void *record, const struct computed *from, struct err *e)
{
	struct kv *kv = record;

	kv->age = c->now_ms > kv->updated_ms ? c->now_ms - kv->updated_ms : 0;
	return from->values ? kv_value(c, kv, &kv->value, e) : 0;
}
