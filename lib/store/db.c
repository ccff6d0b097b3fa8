/* LMDB transactions, their rows and cursors. */
#include "store/internal.h"

#include <errno.h>
#include <lmdb.h>

/* Keep the first cause: LMDB then refuses everything else in the transaction. */
static int
fail(struct txn *txn, int rc, enum again again, struct err *e)
{
	const struct store *store = txn->store;

	if (txn->again != AGAIN_NO)
		return -1;
	txn->again = again;
	if (again == AGAIN_SPACE)
		return err_set(e, ERR_STORE, "the disk under '%s' is full", store->path);
	if (again == AGAIN_READERS)
		return err_set(e, ERR_BUSY, "the store is busy: all places for readers are taken");
	if (rc == MDB_CORRUPTED || rc == MDB_PAGE_NOTFOUND || rc == MDB_INCOMPATIBLE)
		return store_damaged(store, mdb_strerror(rc), e);
	if (rc == MDB_TXN_FULL)
		return err_set(e, ERR_STORE, "the transaction is too large");
	return err_set(
	    e, ERR_STORE, "cannot use the store in '%s': %s", store->path, mdb_strerror(rc));
}

static int
db_fail(struct txn *txn, int rc, struct err *e)
{
	switch (rc) {
	case MDB_MAP_FULL:
		return fail(txn, rc, AGAIN_GROW, e);
	case MDB_MAP_RESIZED:
		return fail(txn, rc, AGAIN_RESIZED, e);
	case MDB_READERS_FULL:
		return fail(txn, rc, AGAIN_READERS, e);
	case MDB_PANIC:
		return fail(txn, rc, AGAIN_REOPEN, e);
	case ENOSPC:
	case EDQUOT:
		return fail(txn, rc, AGAIN_SPACE, e);
	case EIO:
		return fail(txn, rc, store_disk_full(txn->store) ? AGAIN_SPACE : AGAIN_NO, e);
	default:
		return fail(txn, rc, AGAIN_NO, e);
	}
}

int
db_cure(struct txn *txn, struct err *e)
{
	struct store *store = txn->store;

	switch (txn->again) {
	case AGAIN_NO:
		return -1;
	case AGAIN_GROW:
	case AGAIN_RESIZED:
		return seam("no-grow") ? -1 : env_grow(store, e);
	case AGAIN_READERS:
		return env_readers_wait(store);
	case AGAIN_STALE:
		return env_heal(store, e);
	case AGAIN_REOPEN:
		env_close(store);
		return env_open(store, e);
	case AGAIN_SPACE:
		return txn->frees && store_reserve_spend(store) ? 0 : -1;
	}
	return -1;
}

/* Left by an opener that died: the lock table's transaction number is not that of the newest
 * commit. */
static bool
is_stale(const struct txn *txn)
{
	MDB_envinfo info;
	size_t id = mdb_txn_id(txn->db);

	if (seam("no-check"))
		return false;
	mdb_env_info(txn->store->env, &info);
	if (txn->writes)
		return id != info.me_last_txnid + 1;
	return id == 0 && info.me_last_txnid > 0;
}

int
db_begin(struct txn *txn, struct err *e)
{
	struct store *store = txn->store;
	MDB_dbi tree;
	int rc;

	if (!store->env && env_open(store, e))
		return -1;
	if (txn->writes && !seam("no-reader-check"))
		mdb_reader_check(store->env, NULL);
	rc = mdb_txn_begin(store->env, NULL, txn->writes ? 0 : MDB_RDONLY, &txn->db);
	if (rc) {
		txn->db = NULL;
		return db_fail(txn, rc, e);
	}
	if (is_stale(txn)) {
		db_abort(txn);
		txn->again = AGAIN_STALE;
		return err_set(e, ERR_STORE,
		    "the lock table of '%s' does not know the newest commit", store->path);
	}
	rc = mdb_dbi_open(txn->db, NULL, 0, &tree);
	if (rc == 0)
		return 0;
	db_abort(txn);
	return db_fail(txn, rc, e);
}

int
db_commit(struct txn *txn, struct err *e)
{
	MDB_env *env = txn->store->env;
	int rc;

	if (txn->group)
		mdb_env_set_flags(env, MDB_NOMETASYNC, 1);
	rc = mdb_txn_commit(txn->db);
	txn->db = NULL;
	if (txn->group)
		mdb_env_set_flags(env, MDB_NOMETASYNC, 0);
	return rc ? db_fail(txn, rc, e) : 0;
}

void
db_abort(struct txn *txn)
{
	mdb_txn_abort(txn->db);
	txn->db = NULL;
}

int
db_flush(struct store *store, struct err *e)
{
	int rc = mdb_env_sync(store->env, 1);

	if (rc)
		return err_set(e, ERR_STORE, "committed, but cannot flush the store in '%s': %s",
		    store->path, mdb_strerror(rc));
	return 0;
}

uint64_t
db_id(const struct txn *txn)
{
	return mdb_txn_id(txn->db);
}

uint64_t
db_used(struct txn *txn)
{
	uint64_t pages = 2;
	MDB_stat stat = {0};

	for (MDB_dbi tree = TREE_FREE; tree <= TREE_MAIN; tree++)
		if (mdb_stat(txn->db, tree, &stat) == 0)
			pages += stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
	return pages * stat.ms_psize;
}

uint64_t
db_entries(struct txn *txn)
{
	MDB_stat stat = {0};

	mdb_stat(txn->db, TREE_MAIN, &stat);
	return stat.ms_entries;
}

static MDB_val
val_of(struct slice s)
{
	return (MDB_val){s.n, (void *)(uintptr_t)s.p};
}

static struct slice
slice_of_val(MDB_val v)
{
	return (struct slice){v.mv_data, v.mv_size};
}

int
db_get(struct txn *txn, struct slice key, struct slice *row, struct err *e)
{
	MDB_val k = val_of(key), v;
	int rc = mdb_get(txn->db, TREE_MAIN, &k, &v);

	if (rc == MDB_NOTFOUND)
		return 0;
	if (rc)
		return db_fail(txn, rc, e);
	*row = slice_of_val(v);
	return 1;
}

int
db_put(struct txn *txn, struct slice key, size_t n, unsigned char **to, struct err *e)
{
	MDB_val k = val_of(key), v = {n, NULL};
	int rc = mdb_put(txn->db, TREE_MAIN, &k, &v, MDB_RESERVE);

	if (rc)
		return db_fail(txn, rc, e);
	*to = v.mv_data;
	return 0;
}

int
db_delete(struct txn *txn, struct slice key, struct err *e)
{
	MDB_val k = val_of(key);
	int rc = mdb_del(txn->db, TREE_MAIN, &k, NULL);

	if (rc == MDB_NOTFOUND)
		return 0;
	return rc ? db_fail(txn, rc, e) : 1;
}

int
db_cursor_open(struct txn *txn, struct MDB_cursor **cursor, struct err *e)
{
	int rc = mdb_cursor_open(txn->db, TREE_MAIN, cursor);

	if (rc == 0)
		return 0;
	*cursor = NULL;
	return db_fail(txn, rc, e);
}

void
db_cursor_close(struct MDB_cursor *cursor)
{
	mdb_cursor_close(cursor);
}

int
db_cursor_move(struct txn *txn, struct MDB_cursor *cursor, enum move move, struct slice *key,
    struct slice *row, struct err *e)
{
	static const MDB_cursor_op ops[] = {
	    [MOVE_NEXT] = MDB_NEXT,
	    [MOVE_PREVIOUS] = MDB_PREV,
	    [MOVE_LAST] = MDB_LAST,
	    [MOVE_SEEK] = MDB_SET_RANGE,
	};
	MDB_val k = val_of(*key), v;
	int rc = mdb_cursor_get(cursor, &k, &v, ops[move]);

	if (rc == MDB_NOTFOUND)
		return 0;
	if (rc)
		return db_fail(txn, rc, e);
	*key = slice_of_val(k);
	*row = slice_of_val(v);
	return 1;
}
