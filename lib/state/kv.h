/* kv: keys and values, in namespaces. A value is stored once per version; old versions are kept as
 * long as the history. */
#ifndef STATE_KV_H
#define STATE_KV_H

#include <stdbool.h>
#include <stdint.h>
#include "base/slice.h"
#include "rec/records.h"
#include "state/kind.h"

#define KV_KEY_MAX 255
#define KV_NAMESPACE_MAX 127
#define KV_VALUE_MAX (1U << 20)

/* Checks namespace (a name) and key (UTF-8, 1 to 255 bytes). ERR_USAGE. */
int kv_key_check(const char *namespace, const char *key, struct err *e);

/* The live entry: 1, 0 (none, or expired) or -1. */
int kv_get(struct cluster *c, const char *namespace, const char *key, struct kv *kv, struct err *e);

/* An entry's bytes, valid until the transaction writes or ends. Verified against its checksum. */
int kv_value(struct cluster *c, const struct kv *kv, struct slice *value, struct err *e);

struct kv_put {
	const char *namespace, *key;
	struct slice value;
	bool only_new;		     /* refused (3) if the key exists */
	uint64_t ttl_ms;	     /* 0: forever */
	uint64_t owner;		     /* ref, 0: none; must not have ended */
	const struct slice *unknown; /* undo: fields of a newer program, else kept */
};
/* Puts a value. The same value with the same owner and no ttl changes nothing. ERR_REFUSED,
 * ERR_USAGE. */
int kv_put(struct cluster *c, const struct kv_put *put, struct kv *result, struct err *e);

/* Adds to a decimal integer (absent: 0); returns the sum. ERR_REFUSED if the value is not an
 * integer, or the sum does not fit. */
int kv_add(struct cluster *c, const char *namespace, const char *key, int64_t amount, int64_t *sum,
    struct err *e);

/* 1, or 0 if the key did not exist. */
int kv_delete(
    struct cluster *c, const char *namespace, const char *key, uint64_t cause, struct err *e);
/* Removes all keys that begin with prefix: their number, or -1. */
int64_t kv_delete_prefix(
    struct cluster *c, const char *namespace, const char *prefix, struct err *e);

/* The verbs of the kind (state/kind.h). */
void kv_derive(const struct kind *kind, const void *record, struct derived *to);
int kv_due(struct cluster *c, struct slice key, struct err *e);
bool kv_expired(const struct cluster *c, const void *record);
kind_goes kv_owner_ended;
int kv_restore(struct cluster *c, void *record, struct err *e);
int kv_kept(const struct kind *kind, const struct event *event, struct key *key, uint64_t *crc,
    struct arena *a, struct err *e);
int kv_computed(struct cluster *c, void *record, const struct computed *from, struct err *e);

#endif
