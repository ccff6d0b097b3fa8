#include "store/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "base/array.h"

#define INIT_LOCK_MS 10000

struct own_file {
	const char *name;
	off_t bytes; /* allocated at once, so that a full disk does no harm later */
};

static const struct own_file own_files[] = {
    {"lock.mdb", LOCK_FILE_BYTES},
    {"gate", 64},
    {"writer", 16},
    {"pulse", 65536},
    {"bell", 1},
    {"reserve", RESERVE_BYTES},
    {"monitor.lock", 0},
};

static const char *const own_dirs[] = {"watch", "run", "log", "keys"};

struct making {
	struct store *store;
	const struct store_init *init;
	bool made;
};

static int
init_fail(const struct store *store, const char *name, struct err *e)
{
	return err_set(e, ERR_STORE, "cannot make '%s%s%s': %s", store->path, *name ? "/" : "",
	    name, strerror(errno));
}

/* Entries made in a directory are durable only once the directory is flushed. */
static int
parent_flush(const char *path)
{
	char *copy = strdup(path), *slash;
	int fd, rc = -1;

	if (!copy)
		return -1;
	slash = strrchr(copy, '/');
	if (slash)
		slash[slash == copy] = '\0';
	fd = open(slash ? copy : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(copy);
	if (fd < 0)
		return -1;
	rc = fsync(fd);
	close(fd);
	return rc;
}

/* With its missing parent directories. */
static int
path_make(char *path)
{
	char *slash;
	int rc;

	if (mkdir(path, 0700) == 0)
		return parent_flush(path);
	if (errno == EEXIST)
		return 0;
	slash = strrchr(path, '/');
	if (errno != ENOENT || !slash || slash == path)
		return -1;
	*slash = '\0';
	rc = path_make(path);
	*slash = '/';
	if (rc || (mkdir(path, 0700) && errno != EEXIST))
		return -1;
	return parent_flush(path);
}

static int
dir_make(struct store *store, struct err *e)
{
	char *path = strdup(store->path);
	size_t n = strlen(store->path);
	int rc;

	if (!path)
		return store_out_of_memory(e);
	while (n > 1 && path[n - 1] == '/')
		path[--n] = '\0';
	rc = path_make(path);
	free(path);
	return rc ? init_fail(store, "", e) : 0;
}

static bool
name_is_own(const char *name)
{
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, "lost+found") == 0 ||
	    strcmp(name, "data.mdb") == 0)
		return true;
	for (size_t i = 0; i < ARRAY_LENGTH(own_files); i++)
		if (strcmp(name, own_files[i].name) == 0)
			return true;
	for (size_t i = 0; i < ARRAY_LENGTH(own_dirs); i++)
		if (strcmp(name, own_dirs[i]) == 0)
			return true;
	return false;
}

static int
strangers_refuse(const struct store *store, struct err *e)
{
	struct dirent *entry = NULL;
	int fd = openat(store->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return init_fail(store, "", e);
	}
	while (rc == 0 && (entry = readdir(dir)))
		if (!name_is_own(entry->d_name))
			rc = err_set(e, ERR_STORE, "'%s' is not empty: it has '%s'", store->path,
			    entry->d_name);
	closedir(dir);
	return rc;
}

/* A killed init may have left less than LMDB's first two pages. */
static int
data_is_fresh(const struct store *store, bool *fresh, struct err *e)
{
	struct stat st;
	int fd, rc = store_file_check(store, "data.mdb", &st, e);

	if (rc < 0)
		return -1;
	*fresh = rc == 0 || st.st_size < 2 * sysconf(_SC_PAGESIZE);
	if (!*fresh)
		return 0;
	if (strangers_refuse(store, e))
		return -1;
	if (rc == 0 || st.st_size == 0)
		return 0;
	fd = store_file_open(store, "data.mdb", O_WRONLY, e);
	if (fd < 0)
		return -1;
	rc = ftruncate(fd, 0);
	close(fd);
	return rc ? init_fail(store, "data.mdb", e) : 0;
}

static int
own_file_make(const struct store *store, const struct own_file *file, struct err *e)
{
	struct stat st;
	int rc = store_file_check(store, file->name, &st, e), fd;

	if (rc < 0)
		return -1;
	if (rc && st.st_size >= file->bytes && (st.st_mode & 0777) == store->file_mode)
		return 0;
	fd = store_file_open(store, file->name, O_RDWR | O_CREAT, e);
	if (fd < 0)
		return -1;
	rc = file->bytes ? posix_fallocate(fd, 0, file->bytes) : 0;
	if (rc == 0 && (fchmod(fd, store->file_mode) || fsync(fd)))
		rc = errno;
	close(fd);
	errno = rc;
	return rc ? init_fail(store, file->name, e) : 0;
}

static int
own_dir_make(const struct store *store, const char *name, mode_t mode, struct err *e)
{
	int fd, rc;

	if (mkdirat(store->dir, name, 0700) && errno != EEXIST)
		return init_fail(store, name, e);
	fd = openat(store->dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return init_fail(store, name, e);
	rc = fchmod(fd, mode);
	if (rc == 0)
		rc = fsync(fd);
	close(fd);
	return rc ? init_fail(store, name, e) : 0;
}

static int
files_make(struct store *store, bool shared, struct err *e)
{
	mode_t mode = shared ? 02770 : 0700;

	if (store->owner != geteuid())
		return err_set(
		    e, ERR_STORE, "'%s' belongs to uid %ju", store->path, (uintmax_t)store->owner);
	if (fchmod(store->dir, mode))
		return init_fail(store, "", e);
	store->file_mode = shared ? 0660 : 0600;
	for (size_t i = 0; i < ARRAY_LENGTH(own_dirs); i++)
		if (own_dir_make(store, own_dirs[i], mode, e))
			return -1;
	for (size_t i = 0; i < ARRAY_LENGTH(own_files); i++)
		if (own_file_make(store, &own_files[i], e))
			return -1;
	return 0;
}

/* Restores removed files of an existing store. For the lock file see env_open.c. */
static int
files_restore(struct store *store, struct err *e)
{
	mode_t mode = store->file_mode == 0660 ? 02770 : 0700;
	struct stat st;
	int rc;

	for (size_t i = 0; i < ARRAY_LENGTH(own_dirs); i++)
		if (faccessat(store->dir, own_dirs[i], F_OK, AT_SYMLINK_NOFOLLOW) &&
		    own_dir_make(store, own_dirs[i], mode, e))
			return -1;
	for (size_t i = 0; i < ARRAY_LENGTH(own_files); i++) {
		rc = store_file_check(store, own_files[i].name, &st, e);
		if (rc < 0)
			return -1;
		if (rc == 0 && strcmp(own_files[i].name, "lock.mdb") != 0 &&
		    own_file_make(store, &own_files[i], e))
			return -1;
	}
	return 0;
}

static int
meta_peek(struct txn *txn, void *argument, struct err *e)
{
	struct store *store = argument;
	int rc = meta_load(txn, &store->meta, e);

	if (rc == 0)
		return err_set(e, ERR_STORE, "'%s/data.mdb' is not of gcs", store->path);
	return rc < 0 ? -1 : 0;
}

/* Without a gate no process can have the store open, but it may belong to another program: check
 * before anything is made. */
static int
gateless_check(struct store *store, struct err *e)
{
	struct store_options options = store->options;
	struct stat st;
	int rc = store_file_check(store, "gate", &st, e);

	if (rc)
		return rc < 0 ? -1 : 0;
	store->unlocked = store->options.reading_only = true;
	rc = env_open(store, e) || store_read(store, meta_peek, store, e) ? -1 : 0;
	env_close(store);
	store->options = options;
	store->unlocked = false;
	return rc;
}

static int
meta_make(struct txn *txn, void *argument, struct err *e)
{
	struct making *making = argument;
	struct store_meta meta;
	int rc = meta_load(txn, &meta, e);

	making->made = false;
	if (rc < 0)
		return -1;
	if (rc > 0) {
		making->store->meta = meta;
		return meta_check(making->store, e);
	}
	if (db_entries(txn))
		return err_set(e, ERR_STORE, "'%s/data.mdb' is not of gcs", making->store->path);
	if (meta_fill(&meta, making->init, e) || meta_save(txn, &meta, e))
		return -1;
	if (making->init->given_clock)
		txn_given_clock_set(txn, making->init->clock_ms);
	/* so that the row of counters exists from the first commit on */
	txn->before.horizon = 0;
	making->made = true;
	return 0;
}

/* The meta row is committed last: every earlier step can be repeated. */
static int
store_make(struct store *store, const struct store_init *init, bool *made, struct err *e)
{
	struct making making = {.store = store, .init = init};
	bool fresh;

	if (data_is_fresh(store, &fresh, e))
		return -1;
	if (fresh && files_make(store, init->shared, e))
		return -1;
	if (!fresh && (gateless_check(store, e) || files_restore(store, e)))
		return -1;
	if (gate_open(store, e) || env_open(store, e))
		return -1;
	if (fresh && (fchmod(env_file(store), store->file_mode) || fsync(store->dir)))
		return init_fail(store, "data.mdb", e);
	if (store_write(store, false, meta_make, &making, e))
		return -1;
	*made = making.made;
	return 0;
}

/* Of two concurrent inits the second waits, and finds a store. */
static int
store_init_locked(struct store *store, const struct store_init *init, bool *made, struct err *e)
{
	int fd, rc;

	if (dir_make(store, e) || store_dir_open(store, e))
		return -1;
	fd = openat(store->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return init_fail(store, "", e);
	do
		rc = flock(fd, LOCK_EX);
	while (rc && errno == EINTR);
	rc = store_make(store, init, made, e);
	close(fd);
	return rc;
}

int
store_init(const char *dir, const struct store_init *init, bool *made, struct err *e)
{
	struct store_options options = {.lock_timeout_ms = INIT_LOCK_MS};
	struct store *store = store_alloc(dir, &options);
	int rc;

	*made = false;
	if (!store)
		return store_out_of_memory(e);
	store->making = true;
	rc = store_init_locked(store, init, made, e);
	store_close(store);
	return rc;
}
