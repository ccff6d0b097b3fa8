/* Opening the environment: the checks, the gate, and repair of the lock table. */
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define USUAL_PAGE 4096
#define META_TRIES 20
#define META_BYTES 152 /* the parts of a meta page checked before LMDB reads it */

struct meta_page {
	uint32_t magic, version, page_bytes;
	uint64_t last, txn;
	bool good;
};

/* LMDB trusts its meta pages: it divides by the page size found there. */
static struct meta_page
meta_page_read(const unsigned char *page)
{
	struct meta_page meta;
	uint16_t flags;

	memcpy(&flags, page + 10, sizeof flags);
	memcpy(&meta.magic, page + 16, sizeof meta.magic);
	memcpy(&meta.version, page + 20, sizeof meta.version);
	memcpy(&meta.page_bytes, page + 40, sizeof meta.page_bytes);
	memcpy(&meta.last, page + 136, sizeof meta.last);
	memcpy(&meta.txn, page + 144, sizeof meta.txn);
	meta.good = (flags & 8) && meta.magic == 0xbeefc0de && meta.version == 1 &&
		    meta.page_bytes >= 512 && meta.page_bytes <= 65536 &&
		    (meta.page_bytes & (meta.page_bytes - 1)) == 0 && meta.last < (uint64_t)1 << 36;
	return meta;
}

/* Commits alternate; a wrong number would restore the commit before the newest. */
static bool
meta_pages_agree(const struct meta_page *even, const struct meta_page *odd)
{
	if (!even->good || !odd->good || even->page_bytes != odd->page_bytes)
		return false;
	if (odd->txn == 0)
		return even->txn == 0;
	return even->txn % 2 == 0 && (even->txn + 1 == odd->txn || odd->txn + 1 == even->txn);
}

/* One read suffices for pages of the usual size. */
static int
meta_pages_read(const struct store *store, int fd, uint64_t size, bool *agree, struct err *e)
{
	unsigned char pages[USUAL_PAGE + META_BYTES] = {0};
	struct meta_page even, odd;

	if (pread(fd, pages, sizeof pages, 0) < META_BYTES)
		return err_set(e, ERR_STORE, "'%s/data.mdb' is not an LMDB file", store->path);
	even = meta_page_read(pages);
	if (!even.good)
		return err_set(e, ERR_STORE, "'%s/data.mdb' is not an LMDB file", store->path);
	if (size < 2 * (uint64_t)even.page_bytes)
		return err_set(e, ERR_STORE, "'%s/data.mdb' is truncated", store->path);
	if (even.page_bytes != USUAL_PAGE &&
	    pread(fd, pages + USUAL_PAGE, META_BYTES, even.page_bytes) != META_BYTES)
		return store_file_fail(store, "data.mdb", e);
	odd = meta_page_read(pages + USUAL_PAGE);
	*agree = meta_pages_agree(&even, &odd);
	return 0;
}

/* A commit may fall between the two reads; then read again. */
static int
data_read(const struct store *store, int fd, uint64_t size, struct err *e)
{
	bool agree = false;

	for (int tries = 0; !agree && tries < META_TRIES; tries++)
		if (meta_pages_read(store, fd, size, &agree, e))
			return -1;
	return agree ? 0 : store_damaged(store, "a meta page", e);
}

int
env_check(struct store *store, struct err *e)
{
	struct stat st;
	int rc = -1, fd;

	fd = openat(
	    store->dir, "data.mdb", O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == ENOENT ? store_none(store, e)
				       : store_file_fail(store, "data.mdb", e);
	if (fstat(fd, &st))
		store_file_fail(store, "data.mdb", e);
	else if (store_file_trust(store, "data.mdb", &st, e) == 0)
		rc = st.st_size ? data_read(store, fd, (uint64_t)st.st_size, e)
				: store_none(store, e);
	store->data_inode = st.st_ino;
	close(fd);
	return rc;
}

/*
 * A lock file made by LMDB is sparse, so a full disk would cause a SIGBUS. It is opened and closed
 * here only while no environment is open: closing it drops this process's locks.
 */
static int
lock_file_make(struct store *store, struct err *e)
{
	int rc, fd;

	if (!gate_alone(store))
		return err_set(
		    e, ERR_STORE, "'%s/lock.mdb' is gone while the store is in use", store->path);
	fd = store_file_open(store, "lock.mdb", O_RDWR | O_CREAT, e);
	if (fd < 0)
		return -1;
	rc = seam("no-fallocate") ? 0 : posix_fallocate(fd, 0, LOCK_FILE_BYTES);
	if (rc == 0 && fchmod(fd, store->file_mode))
		rc = errno;
	close(fd);
	errno = rc;
	return rc ? store_file_fail(store, "lock.mdb", e) : 0;
}

static int
lock_file_check(struct store *store, struct err *e)
{
	struct stat st;
	int there = store_file_check(store, "lock.mdb", &st, e);

	if (there)
		return there < 0 ? -1 : 0;
	return lock_file_make(store, e);
}

static int
gate_pass(struct store *store, struct err *e)
{
	if (!store->joined && gate_join(store, e))
		return -1;
	store->joined = true;
	if (lock_file_check(store, e))
		return -1;
	seam_sleep("open-delay");
	return env_open_ungated(store, e);
}

/*
 * If the first opener dies inside mdb_env_open while another waits there, the other builds on the
 * older meta page and acknowledged commits are lost. The gate ensures that no process waits there.
 */
static int
env_open_gated(struct store *store, struct err *e)
{
	sigset_t before;
	int rc;

	if (store->unlocked)
		return env_open_ungated(store, e);
	store_signals_block(&before);
	rc = gate_enter(store, &before, e);
	if (rc == 0) {
		rc = gate_pass(store, e);
		gate_leave(store);
	}
	store_signals_restore(&before);
	return rc;
}

/* Runs work in a child process: its result, -1 if the child died. */
static int
child_run(struct store *store, int (*work)(struct store *))
{
	struct sigaction reap = {.sa_handler = SIG_DFL}, before;
	int status = -1;
	pid_t pid, waited;

	sigemptyset(&reap.sa_mask);
	sigaction(SIGCHLD, &reap, &before);
	pid = fork();
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
		signal(SIGBUS, SIG_DFL);
		signal(SIGSEGV, SIG_DFL);
		store->env = NULL; /* the parent's */
		store->child = true;
		gate_close(store);
		_exit(work(store));
	}
	do
		waited = pid < 0 ? pid : waitpid(pid, &status, 0);
	while (waited < 0 && pid > 0 && errno == EINTR);
	sigaction(SIGCHLD, &before, NULL);
	return waited > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/*
 * The exit must hold the writer's mutex: the next process to lock it then rereads the meta pages.
 */
static int
heal_work(struct store *store)
{
	struct err ignored;

	store->options.reading_only = false;
	if (gate_open(store, &ignored) || env_open(store, &ignored))
		return 1;
	return env_seize(store) ? 1 : 0;
}

/* Twice, because this process may only read: the second child is the next to lock. */
int
env_heal(struct store *store, struct err *e)
{
	if (seam("no-heal") || store->unlocked)
		return -1;
	env_close(store);
	child_run(store, heal_work);
	child_run(store, heal_work);
	return env_open(store, e);
}

/* In a child, because a truncated file may kill it with SIGBUS. */
static int
tail_work(struct store *store)
{
	struct err ignored;
	bool settled = false, whole = false;

	store->options.reading_only = true;
	if (!store->unlocked && gate_open(store, &ignored))
		return 1;
	if (env_open(store, &ignored))
		return 1;
	for (int tries = 0; !settled && tries < 1000; tries++)
		whole = env_tail_is_free(store, &settled);
	return settled && whole ? 0 : 1;
}

/*
 * Reading pages beyond the end of the file causes a SIGBUS. But pages allocated and freed within
 * one transaction were never written, so a file whose missing pages are all free is whole. It is
 * extended by a call that never shortens it.
 */
static int
size_check(struct store *store, int fd, struct err *e)
{
	uint64_t size = env_bytes(store), there;
	struct stat st;

	if (fstat(fd, &st))
		return store_file_fail(store, "data.mdb", e);
	there = (uint64_t)st.st_size;
	if (!store->making && !store->child && st.st_ino != store->data_inode)
		return err_set(
		    e, ERR_STORE, "'%s/data.mdb' was replaced while it was opened", store->path);
	if (there >= size || store->child || seam("no-size-check"))
		return 0;
	if (child_run(store, tail_work))
		return err_set(e, ERR_STORE, "'%s/data.mdb' is truncated", store->path);
	if (!store->options.reading_only && fallocate(fd, 0, st.st_size, (off_t)(size - there)))
		return 0; /* no room; then each opener checks again */
	return 0;
}

int
env_open(struct store *store, struct err *e)
{
	int fd;

	if (env_open_gated(store, e))
		return -1;
	fd = env_file(store);
	if (!seam("no-cloexec"))
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	if (seam("touch-lock"))
		close(openat(store->dir, "lock.mdb", O_RDWR | O_CLOEXEC));
	if (size_check(store, fd, e) == 0)
		return 0;
	env_close(store);
	return -1;
}
