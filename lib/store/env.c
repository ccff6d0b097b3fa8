/* The LMDB environment: the mapped file and the lock table, as opened by this process. */
#include "store/internal.h"

#include <errno.h>
#include <lmdb.h>
#include <string.h>
#include <time.h>

#define READERS 1024
#define MAP_BYTES ((uint64_t)64 << 30)
#define MAP_LEAST ((uint64_t)1 << 20)

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
		env_close(store);
	return rc;
}

int
env_open_ungated(struct store *store, struct err *e)
{
	uint64_t bytes = store->map_bytes;
	int rc;

	if (!bytes)
		bytes = seam_number("map", MAP_BYTES);
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
env_file(const struct store *store)
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
env_bytes(const struct store *store)
{
	MDB_envinfo info;

	mdb_env_info(store->env, &info);
	return (info.me_last_pgno + 1) * page_bytes_of(store);
}

/* The number of free pages in first … last. */
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
env_tail_is_free(struct store *store, bool *settled)
{
	uint64_t page = page_bytes_of(store), first, n;
	MDB_envinfo begin, end;
	MDB_txn *txn;
	struct stat st;

	mdb_env_info(store->env, &begin);
	if (mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn))
		return false;
	if (fstat(env_file(store), &st)) {
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
env_seize(struct store *store)
{
	MDB_txn *txn;

	return mdb_txn_begin(store->env, NULL, 0, &txn) == 0;
}

void
env_close(struct store *store)
{
	if (store->env)
		mdb_env_close(store->env);
	store->env = NULL;
}

int
env_grow(struct store *store, struct err *e)
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
	env_close(store);
	return err_set(e, ERR_STORE, "no address space for a map of %ju bytes: %s",
	    (uintmax_t)bytes, mdb_strerror(rc));
}

int
env_readers_wait(struct store *store)
{
	int dead = 0;

	if (!seam("no-reader-check"))
		mdb_reader_check(store->env, &dead);
	if (!dead)
		nanosleep(&(struct timespec){0, 5000000}, NULL);
	return 0;
}

static int
reader_count(const char *line, void *count)
{
	(void)line;
	++*(uint32_t *)count;
	return 0;
}

int
env_size(const struct store *store, struct store_size *size, struct err *e)
{
	uint32_t lines = 0;
	MDB_envinfo info;
	struct stat st;

	if (fstat(env_file(store), &st))
		return store_file_fail(store, "data.mdb", e);
	mdb_env_info(store->env, &info);
	mdb_reader_list(store->env, reader_count, &lines);
	size->file_bytes = (uint64_t)st.st_size;
	size->map_bytes = info.me_mapsize;
	size->readers = lines ? lines - 1 : 0; /* the first line is a heading */
	size->page_bytes = (uint32_t)page_bytes_of(store);
	return 0;
}
