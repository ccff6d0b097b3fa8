#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "proc/ask.h"
#include "proc/reap.h"
#include "proc/spawn.h"

/* 1 if readable (also at end of file), 0 on timeout. */
static int
readable_await(int fd, uint64_t deadline_ms)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	uint64_t now;
	int n;

	do {
		now = clock_monotonic_ms();
		n = poll(&wait, 1, now < deadline_ms ? (int)(deadline_ms - now) : 0);
	} while (n < 0 && errno == EINTR);
	return n;
}

static int
answer_read(int fd, char *to, size_t size, uint64_t deadline_ms, struct err *e)
{
	size_t n = 0;
	ssize_t got;

	to[0] = '\0';
	for (;;) {
		if (readable_await(fd, deadline_ms) <= 0)
			return err_set(e, ERR_TIMEOUT, "no answer in time");
		got = read(fd, to + n, size - 1 - n);
		if (got < 0)
			return err_set(e, ERR_NO, "cannot read the answer: %s", strerror(errno));
		n += (size_t)got;
		to[n] = '\0';
		if (got == 0 && n < size - 1)
			return 0;
		if (n == size - 1)
			return err_set(e, ERR_NO, "the answer is too long");
	}
}

/* It must exit right after closing its output, or it is killed. */
static int
asked_end(pid_t pid, bool bad, uint64_t deadline_ms, struct err *e)
{
	struct outcome outcome;
	struct err ignored;
	int fd = reap_open(pid, &ignored);

	if (bad || fd < 0 || readable_await(fd, deadline_ms) <= 0)
		kill(-pid, SIGKILL);
	if (fd >= 0)
		close(fd);
	if (reap_take(pid, &outcome, bad ? &ignored : e) || bad)
		return -1;
	return outcome.code ? err_set(e, ERR_NO, "it ended with %d", outcome.code) : 0;
}

static int
ask_begin(char *const *argv, int out, struct spawned *child, struct err *e)
{
	struct spawn what = {
	    .argv = argv, .in = -1, .out = out, .err = -1, .keep = -1, .script = -1, .umask = -1};
	int code;

	if (spawn_make(child, e))
		return -1;
	if (spawn_go(&what, child, &code, e) == 0 && code == 0)
		return 0;
	asked_end(child->pid, true, 0, e);
	e->code = ERR_NO;
	return -1;
}

int
ask(char *const *argv, char *to, size_t size, uint64_t timeout_ms, struct err *e)
{
	uint64_t deadline_ms = clock_monotonic_ms() + timeout_ms;
	struct spawned child;
	int ends[2], bad;

	if (pipe2(ends, O_CLOEXEC))
		return err_set(e, ERR_NO, "cannot make a pipe: %s", strerror(errno));
	bad = ask_begin(argv, ends[1], &child, e);
	close(ends[1]);
	if (!bad) {
		bad = answer_read(ends[0], to, size, deadline_ms, e);
		bad = asked_end(child.pid, bad, deadline_ms, e);
	}
	close(ends[0]);
	return bad ? err_wrap(e, "'%s'", argv[0]) : 0;
}
