/* Lock waits with a timeout, and signals during them. */
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"

/* Except those for our own faults: if blocked, they kill the process silently. */
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

int
lock_flock(int fd, bool wait)
{
	return flock(fd, wait ? LOCK_EX : LOCK_EX | LOCK_NB);
}

int
lock_ofd_set(int fd, short type, off_t byte, bool wait)
{
	struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};

	return fcntl(fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &lock);
}

int
lock_ofd(int fd, bool wait)
{
	return lock_ofd_set(fd, F_WRLCK, 0, wait);
}

static void
alarm_wake(int signal)
{
	(void)signal;
}

/* The timer repeats, because the first alarm may arrive just before the wait begins. */
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

/* A pending alarm would reach the caller's handler: ignoring the signal first drops it. */
static void
alarm_stop(const struct sigaction *action, const struct itimerval *timer)
{
	struct itimerval never = {{0, 0}, {0, 0}};

	setitimer(ITIMER_REAL, &never, NULL);
	signal(SIGALRM, SIG_IGN);
	sigaction(SIGALRM, action, NULL);
	setitimer(ITIMER_REAL, timer, NULL);
}

/* A waiting process may be killed, but not stopped: it could be given the lock while stopped. */
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

int
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
