#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int
store_out_of_memory(struct err *e)
{
	return err_set(e, ERR_STORE, "out of memory");
}

/* nothing is reported here: the arena ends the process */
static void
exhausted(void)
{
}

struct store *
store_alloc(const char *dir, const struct store_options *options)
{
	struct store *store = calloc(1, sizeof *store);

	if (!store)
		return NULL;
	store->options = *options;
	store->dir = store->gate = store->gate_low = store->writer = -1;
	store->path = strdup(dir);
	store->db_path = malloc(64);
	arena_init(&store->arena, exhausted);
	if (store->path && store->db_path)
		return store;
	store_close(store);
	return NULL;
}

void
store_close(struct store *store)
{
	if (!store)
		return;
	env_close(store);
	/* The gate last: it marks that this process has the store open. */
	if (store->writer >= 0)
		close(store->writer);
	gate_close(store);
	if (store->dir >= 0)
		close(store->dir);
	arena_done(&store->arena);
	free(store->path);
	free(store->db_path);
	free(store);
}

int
store_dir_open(struct store *store, struct err *e)
{
	store->dir = open(store->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store->dir < 0 && errno == ENOENT)
		return store_none(store, e);
	if (store->dir < 0)
		return err_set(e, ERR_STORE, "cannot open '%s': %s", store->path, strerror(errno));
	/* LMDB needs a path; this one always means the checked directory, even after a rename. */
	snprintf(store->db_path, 64, "/proc/self/fd/%d", store->dir);
	return store_dir_check(store, e);
}

static int
meta_read(struct txn *txn, void *argument, struct err *e)
{
	struct store *store = argument;
	int rc = meta_load(txn, &store->meta, e);

	if (rc)
		return rc < 0 ? -1 : 0;
	if (db_entries(txn) == 0)
		return store_none(store, e);
	err_set(e, ERR_STORE, "'%s/data.mdb' has no meta row: it is not of gcs, or damaged",
	    store->path);
	return err_advise(e, ADVICE_CHECK);
}

static int
open_all(struct store *store, struct err *e)
{
	if (store_dir_open(store, e))
		return -1;
	/* before the gate, which is also missing if there is no cluster */
	if (env_check(store, e))
		return -1;
	if (!store->unlocked && gate_open(store, e))
		return -1;
	if (env_open(store, e))
		return -1;
	store->making = true;
	if (store_read(store, meta_read, store, e))
		return -1;
	store->making = false;
	return meta_check(store, e);
}

int
store_open(
    struct store **store, const char *dir, const struct store_options *options, struct err *e)
{
	struct store *opened = store_alloc(dir, options);

	*store = NULL;
	if (!opened)
		return store_out_of_memory(e);
	if (open_all(opened, e)) {
		store_close(opened);
		return -1;
	}
	*store = opened;
	return 0;
}

const struct store_meta *
store_meta(const struct store *store)
{
	return &store->meta;
}

int
store_dir(const struct store *store)
{
	return store->dir;
}

int
store_subdir(const struct store *store, const char *name, struct err *e)
{
	int fd = openat(store->dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? err_set(e, ERR_STORE, "cannot open %s: %s", name, strerror(errno)) : fd;
}

bool
store_gone(const struct store *store)
{
	struct stat st;

	return fstat(store->dir, &st) ? errno == ESTALE : st.st_nlink == 0;
}

const char *
store_path(const struct store *store)
{
	return store->path;
}
