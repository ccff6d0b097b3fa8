/* The writer lock: one transaction writes at a time; waiting ones time out. */
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/duration.h"

#define PID_TEXT 16

static int
writer_busy(const struct store *store, struct err *e)
{
	char text[PID_TEXT + 1] = "", duration[NUMBER_SIZE];
	long pid;

	if (pread(store->writer, text, PID_TEXT, 0) < 0)
		text[0] = '\0';
	pid = strtol(text, NULL, 10);
	if (!store->options.lock_timeout_ms)
		return err_set(
		    e, ERR_BUSY, "the store is busy: pid %ld holds the writer lock", pid);
	return err_set(e, ERR_BUSY,
	    "the store is busy: pid %ld has held the writer lock for more than %s", pid,
	    duration_format(duration, store->options.lock_timeout_ms));
}

/* Checks the bell that will be rung; if it is missing, no process hears it. */
static int
writer_open(struct store *store, struct err *e)
{
	struct stat st;

	if (store_file_check(store, "bell", &st, e) < 0)
		return -1;
	store->writer = store_file_open(store, "writer", O_RDWR, e);
	return store->writer < 0 ? -1 : 0;
}

int
writer_lock(struct store *store, const sigset_t *before, struct err *e)
{
	char text[PID_TEXT + 1];
	pid_t pid = getpid();

	if (pid != store->pid)
		return err_set(
		    e, ERR_STORE, "'%s' was opened before a fork: open it anew", store->path);
	if (store->writer < 0 && writer_open(store, e))
		return -1;
	if (seam("no-writer-lock"))
		return 0;
	if (lock_take(store->writer, lock_ofd, store->options.lock_timeout_ms, before)) {
		if (errno == ETIMEDOUT)
			return writer_busy(store, e);
		return store_file_fail(store, "writer", e);
	}
	snprintf(text, sizeof text, "%-15ld\n", (long)pid);
	/* Only to show who holds it, so a full disk is not an error. */
	if (pwrite(store->writer, text, PID_TEXT, 0) < 0)
		return 0;
	return 0;
}

void
writer_unlock(struct store *store)
{
	lock_ofd_set(store->writer, F_UNLCK, 0, false);
}
