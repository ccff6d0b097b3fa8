#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>
#include "base/seam.h"
#include "wakeup/bell.h"

#define POLL_MS 250
#define LONGEST_MS (UINT64_C(1) << 40) /* 34 years: nanoseconds stay within 64 bits */
#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S UINT64_C(1000000000)

void
bell_ring(int dir)
{
	int fd;

	if (seam("no-bell"))
		return;
	fd = openat(dir, "bell", O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)!pwrite(fd, "!", 1, 0);
	close(fd);
}

void
bell_open(struct bell *bell, int dir)
{
	char path[64];

	bell->inotify = -1;
	if (seam("no-inotify"))
		return;
	bell->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (bell->inotify < 0)
		return;
	/* inotify needs a path; this one means the descriptor, even if its directory was
	 * renamed. */
	snprintf(path, sizeof path, "/proc/self/fd/%d/bell", dir);
	if (inotify_add_watch(bell->inotify, path, IN_MODIFY | IN_DONT_FOLLOW) < 0)
		bell_close(bell);
}

void
bell_close(struct bell *bell)
{
	if (bell->inotify >= 0)
		close(bell->inotify);
	bell->inotify = -1;
}

bool
bell_drain(struct bell *bell)
{
	_Alignas(struct inotify_event) char events[1024];
	const struct inotify_event *event;
	ssize_t at, n;

	if (bell->inotify < 0)
		return false;
	/* Equal events merge in the queue, so one read empties it. */
	n = read(bell->inotify, events, sizeof events);
	for (at = 0; at < n; at += (ssize_t)(sizeof *event + event->len)) {
		event = (const struct inotify_event *)(events + at);
		if (event->mask & IN_IGNORED) {
			bell_close(bell);
			break;
		}
	}
	return n > 0;
}

static uint64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static int
poll_until(struct pollfd fds[2], uint64_t deadline_ns, const sigset_t *mask)
{
	uint64_t now = now_ns(), left = deadline_ns > now ? deadline_ns - now : 0;
	struct timespec t = {
	    .tv_sec = (time_t)(left / NS_PER_S), .tv_nsec = (long)(left % NS_PER_S)};

	return ppoll(fds, 2, &t, mask);
}

/* ppoll admits no signal while a descriptor is ready: without this a storm of rings would block
 * SIGTERM for ever. */
static bool
signal_came(const sigset_t *mask)
{
	struct timespec zero = {0};

	return mask && ppoll(NULL, 0, &zero, mask) < 0 && errno == EINTR;
}

enum bell_woke
bell_wait(struct bell *bell, uint64_t timeout_ms, int fd, const void *wake_signals)
{
	int inotify = bell ? bell->inotify : -1;
	struct pollfd fds[2] = {{.fd = fd, .events = POLLIN}, {.fd = inotify, .events = POLLIN}};
	bool polls = bell && inotify < 0 && timeout_ms > POLL_MS && !seam("no-poll");
	uint64_t sleep_ms = polls ? POLL_MS : timeout_ms < LONGEST_MS ? timeout_ms : LONGEST_MS;
	uint64_t deadline_ns = now_ns() + sleep_ms * NS_PER_MS;
	int ready;

	do
		ready = poll_until(fds, deadline_ns, wake_signals);
	while (ready < 0 && errno == EINTR && !wake_signals);

	if (ready < 0)
		return errno == EINTR ? BELL_SIGNAL : BELL_TIMEOUT;
	if (ready == 0)
		return polls ? BELL_RUNG : BELL_TIMEOUT;
	if (signal_came(wake_signals))
		return BELL_SIGNAL;
	return fds[0].revents ? BELL_FD : BELL_RUNG;
}
