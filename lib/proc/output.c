#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "proc/output.h"

#define CHUNK 65536
#define CHUNKS 16 /* a child that never stops writing must not starve the others */

static int
file_open(int dir, const char *name, mode_t mode)
{
	return openat(dir, name,
	    O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, mode);
}

int
output_direct(int dir, const char *name, mode_t mode, struct err *e)
{
	int fd = file_open(dir, name, mode);

	if (fd < 0)
		return err_set(e, ERR_STORE, "cannot open '%s': %s", name, strerror(errno));
	/* the child shares the description, and must not see O_NONBLOCK */
	if (fcntl(fd, F_SETFL, O_APPEND)) {
		err_set(e, ERR_STORE, "cannot open '%s': %s", name, strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

static bool
output_begin(struct output *o)
{
	struct stat st;

	if (o->fd < 0)
		o->fd = file_open(o->dir, o->name, o->mode);
	if (o->fd < 0)
		return false;
	o->size = fstat(o->fd, &st) == 0 ? (uint64_t)st.st_size : 0;
	return true;
}

int
output_open(struct output *o, int dir, const char *name, mode_t mode, struct err *e)
{
	*o = (struct output){.dir = dir, .fd = -1, .mode = mode, .limit = UINT64_MAX};
	if (strlen(name) > OUTPUT_NAME_MAX)
		return err_set(e, ERR_USAGE, "name too long for an output file: '%s'", name);
	snprintf(o->name, sizeof o->name, "%s", name);
	if (!output_begin(o))
		return err_set(e, ERR_STORE, "cannot open '%s': %s", name, strerror(errno));
	return 0;
}

void
output_limit(struct output *o, uint64_t limit, unsigned keep)
{
	o->limit = limit < OUTPUT_LIMIT_MIN ? OUTPUT_LIMIT_MIN : limit;
	o->keep = keep > OUTPUT_KEEP_MAX ? OUTPUT_KEEP_MAX : keep;
}

/* NAME, NAME.1, NAME.2 … */
static const char *
name_old(const struct output *o, unsigned i, char to[OUTPUT_NAME_MAX + 16])
{
	if (i == 0)
		return o->name;
	snprintf(to, OUTPUT_NAME_MAX + 16, "%s.%u", o->name, i);
	return to;
}

/* Oldest first, so that a reader whose file is at i finds the next one at i-1 (log_tail.c). */
static bool
output_rotate(struct output *o)
{
	char from[OUTPUT_NAME_MAX + 16], to[OUTPUT_NAME_MAX + 16];
	unsigned i;

	close(o->fd);
	o->fd = -1;
	if (o->keep == 0)
		unlinkat(o->dir, o->name, 0);
	for (i = o->keep; i > 0; i--)
		renameat(o->dir, name_old(o, i - 1, from), o->dir, name_old(o, i, to));
	return !output_begin(o) || o->size == 0;
}

/* How much of p fits into the rest of the file: up to a line end if there is one. 0: rotate
 * first. */
static size_t
piece_fit(const struct output *o, const char *p, size_t n)
{
	uint64_t room = o->size < o->limit ? o->limit - o->size : 0;
	const char *end;

	if (n <= room)
		return n;
	end = room > 0 ? memrchr(p, '\n', room) : NULL;
	if (end)
		return (size_t)(end - p) + 1;
	return o->size > 0 ? 0 : room;
}

/* Counts bytes that could not be written. */
static size_t
piece_write(struct output *o, const char *p, size_t n)
{
	ssize_t wrote = 0;

	for (; n > 0; p += wrote, n -= (size_t)wrote) {
		wrote = write(o->fd, p, n);
		if (wrote < 0 && errno == EINTR)
			wrote = 0;
		if (wrote < 0)
			return n;
		o->size += (uint64_t)wrote;
	}
	return 0;
}

/* The whole line or nothing, since a partial line would be repeated. */
static bool
lost_tell(struct output *o)
{
	uint64_t before = o->size;
	char line[96];
	int n = snprintf(
	    line, sizeof line, "\n[gcs: %" PRIu64 " bytes of output lost here]\n", o->lost);

	if (piece_write(o, line, (size_t)n) > 0) {
		if (o->size > before && ftruncate(o->fd, (off_t)before) == 0)
			o->size = before;
		return false;
	}
	o->lost = 0;
	return true;
}

void
output_put(struct output *o, const char *p, size_t n)
{
	size_t piece;

	while (n > 0) {
		if ((o->fd < 0 && !output_begin(o)) || (o->lost > 0 && !lost_tell(o))) {
			o->lost += n;
			return;
		}
		piece = piece_fit(o, p, n);
		if (piece == 0 && !output_rotate(o)) {
			o->lost += n;
			return;
		}
		o->lost += piece_write(o, p, piece);
		p += piece;
		n -= piece;
	}
}

bool
output_copy(struct output *o, int from)
{
	char chunk[CHUNK];
	ssize_t n;
	int i;

	for (i = 0; i < CHUNKS; i++) {
		n = read(from, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN;
		if (n == 0)
			return false;
		output_put(o, chunk, (size_t)n);
	}
	return true;
}

uint64_t
output_close(struct output *o)
{
	if (o->lost > 0 && (o->fd >= 0 || output_begin(o)))
		lost_tell(o);
	if (o->fd >= 0)
		close(o->fd);
	o->fd = -1;
	return o->lost;
}
