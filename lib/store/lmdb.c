#include "store/internal.h"

#include <errno.h>
#include <lmdb.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define READERS 1024
#define MAP_BYTES ((uint64_t)64 << 30)
#define MAP_LEAST ((uint64_t)1 << 20)

/* LMDB's two trees: the free pages, and the unnamed database. */
enum { TREE_FREE = 0, TREE_MAIN = 1 };

int
db_damaged(const struct store *store, const char *how, struct err *e)
{
	return err_set(
	    e, ERR_STORE, "the state in '%s' is damaged (%s): run gcs doctor", store->path, how);
}

/* The first cause counts: after it LMDB refuses everything else in the transaction. */
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
		return db_damaged(store, mdb_strerror(rc), e);
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

static void
assertion(MDB_env *env, const char *message)
{
	const struct store *store = mdb_env_get_userctx(env);

	if (store->options.damaged)
		store->options.damaged(message);
}

static int
env_try(struct store *store, const char *path, uint64_t map_bytes)
{
	unsigned flags = MDB_NOTLS;
	int rc = mdb_env_create(&store->env);

	if (rc) {
		store->env = NULL;
		return rc;
	}
	if (store->options.reading_only)
		flags |= MDB_RDONLY;
	if (store->unlocked)
		flags |= MDB_RDONLY | MDB_NOLOCK;
	mdb_env_set_userctx(store->env, store);
	mdb_env_set_assert(store->env, assertion);
	mdb_env_set_maxreaders(store->env, READERS);
	mdb_env_set_mapsize(store->env, map_bytes);
	rc = mdb_env_open(store->env, path, flags, store->file_mode);
	if (rc)
		db_close(store);
	return rc;
}

int
lmdb_open(struct store *store, struct err *e)
{
	uint64_t bytes = store->map_bytes;
	int rc;

	if (!bytes)
		bytes = store_seam_number(seam("map"), MAP_BYTES);
	do {
		rc = env_try(store, store->db_path, bytes);
		if (rc == ENOENT)
			rc = env_try(store, store->path, bytes);
	} while (rc == ENOMEM && (bytes /= 2) >= MAP_LEAST);
	store->map_bytes = bytes;
	if (rc == 0)
		return 0;
	if (rc == MDB_INVALID || rc == MDB_VERSION_MISMATCH)
		return err_set(e, ERR_STORE, "'%s/data.mdb' or lock.mdb is of another LMDB: %s",
		    store->path, mdb_strerror(rc));
	return err_set(
	    e, ERR_STORE, "cannot open the store in '%s': %s", store->path, mdb_strerror(rc));
}

int
lmdb_file(const struct store *store)
{
	int fd = -1;

	mdb_env_get_fd(store->env, &fd);
	return fd;
}

static uint64_t
page_bytes_of(const struct store *store)
{
	MDB_stat stat;

	mdb_env_stat(store->env, &stat);
	return stat.ms_psize;
}

uint64_t
lmdb_bytes(const struct store *store)
{
	MDB_envinfo info;

	mdb_env_info(store->env, &info);
	return (info.me_last_pgno + 1) * page_bytes_of(store);
}

/* How many of the free pages are in first … last. */
static uint64_t
free_count(MDB_txn *txn, uint64_t first, uint64_t last)
{
	uint64_t n = 0;
	MDB_cursor *cursor;
	MDB_val key, value;

	if (mdb_cursor_open(txn, TREE_FREE, &cursor))
		return 0;
	while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
		const size_t *ids = value.mv_data;

		for (size_t i = 1; i <= ids[0] && i < value.mv_size / sizeof *ids; i++)
			n += ids[i] >= first && ids[i] <= last;
	}
	mdb_cursor_close(cursor);
	return n;
}

bool
lmdb_tail_free(struct store *store, bool *settled)
{
	uint64_t page = page_bytes_of(store), first, n;
	MDB_envinfo begin, end;
	MDB_txn *txn;
	struct stat st;

	mdb_env_info(store->env, &begin);
	if (mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn))
		return false;
	if (fstat(lmdb_file(store), &st)) {
		mdb_txn_abort(txn);
		return false;
	}
	first = (uint64_t)st.st_size / page;
	n = free_count(txn, first, begin.me_last_pgno);
	mdb_txn_abort(txn);
	mdb_env_info(store->env, &end);
	*settled = begin.me_last_txnid == end.me_last_txnid;
	return first + n > begin.me_last_pgno;
}

bool
lmdb_seize(struct store *store)
{
	MDB_txn *txn;

	return mdb_txn_begin(store->env, NULL, 0, &txn) == 0;
}

void
db_close(struct store *store)
{
	if (store->env)
		mdb_env_close(store->env);
	store->env = NULL;
}

/* A larger map, of at least what the database has by now. If there is no address space for it the
 * environment is lost. */
static int
map_grow(struct store *store, struct err *e)
{
	MDB_envinfo info;
	uint64_t bytes;
	int rc;

	mdb_env_info(store->env, &info);
	bytes = 2 * (uint64_t)info.me_mapsize;
	rc = mdb_env_set_mapsize(store->env, bytes);
	if (rc == 0) {
		store->map_bytes = bytes;
		return 0;
	}
	db_close(store);
	return err_set(e, ERR_STORE, "no address space for a map of %ju bytes: %s",
	    (uintmax_t)bytes, mdb_strerror(rc));
}

static int
readers_wait(struct store *store)
{
	int dead = 0;

	if (!seam("no-reader-check"))
		mdb_reader_check(store->env, &dead);
	if (!dead)
		nanosleep(&(struct timespec){0, 5000000}, NULL);
	return 0;
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
		return seam("no-grow") ? -1 : map_grow(store, e);
	case AGAIN_READERS:
		return readers_wait(store);
	case AGAIN_STALE:
		return db_heal(store, e);
	case AGAIN_REOPEN:
		db_close(store);
		return db_open(store, e);
	case AGAIN_SPACE:
		return txn->frees && store_reserve_spend(store) ? 0 : -1;
	}
	return -1;
}

/* What an opener that died has left behind: the lock table's number is not that of the newest
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

	if (!store->env && db_open(store, e))
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

static int
reader_count(const char *line, void *count)
{
	(void)line;
	++*(uint32_t *)count;
	return 0;
}

int
txn_size(struct txn *txn, struct store_size *size, struct err *e)
{
	struct store *store = txn->store;
	uint32_t lines = 0;
	MDB_envinfo info;
	struct stat st;

	if (fstat(lmdb_file(store), &st))
		return store_file_fail(store, "data.mdb", e);
	mdb_env_info(store->env, &info);
	mdb_reader_list(store->env, reader_count, &lines);
	size->file_bytes = (uint64_t)st.st_size;
	size->map_bytes = info.me_mapsize;
	size->used_bytes = db_used(txn);
	size->readers = lines ? lines - 1 : 0; /* the first line is a heading */
	size->page_bytes = (uint32_t)page_bytes_of(store);
	return 0;
}

int
store_readers_check(struct store *store, struct err *e)
{
	int dead = 0, rc;

	if (!store->env && db_open(store, e))
		return -1;
	rc = mdb_reader_check(store->env, &dead);
	if (rc)
		return err_set(e, ERR_STORE, "cannot check the readers of '%s': %s", store->path,
		    mdb_strerror(rc));
	return dead;
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
