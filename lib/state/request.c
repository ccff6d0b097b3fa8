#include "state/request.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "base/wire.h"
#include "store/scan.h"
#include "state/cluster.h"
#include "state/key.h"
#include "state/kind.h"
#include "store/txn.h"

enum { REQUEST_TIME = 1, REQUEST_CALL, REQUEST_ANSWER };

static int
key_check(const char *key, struct err *e)
{
	size_t n = strlen(key);

	if (n == 0 || n > REQUEST_KEY_MAX || !text_is_utf8(key, n))
		return err_value(
		    e, ERR_USAGE, key, "a key has 1 to %d bytes of UTF-8", REQUEST_KEY_MAX);
	return 0;
}

static struct key
age_key(uint64_t time_ms, struct slice request)
{
	struct key key = {.n = 0};

	key_u64(&key, time_ms);
	key_add(&key, request);
	return key;
}

int
request_find(
    struct cluster *c, const char *key, struct slice call, struct slice *answer, struct err *e)
{
	struct wire_field f;
	struct slice row;
	int got;

	if (key_check(key, e))
		return -1;
	got = txn_get(c->txn, TABLE_REQUEST, slice_of(key), &row, e);
	if (got <= 0)
		return got;
	if (wire_find(row, REQUEST_TIME, &f) > 0 && f.value + REQUEST_KEEP_MS <= c->now_ms)
		return 0;
	if (wire_find(row, REQUEST_CALL, &f) <= 0 || slice_compare(f.bytes, call))
		return err_value(e, ERR_REFUSED, key, "'%s' was used for another call", key);
	*answer = (struct slice){NULL, 0};
	if (wire_find(row, REQUEST_ANSWER, &f) > 0)
		*answer = f.bytes;
	return 1;
}

struct slice
request_age(struct slice key, struct slice row, struct arena *a)
{
	struct wire_field f;
	struct key age = age_key(wire_find(row, REQUEST_TIME, &f) > 0 ? f.value : 0, key);

	return (struct slice){arena_copy(a, age.p, age.n), age.n};
}

static int
request_drop(struct cluster *c, struct slice key, struct err *e)
{
	struct slice row;
	int got = txn_get(c->txn, TABLE_REQUEST, key, &row, e);

	if (got <= 0)
		return got;
	if (txn_delete(c->txn, TABLE_REQUEST_AGE, request_age(key, row, c->arena), e) < 0)
		return -1;
	return txn_delete(c->txn, TABLE_REQUEST, key, e) < 0 ? -1 : 0;
}

int
request_keep(
    struct cluster *c, const char *key, struct slice call, struct slice answer, struct err *e)
{
	struct buf row = {.arena = c->arena};
	struct key age = age_key(c->now_ms, slice_of(key));

	if (answer.n > REQUEST_ANSWER_MAX)
		return err_set(e, ERR_REFUSED, "the answer has %zu bytes, at most %d are kept",
		    answer.n, REQUEST_ANSWER_MAX);
	if (request_drop(c, slice_of(key), e))
		return -1;
	wire_put_u64(&row, REQUEST_TIME, c->now_ms);
	wire_put_bytes(&row, REQUEST_CALL, call.p, call.n);
	wire_put_bytes(&row, REQUEST_ANSWER, answer.p, answer.n);
	if (txn_put(c->txn, TABLE_REQUEST, slice_of(key), buf_slice(&row), e))
		return -1;
	return txn_put(c->txn, TABLE_REQUEST_AGE, key_slice(&age), (struct slice){NULL, 0}, e);
}

int
request_trim(struct cluster *c, uint64_t *budget, struct err *e)
{
	struct slice row, value, key;
	struct scan scan;
	int got = 0;

	if (scan_table(&scan, c->txn, TABLE_REQUEST_AGE, e))
		return -1;
	while (*budget && (got = scan_next(&scan, &row, &value, e)) > 0) {
		if (key_tail((struct slice){row.p, 8}) + REQUEST_KEEP_MS > c->now_ms)
			break;
		key = (struct slice){arena_copy(c->arena, row.p + 8, row.n - 8), row.n - 8};
		if (request_drop(c, key, e)) {
			got = -1;
			break;
		}
		--*budget;
	}
	scan_close(&scan);
	return got < 0 ? -1 : 0;
}
