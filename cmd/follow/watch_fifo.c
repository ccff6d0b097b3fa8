/* watch --fifo: the lines that the monitor publishes, read from a FIFO of its own as any program
 * can. */
#include "follow/watch_fifo.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/cmd.h"
#include "core/signals.h"
#include "core/stay.h"
#include "wakeup/fifo.h"

struct copy {
	uint64_t left; /* remaining lines; 0: no limit */
	int fd;
};

/* Passes on whole and partial lines. True when the last requested line is out. */
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
turn(struct stay *s, void *argument, struct err *e)
{
	struct copy *c = argument;
	char piece[65536];
	ssize_t n = s->ready ? read(c->fd, piece, sizeof piece) : 0;
	bool over = n > 0 && pass_on(s->ctx, c, piece, (size_t)n);

	if (out_flush(s->ctx->out, e))
		return -1;
	return over || s->ctx->out->closed ? STAY_OVER : STAY_ON;
}

int
watch_fifo(struct ctx *ctx, const char *name, uint64_t end_ms, uint64_t count, struct err *e)
{
	static const int held[] = {SIGINT, SIGTERM, SIGHUP};
	struct copy c = {.left = count};
	sigset_t open_mask;
	struct stay s = {.ctx = ctx,
	    .argument = &c,
	    .turn = turn,
	    .open_mask = &open_mask,
	    .end_ms = end_ms,
	    .fds = &c.fd,
	    .n = 1,
	    .unread_ends = true,
	    .deaf = true,
	    .look_ms = STAY_FOR_EVER};
	int bad = -1, dir = store_subdir(ctx->store, "watch", e);
	struct stat st = {0};

	if (dir < 0)
		return -1;
	signals_hold(held, sizeof held / sizeof *held, &open_mask);
	c.fd = fstat(dir, &st) ? err_set(e, ERR_STORE, "cannot look at watch: %s", strerror(errno))
			       : fifo_listen(dir, name, st.st_mode & S_IWGRP, e);
	if (c.fd >= 0) {
		bad = stay_run(&s, e);
		fifo_remove(dir, name);
		close(c.fd);
	}
	close(dir);
	if (!bad && s.late && c.left)
		return err_set(e, ERR_TIMEOUT, "%llu more events did not come in time",
		    (unsigned long long)c.left);
	return bad;
}
