#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/number.h"

#define GATE_WAIT_MS 1000 /* at least: it is held for microseconds, so somebody always has it */
#define GATE_FIELD 32	  /* of its text: the C library, the PID namespace */
#define PID_TEXT 16
#define GATE_PIDS 4096 /* from this byte on, one for each process that has the store open */

/* Not those that are faults of our own: blocked they end the process without a word. */
void
store_signals_block(sigset_t *before)
{
	sigset_t all;

	sigfillset(&all);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGSEGV);
	if (seam("no-signal-block"))
		sigemptyset(&all);
	sigprocmask(SIG_BLOCK, &all, before);
}

void
store_signals_restore(const sigset_t *before)
{
	sigprocmask(SIG_SETMASK, before, NULL);
}

static int
flock_take(int fd, bool wait)
{
	return flock(fd, wait ? LOCK_EX : LOCK_EX | LOCK_NB);
}

static int
ofd_set(int fd, short type, off_t byte, bool wait)
{
	struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};

	return fcntl(fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &lock);
}

static int
ofd_take(int fd, bool wait)
{
	return ofd_set(fd, F_WRLCK, 0, wait);
}

static void
alarm_wake(int signal)
{
	(void)signal;
}

/* The timer repeats, because the first alarm may come just before the wait begins. */
static void
alarm_start(uint64_t ms, struct sigaction *action, struct itimerval *timer)
{
	struct sigaction wake = {.sa_handler = alarm_wake};
	struct itimerval every = {{0, 10000}, {0, 0}};

	every.it_value.tv_sec = (time_t)(ms / 1000);
	every.it_value.tv_usec = (suseconds_t)(ms % 1000 * 1000);
	sigemptyset(&wake.sa_mask);
	sigaction(SIGALRM, &wake, action);
	setitimer(ITIMER_REAL, &every, timer);
}

/* An alarm that is pending still would meet the caller's action: ignoring it first drops it. */
static void
alarm_stop(const struct sigaction *action, const struct itimerval *timer)
{
	struct itimerval never = {{0, 0}, {0, 0}};

	setitimer(ITIMER_REAL, &never, NULL);
	signal(SIGALRM, SIG_IGN);
	sigaction(SIGALRM, action, NULL);
	setitimer(ITIMER_REAL, timer, NULL);
}

/* Whoever waits can be ended, but not stopped: it may get the lock while it is. */
static void
mask_waiting(const sigset_t *before)
{
	sigset_t mask = *before;

	sigaddset(&mask, SIGTSTP);
	sigaddset(&mask, SIGTTIN);
	sigaddset(&mask, SIGTTOU);
	sigdelset(&mask, SIGALRM);
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

static int
lock_wait(int fd, int (*take)(int, bool), uint64_t timeout_ms, const sigset_t *before)
{
	uint64_t deadline = clock_monotonic_ms() + timeout_ms;
	struct sigaction action;
	struct itimerval timer;
	sigset_t ignored;
	int rc, why;

	alarm_start(timeout_ms, &action, &timer);
	mask_waiting(before);
	do {
		rc = take(fd, true);
		why = errno;
	} while (rc && why == EINTR && clock_monotonic_ms() < deadline);
	store_signals_block(&ignored);
	alarm_stop(&action, &timer);
	errno = why == EINTR ? ETIMEDOUT : why;
	return rc;
}

/* -1 and errno; ETIMEDOUT if it is held. */
static int
lock_take(int fd, int (*take)(int, bool), uint64_t timeout_ms, const sigset_t *before)
{
	if (take(fd, false) == 0)
		return 0;
	if (errno != EAGAIN && errno != EACCES)
		return -1;
	if (timeout_ms)
		return lock_wait(fd, take, timeout_ms, before);
	errno = ETIMEDOUT;
	return -1;
}

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

/* The bell that will be rung is looked at here; if there is none, nobody hears it. */
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
	if (lock_take(store->writer, ofd_take, store->options.lock_timeout_ms, before)) {
		if (errno == ETIMEDOUT)
			return writer_busy(store, e);
		return store_file_fail(store, "writer", e);
	}
	snprintf(text, sizeof text, "%-15ld\n", (long)pid);
	/* Only for those who ask who holds it, so a full disk is no obstacle. */
	if (pwrite(store->writer, text, PID_TEXT, 0) < 0)
		return 0;
	return 0;
}

void
writer_unlock(struct store *store)
{
	ofd_set(store->writer, F_UNLCK, 0, false);
}

/*
 * At a process's death its descriptors are closed in ascending order: LMDB's lock must go before
 * the gate, so that nobody who comes in by the gate waits for it. The locks of both descriptors are
 * the same, and go with the last of them.
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
	if (lock_take(store->gate, flock_take, timeout_ms, before) == 0)
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

/* LMDB's lock file holds mutexes, so their layout belongs to the name. */
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

/* Without /proc the namespace has the number 0, which is a namespace like any other. */
static void
gate_text(char *to, size_t size)
{
	const char *other = seam("pid-ns");
	uintmax_t namespace = 0;
	char library[GATE_FIELD];
	struct stat st;

	if (other)
	namespace = store_seam_number(other, 0);
	else if (stat("/proc/self/ns/pid", &st) == 0) namespace = st.st_ino;
	gate_library(library, sizeof library);
	snprintf(to, size, "%-31s %-31ju\n", library, namespace);
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

/* Locks of a process that are closed with one of its two stores are gone for the other, too. */
static int
gate_sign(struct store *store, struct err *e)
{
	store->pid = getpid();
	if (ofd_set(store->gate, F_WRLCK, GATE_PIDS + store->pid, false) == 0)
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
	/* The C library is the one the store was made with, for ever. */
	if (theirs[0])
		memcpy(mine, theirs, GATE_FIELD);
	if (strcmp(mine, theirs) != 0 && pwrite(store->gate, mine, sizeof mine - 1, 0) < 0)
		return store_file_fail(store, "gate", e);
	return gate_sign(store, e);
}
