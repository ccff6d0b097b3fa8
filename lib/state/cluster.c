#include "state/cluster.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "rec/records.h"
#include "state/config.h"
#include "state/key.h"
#include "state/kind.h"
#include "store/txn.h"

int
cluster_begin(struct cluster *c, struct err *e)
{
	uint64_t sync, quota;

	c->now_ms = txn_now(c->txn);
	c->time_ms = c->now_ms < txn_last_ms(c->txn) ? txn_last_ms(c->txn) : c->now_ms;
	if (!txn_writes(c->txn))
		return 0;
	if (config_value(c, SETTING_SYNC, &sync, e) || config_value(c, SETTING_QUOTA, &quota, e))
		return -1;
	if (sync == SYNC_GROUP)
		txn_sync_group(c->txn);
	txn_quota(c->txn, quota);
	return 0;
}

int
cluster_end(struct cluster *c, struct err *e)
{
	struct transaction t = {.txn = c->first_seq,
	    .time_ms = c->time_ms,
	    .by = c->audit.by,
	    .command = c->audit.command,
	    .message = c->audit.message,
	    .request_id = c->audit.request_id,
	    .count = c->count};
	struct buf row = {.arena = c->arena};
	struct key key = {.n = 0};

	if (!c->count)
		return 0;
	rec_encode(&rec_transaction, &t, &row);
	key_u64(&key, t.txn);
	txn_last_ms_set(c->txn, c->time_ms);
	return txn_put(c->txn, TABLE_TXN, key_slice(&key), buf_slice(&row), e);
}
