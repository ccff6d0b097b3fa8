#include "core/stay.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/seam.h"
#include "core/child_signals.h"
#include "core/cmd.h"
#include "core/signals.h"
#include "model/timers.h"

uint64_t
stay_earlier(uint64_t a, uint64_t b)
{
	return !a || (b && b < a) ? b : a;
}

int
stay_patient(const struct ctx *ctx, int got, const struct err *e)
{
	if (got >= 0 || e->code != ERR_BUSY)
		return got;
	say(ctx, "%s", e->text);
	return 0;
}

static int
tick_body(struct ctx *ctx, void *argument, struct err *e)
{
	return timers_apply(ctx->cluster, argument, e);
}

int
stay_tick(struct ctx *ctx, struct err *e)
{
	bool more;

	return ctx_write(ctx, true, tick_body, &more, e);
}

/* --- event sources --- */

void
stay_listen(struct stay *s)
{
	s->deaf = false;
	bell_open(&s->bell, store_dir(s->ctx->store));
}

/* Stdout, if the loss of its reader can be detected; else -1. */
static int
unread_fd(const struct ctx *ctx)
{
	struct stat st;

	if (fstat(ctx->out->fd, &st) || !(S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)))
		return -1;
	return ctx->out->fd;
}

static bool
is_unread(int fd)
{
	struct pollfd p = {.fd = fd};

	return fd >= 0 && poll(&p, 1, 0) > 0 && (p.revents & (POLLERR | POLLHUP));
}

static int
fd_add(struct stay *s, int fd, uint32_t events, struct err *e)
{
	struct epoll_event event = {.events = events, .data = {.fd = fd}};

	if (fd < 0)
		return 0;
	if (s->epoll < 0)
		s->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (s->epoll < 0 || epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &event))
		return err_set(e, ERR_NO, "cannot wait: %s", strerror(errno));
	return 0;
}

static int
stay_open(struct stay *s, struct err *e)
{
	size_t i;

	s->epoll = s->bell.inotify = -1;
	s->rung = true;
	s->unread = s->unread_ends ? unread_fd(s->ctx) : -1;
	if (fd_add(s, s->unread, 0, e))
		return -1;
	for (i = 0; i < s->n; i++)
		if (fd_add(s, s->fds[i], EPOLLIN, e))
			return -1;
	if (!s->deaf)
		stay_listen(s);
	return 0;
}

static void
stay_close(struct stay *s)
{
	bell_close(&s->bell);
	if (s->epoll >= 0)
		close(s->epoll);
}

/* --- the loop --- */

static int
signal_take(struct stay *s, struct err *e)
{
	if (s->child)
		child_signals_pass(s->child, s->signal);
	else if (s->signalled)
		return s->signalled(s, s->argument, e);
	else if (s->signal != SIGCONT && s->signal != SIGCHLD)
		return STAY_OVER;
	return STAY_ON;
}

static int
turn(struct stay *s, struct err *e)
{
	int got = STAY_ON;

	while (got == STAY_ON && (s->signal = signals_next()))
		got = signal_take(s, e);
	s->rung |= bell_drain(&s->bell);
	if (got == STAY_ON)
		got = s->turn(s, s->argument, e);
	return s->patient ? stay_patient(s->ctx, got, e) : got;
}

static uint64_t
pause_ms(const struct stay *s, uint64_t now)
{
	uint64_t most = seam("no-poll") ? STAY_FOR_EVER : STAY_LOOK_MS;
	uint64_t next = stay_earlier(s->next_ms, s->end_ms);

	most = s->look_ms ? s->look_ms : most;
	if (s->child)
		next = stay_earlier(next, s->child->kill_ms);
	if (!next)
		return most;
	next = next > now ? next - now : 0;
	return next < most ? next : most;
}

static int
rest(struct stay *s)
{
	uint64_t now = clock_monotonic_ms();
	enum bell_woke woke;

	s->late = s->end_ms && s->end_ms <= now;
	if (s->late)
		return STAY_OVER;
	woke = bell_wait(s->deaf ? NULL : &s->bell, pause_ms(s, now), s->epoll, s->open_mask);
	s->rung = woke == BELL_RUNG;
	s->ready = woke == BELL_FD;
	return s->ready && is_unread(s->unread) ? STAY_OVER : STAY_ON;
}

int
stay_run(struct stay *s, struct err *e)
{
	struct arena_mark mark = arena_mark(s->ctx->arena);
	int got = stay_open(s, e);

	while (got == STAY_ON || got == STAY_AGAIN) {
		got = turn(s, e);
		if (got == STAY_ON)
			got = rest(s);
		if (got >= 0 && got != STAY_OVER && !s->keeps)
			arena_rewind(s->ctx->arena, mark);
	}
	stay_close(s);
	return got < 0 ? -1 : 0;
}
