/*
 * The gate: processes open the store one at a time, and each records that it has it open. Its text
 * names the C library and the PID namespace that they share.
 */
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "base/duration.h"

#define GATE_WAIT_MS 1000 /* minimum wait: the gate is held only for microseconds, but often */
#define GATE_FIELD 32	  /* of the text: the C library, the PID namespace */
#define GATE_PIDS 4096	  /* from this byte on, one per process that has the store open */

/*
 * The kernel closes the descriptors of a dying process in ascending order: LMDB's lock must be
 * released before the gate, so that no process that passed the gate waits for it. Both descriptors
 * share the locks, which are released with the last of them.
 */
int
gate_open(struct store *store, struct err *e)
{
	int fd = store_file_open(store, "gate", O_RDWR, e), high = -1, least;

	if (fd < 0)
		return -1;
	for (least = 200; least > fd && high < 0; least /= 2)
		high = fcntl(fd, F_DUPFD_CLOEXEC, least);
	store->gate = high >= 0 ? high : fd;
	store->gate_low = high >= 0 ? fd : -1;
	return 0;
}

void
gate_close(struct store *store)
{
	if (store->gate_low >= 0)
		close(store->gate_low);
	if (store->gate >= 0)
		close(store->gate);
	store->gate = store->gate_low = -1;
}

int
gate_enter(struct store *store, const sigset_t *before, struct err *e)
{
	uint64_t timeout_ms = store->options.lock_timeout_ms;
	char duration[NUMBER_SIZE];

	if (seam("no-gate"))
		return 0;
	if (timeout_ms < GATE_WAIT_MS)
		timeout_ms = GATE_WAIT_MS;
	if (lock_take(store->gate, lock_flock, timeout_ms, before) == 0)
		return 0;
	if (errno != ETIMEDOUT)
		return store_file_fail(store, "gate", e);
	return err_set(e, ERR_BUSY,
	    "the store is busy: another process has been opening it for more than %s",
	    duration_format(duration, timeout_ms));
}

void
gate_leave(struct store *store)
{
	flock(store->gate, LOCK_UN);
}

/* LMDB's lock file holds mutexes, so the name includes their layout. */
void
gate_library(char *to, size_t size)
{
	const char *other = seam("libc");

	if (other) {
		snprintf(to, size, "%s", other);
		return;
	}
#ifdef __GLIBC__
	snprintf(to, size, "glibc-%zu-%zu", sizeof(pthread_mutex_t), sizeof(void *));
#else
	snprintf(to, size, "libc-%zu-%zu", sizeof(pthread_mutex_t), sizeof(void *));
#endif
}

int
gate_library_refuse(const struct store *store, const char *theirs, struct err *e)
{
	char ours[GATE_FIELD];

	gate_library(ours, sizeof ours);
	return err_set(e, ERR_STORE,
	    "'%s' was made by a program with another C library or lock layout (%.31s, this is %s)",
	    store->path, theirs, ours);
}

/* Without /proc the namespace number is 0, which is treated like any other. */
static void
gate_text(char *to, size_t size)
{
	char library[GATE_FIELD];
	uintmax_t ns = 0;
	struct stat st;

	if (stat("/proc/self/ns/pid", &st) == 0)
		ns = st.st_ino;
	ns = seam_number("pid-ns", ns);
	gate_library(library, sizeof library);
	snprintf(to, size, "%-31s %-31ju\n", library, ns);
}

bool
gate_alone(const struct store *store)
{
	struct flock others = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = GATE_PIDS};

	return fcntl(store->gate, F_OFD_GETLK, &others) == 0 && others.l_type == F_UNLCK;
}

static int
gate_compare(const struct store *store, const char *mine, const char *theirs, struct err *e)
{
	char library[GATE_FIELD];

	if (memcmp(mine, theirs, GATE_FIELD) != 0 && !seam("no-libc-check")) {
		snprintf(library, sizeof library, "%.*s", (int)strcspn(theirs, " "), theirs);
		return gate_library_refuse(store, library, e);
	}
	if (memcmp(mine + GATE_FIELD, theirs + GATE_FIELD, GATE_FIELD) == 0 || gate_alone(store))
		return 0;
	return err_set(e, ERR_STORE,
	    "'%s' is in use from another PID namespace (%.*s, this is %.*s), as of a container",
	    store->path, (int)strcspn(theirs + GATE_FIELD, " "), theirs + GATE_FIELD,
	    (int)strcspn(mine + GATE_FIELD, " "), mine + GATE_FIELD);
}

/* A process that closes one of two open stores would also drop its locks on the other. */
static int
gate_sign(struct store *store, struct err *e)
{
	store->pid = getpid();
	if (lock_ofd_set(store->gate, F_WRLCK, GATE_PIDS + store->pid, false) == 0)
		return 0;
	if (errno != EAGAIN && errno != EACCES)
		return store_file_fail(store, "gate", e);
	return err_set(e, ERR_STORE, "'%s' is open in this process already", store->path);
}

int
gate_join(struct store *store, struct err *e)
{
	char mine[2 * GATE_FIELD + 1], theirs[2 * GATE_FIELD + 1] = "";

	gate_text(mine, sizeof mine);
	if (pread(store->gate, theirs, sizeof theirs - 1, 0) < 0)
		return store_file_fail(store, "gate", e);
	if (theirs[0] && !seam("no-namespace") && gate_compare(store, mine, theirs, e))
		return -1;
	/* The C library is fixed when the store is made. */
	if (theirs[0])
		memcpy(mine, theirs, GATE_FIELD);
	if (strcmp(mine, theirs) != 0 && pwrite(store->gate, mine, sizeof mine - 1, 0) < 0)
		return store_file_fail(store, "gate", e);
	return gate_sign(store, e);
}
