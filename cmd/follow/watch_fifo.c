/* watch --fifo: what the monitor publishes, as any program would read it from a FIFO of its own. */
#include "core/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "wakeup/fifo.h"

struct copy {
	uint64_t end_ms, left; /* CLOCK_MONOTONIC; lines to go; 0: no end */
	sigset_t open_mask;
	int fd, hangup;
};

static volatile sig_atomic_t stopped;

static void
stop(int signal_number)
{
	stopped = signal_number;
}

/* From here on signals come in while we wait, and only then: so none is missed just before. */
static void
signals_hold(sigset_t *before)
{
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = stop};
	sigset_t held;
	size_t i;

	sigemptyset(&held);
	for (i = 0; i < ARRAY_LENGTH(ends); i++) {
		sigaddset(&held, ends[i]);
		sigaction(ends[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &held, before);
}

/* 1: there is something to read; 0: look again; -1: the time is over, or stdout has no reader. */
static int
wait_for(const struct copy *c)
{
	struct pollfd p[2] = {{.fd = c->fd, .events = POLLIN}, {.fd = c->hangup}};
	uint64_t now = clock_monotonic_ms(), left = c->end_ms > now ? c->end_ms - now : 0;
	struct timespec t = {(time_t)(left / 1000), (long)(left % 1000) * 1000000L};

	if (c->end_ms && !left)
		return -1;
	if (ppoll(p, 2, c->end_ms ? &t : NULL, &c->open_mask) <= 0)
		return 0;
	if (p[1].revents)
		return -1;
	return p[0].revents != 0;
}

/* Passes whole and partial lines on. True when the last line that was asked for is out. */
static bool
pass_on(struct ctx *ctx, struct copy *c, const char *at, size_t n)
{
	const char *end = at + n, *line;

	for (; at < end; at = line) {
		line = memchr(at, '\n', (size_t)(end - at));
		line = line ? line + 1 : end;
		out_add(ctx->out, at, (size_t)(line - at));
		if (c->left && line[-1] == '\n' && !--c->left)
			return true;
	}
	return false;
}

static int
copy_lines(struct ctx *ctx, struct copy *c, struct err *e)
{
	bool counted = c->left;
	char piece[65536];
	ssize_t n;
	int got;

	while (!stopped) {
		got = wait_for(c);
		if (got < 0)
			break;
		n = got ? read(c->fd, piece, sizeof piece) : 0;
		if (n > 0 && pass_on(ctx, c, piece, (size_t)n))
			return out_flush(ctx->out, e);
		if (out_flush(ctx->out, e))
			return -1;
		if (ctx->out->closed)
			return 0;
	}
	if (counted && !stopped && c->end_ms && clock_monotonic_ms() >= c->end_ms)
		return err_set(e, ERR_TIMEOUT, "%llu more events did not come in time",
		    (unsigned long long)c->left);
	return 0;
}

int
watch_fifo(struct ctx *ctx, const char *name, uint64_t end_ms, uint64_t count, struct err *e)
{
	struct copy c = {.end_ms = end_ms, .left = count, .hangup = hangup_fd(ctx)};
	int bad = -1, dir = store_subdir(ctx->store, "watch", e);
	struct stat st = {0};

	if (dir < 0)
		return -1;
	signals_hold(&c.open_mask);
	c.fd = fstat(dir, &st) ? err_set(e, ERR_STORE, "cannot look at watch: %s", strerror(errno))
			       : fifo_listen(dir, name, st.st_mode & S_IWGRP, e);
	if (c.fd >= 0) {
		bad = copy_lines(ctx, &c, e);
		fifo_remove(dir, name);
		close(c.fd);
	}
	close(dir);
	return bad;
}
