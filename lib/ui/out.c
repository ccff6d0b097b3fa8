#include "ui/out.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "base/err.h"
#include "base/seam.h"

#define GATHER_SIZE 65536
#define PIECE_SIZE 4096 /* PIPE_BUF: the space that poll guarantees */
#define PATIENCE_MS 100
#define MEMORY_DEVICES 1 /* /dev/null and the like, which never block */

void
out_init(struct out *o, int fd)
{
	struct stat st;

	*o = (struct out){.fd = fd};
	if (fstat(fd, &st))
		return;
	o->regular =
	    S_ISREG(st.st_mode) || (S_ISCHR(st.st_mode) && major(st.st_rdev) == MEMORY_DEVICES);
	o->plain = !S_ISCHR(st.st_mode);
}

void
out_done(struct out *o)
{
	if (!o)
		return;
	free(o->p);
	o->p = NULL;
	o->n = o->size = 0;
}

void
out_reset(struct out *o)
{
	o->n = 0;
	o->slow = false;
}

static bool
out_is_over(const struct out *o)
{
	return o->closed || o->failed;
}

static void
out_fail(struct out *o, int error)
{
	if (error == EPIPE)
		o->closed = true;
	else
		o->failed = error;
	o->n = 0;
}

static bool
out_wait(const struct out *o, int timeout_ms)
{
	struct pollfd p = {.fd = o->fd, .events = POLLOUT};
	int n;

	do
		n = poll(&p, 1, timeout_ms);
	while (n < 0 && errno == EINTR);
	return n != 0;
}

/* Writes once, starting at `from`; returns the new position. An error ends the output. */
static size_t
out_write(struct out *o, size_t from, size_t most)
{
	size_t left = o->n - from;
	ssize_t n = write(o->fd, o->p + from, left < most ? left : most);

	if (n >= 0)
		return from + (size_t)n;
	if (errno == EAGAIN)
		out_wait(o, -1);
	else if (errno != EINTR)
		out_fail(o, errno);
	return from;
}

static void
out_drop(struct out *o, size_t n)
{
	if (!n || out_is_over(o))
		return;
	memmove(o->p, o->p + n, o->n - n);
	o->n -= n;
	o->written += n;
}

/* Writes as much as possible without waiting long for a reader. */
static void
out_spill(struct out *o)
{
	size_t at = 0;

	while (at < o->n) {
		if (!o->regular && !out_wait(o, seam("no-patience") ? -1 : PATIENCE_MS)) {
			o->slow = true;
			break;
		}
		at = out_write(o, at, o->regular ? SIZE_MAX : PIECE_SIZE);
	}
	out_drop(o, at);
}

static bool
out_reserve(struct out *o, size_t n)
{
	size_t size = o->size ? o->size : 1024;
	char *p;

	if (out_is_over(o))
		return false;
	if (n <= o->size - o->n)
		return true;
	while (size - o->n < n)
		size *= 2;
	p = realloc(o->p, size);
	if (!p) {
		out_fail(o, ENOMEM);
		return false;
	}
	o->p = p;
	o->size = size;
	return true;
}

static void
out_added(struct out *o, size_t n)
{
	o->n += n;
	if (o->n >= GATHER_SIZE && !o->holding && !o->slow)
		out_spill(o);
}

void
out_add(struct out *o, const void *p, size_t n)
{
	if (!n || !out_reserve(o, n))
		return;
	memcpy(o->p + o->n, p, n);
	out_added(o, n);
}

void
out_text(struct out *o, const char *text)
{
	out_add(o, text, strlen(text));
}

void
out_printf(struct out *o, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	if (n <= 0 || !out_reserve(o, (size_t)n + 1))
		return;
	va_start(ap, format);
	vsnprintf(o->p + o->n, (size_t)n + 1, format, ap);
	va_end(ap);
	out_added(o, (size_t)n);
}

int
out_flush(struct out *o, struct err *e)
{
	size_t at = 0;

	o->holding = false;
	while (at < o->n)
		at = out_write(o, at, SIZE_MAX);
	out_drop(o, at);
	o->slow = false;
	if (o->failed)
		return err_set(e, ERR_STORE, "write error: %s", strerror(o->failed));
	return 0;
}
