/* Runs a body inside a transaction, and reruns it where that helps. */
#include "store/internal.h"

#include <string.h>

#include "base/clock.h"

#define TRIES_MAX 32

static uint64_t
clock_now(const struct store *store, uint64_t given_ms)
{
	if (!store->meta.given_clock)
		return clock_real_ms();
	return store->options.now_ms ? store->options.now_ms : given_ms;
}

static int
txn_finish(struct txn *txn, struct err *e)
{
	bool counted = memcmp(&txn->counters, &txn->before, sizeof txn->before) != 0;

	scans_end(txn);
	if (!txn->writes || txn->end == TXN_ABORT || (!txn->changed && !counted)) {
		db_abort(txn);
		return 0;
	}
	if (counted && counters_save(txn, e)) {
		db_abort(txn);
		return -1;
	}
	seam_sleep("commit-delay");
	seam_crash("before-commit");
	if (db_commit(txn, e))
		return -1;
	seam_crash("after-commit");
	txn->committed = true;
	return 0;
}

static int
txn_once(struct txn *txn, txn_body *body, void *argument, struct err *e)
{
	struct store *store = txn->store;

	*txn = (struct txn){.store = store, .writes = txn->writes, .frees = txn->frees};
	if (db_begin(txn, e))
		return -1;
	seam_crash(txn->writes ? "after-begin" : store->making ? "" : "reading");
	if (counters_load(txn, e) == 0) {
		txn->before = txn->counters;
		store->given_ms = txn->counters.given_ms;
		txn->now_ms = clock_now(store, store->given_ms);
		if (body(txn, argument, e) == 0 && txn->again == AGAIN_NO)
			return txn_finish(txn, e);
	}
	scans_end(txn);
	db_abort(txn);
	return -1;
}

static int
txn_run(struct txn *txn, txn_body *body, void *argument, struct err *e)
{
	int rc, tries = 1;

	txn->store->running = txn;
	rc = txn_once(txn, body, argument, e);
	for (; rc && tries < TRIES_MAX && db_cure(txn, e) == 0; tries++)
		rc = txn_once(txn, body, argument, e);
	txn->store->running = NULL;
	if (rc == 0 && tries > 1)
		*e = (struct err){.code = ERR_NONE};
	return rc;
}

static int
txn_allow(const struct store *store, struct err *e)
{
	if (!store->running)
		return 0;
	return err_set(e, ERR_STORE, "a transaction is running already");
}

int
store_read(struct store *store, txn_body *body, void *argument, struct err *e)
{
	struct txn txn = {.store = store};

	if (txn_allow(store, e))
		return -1;
	return txn_run(&txn, body, argument, e);
}

/* Called with signals blocked. */
static int
write_locked(struct txn *txn, const sigset_t *before, txn_body *body, void *argument, struct err *e)
{
	struct store *store = txn->store;
	int rc;

	if (writer_lock(store, before, e))
		return -1;
	rc = txn_run(txn, body, argument, e);
	if (txn->committed)
		store_reserve_refill(store);
	writer_unlock(store);
	if (rc == 0 && txn->committed && txn->group && !seam("no-group-flush"))
		return db_flush(store, e);
	return rc;
}

int
store_write(struct store *store, bool frees, txn_body *body, void *argument, struct err *e)
{
	struct txn txn = {.store = store, .writes = true, .frees = frees};
	sigset_t before;
	int rc;

	if (txn_allow(store, e))
		return -1;
	if (store->options.reading_only)
		return err_set(e, ERR_STORE, "'%s' was opened for reading only", store->path);
	store_signals_block(&before);
	rc = write_locked(&txn, &before, body, argument, e);
	store_signals_restore(&before);
	return rc;
}

static int
nothing(struct txn *txn, void *argument, struct err *e)
{
	(void)txn, (void)argument, (void)e;
	return 0;
}

uint64_t
store_now(struct store *store)
{
	struct err ignored;

	if (store->running)
		return store->running->now_ms;
	/* if it cannot be read, the value last read is used */
	if (store->meta.given_clock && !store->options.now_ms)
		store_read(store, nothing, NULL, &ignored);
	return clock_now(store, store->given_ms);
}
