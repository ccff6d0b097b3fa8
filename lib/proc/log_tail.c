#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "proc/log_tail.h"

#define BLOCK 65536
#define NAME_SIZE (OUTPUT_NAME_MAX + 16)

/* A rotation in progress leaves at most one number free. */
#define HOLES_MAX 2

static const char *
name_old(const struct log_tail *f, unsigned i, char to[NAME_SIZE])
{
	snprintf(to, NAME_SIZE, i > 0 ? "%s.%u" : "%s", f->name, i);
	return to;
}

static int
file_open(const struct log_tail *f, unsigned i)
{
	char name[NAME_SIZE];

	return openat(f->dir, name_old(f, i, name),
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static int
follow_failed(const struct log_tail *f, struct err *e)
{
	return err_set(e, ERR_STORE, "cannot read '%s': %s", f->name, strerror(errno));
}

static bool
is_at(const struct log_tail *f, unsigned i)
{
	char name[NAME_SIZE];
	struct stat ours, named;

	return fstat(f->fd, &ours) == 0 &&
	       fstatat(f->dir, name_old(f, i, name), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	       ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

static void
file_take(struct log_tail *f, int fd, uint64_t at)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = fd;
	f->at = at;
}

/* The highest existing number, or -1. */
static int
oldest_find(const struct log_tail *f)
{
	char name[NAME_SIZE];
	struct stat st;
	int oldest = -1, i;

	for (i = 0; i <= OUTPUT_KEEP_MAX && i - oldest <= HOLES_MAX; i++)
		if (fstatat(f->dir, name_old(f, (unsigned)i, name), &st, AT_SYMLINK_NOFOLLOW) == 0)
			oldest = i;
	return oldest;
}

static int
oldest_take(struct log_tail *f)
{
	int i = oldest_find(f), fd = i < 0 ? -1 : file_open(f, (unsigned)i);

	if (fd < 0)
		return -1;
	file_take(f, fd, 0);
	return 0;
}

/* While scanning backwards through all files: line ends still to pass; the last byte of the newest
 * file does not count. */
struct back {
	uint64_t lines;
	bool is_begun;
};

/* The offset in this block at which the last lines begin, or -1: further back. */
static ssize_t
block_back(struct back *back, const char *block, size_t n)
{
	while (n-- > 0) {
		if (block[n] == '\n' && back->is_begun) {
			if (back->lines <= 1)
				return (ssize_t)n + 1;
			back->lines--;
		}
		back->is_begun = true;
	}
	return -1;
}

/* The same for a file. */
static off_t
file_back(struct back *back, int fd)
{
	char block[BLOCK];
	off_t end = lseek(fd, 0, SEEK_END), start;
	ssize_t n, found;

	for (; end > 0; end = start) {
		start = (end - 1) / BLOCK * BLOCK;
		n = pread(fd, block, (size_t)(end - start), start);
		if (n <= 0)
			return -1;
		found = block_back(back, block, (size_t)n);
		if (found >= 0)
			return start + found;
	}
	return -1;
}

/* From the newest file to older ones; starts at the oldest byte if there are fewer lines than
 * requested. */
static void
last_lines_find(struct log_tail *f, uint64_t lines)
{
	struct back back = {.lines = lines};
	int i, fd, oldest = oldest_find(f);
	off_t at = -1;

	for (i = 0; i <= oldest && at < 0; i++) {
		fd = file_open(f, (unsigned)i);
		if (fd < 0)
			continue;
		at = file_back(&back, fd);
		file_take(f, fd, at < 0 ? 0 : (uint64_t)at);
	}
}

static int
newest_end_take(struct log_tail *f)
{
	int fd = file_open(f, 0);
	off_t end = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);

	if (fd < 0)
		return -1;
	file_take(f, fd, end < 0 ? 0 : (uint64_t)end);
	return 0;
}

int
log_tail_open(struct log_tail *f, int dir, const char *name, uint64_t lines, struct err *e)
{
	*f = (struct log_tail){.dir = dir, .fd = -1};
	if (strlen(name) > OUTPUT_NAME_MAX)
		return err_set(e, ERR_USAGE, "name too long for an output file: '%s'", name);
	snprintf(f->name, sizeof f->name, "%s", name);
	errno = 0;
	if (lines == 0)
		newest_end_take(f);
	else if (lines == FOLLOW_ALL)
		oldest_take(f);
	else
		last_lines_find(f, lines);
	return f->fd < 0 && errno != 0 && errno != ENOENT ? follow_failed(f, e) : 0;
}

/* The file after ours, if ours is no longer the newest. File i-1 is its successor only if ours was
 * file i both before and after we opened i-1: a rotation renames the oldest first. */
static bool
next_take(struct log_tail *f)
{
	unsigned i;
	int fd;

	for (i = 0; i <= OUTPUT_KEEP_MAX && !is_at(f, i); i++)
		;
	if (i == 0)
		return false;
	if (i > OUTPUT_KEEP_MAX) {
		f->skipped = true;
		return oldest_take(f) == 0;
	}
	fd = file_open(f, i - 1);
	if (fd < 0)
		return false;
	if (!is_at(f, i)) {
		close(fd);
		return next_take(f);
	}
	file_take(f, fd, 0);
	return true;
}

static ssize_t
file_read(struct log_tail *f, void *to, size_t size)
{
	ssize_t n = pread(f->fd, to, size, (off_t)f->at);

	f->at += n > 0 ? (uint64_t)n : 0;
	return n;
}

/* the file was truncated */
static void
shrunk_rewind(struct log_tail *f)
{
	struct stat st;

	if (fstat(f->fd, &st) == 0 && (uint64_t)st.st_size < f->at)
		f->at = 0;
}

ssize_t
log_tail_read(struct log_tail *f, void *to, size_t size, struct err *e)
{
	ssize_t n;

	if (f->fd < 0 && oldest_take(f))
		return 0;
	for (;;) {
		n = file_read(f, to, size);
		if (n == 0) {
			shrunk_rewind(f);
			n = file_read(f, to, size);
		}
		if (n < 0)
			return follow_failed(f, e);
		if (n > 0 || is_at(f, 0))
			return n;
		/* It was renamed after its last write: read once more, then the next file. */
		n = file_read(f, to, size);
		if (n != 0)
			return n < 0 ? follow_failed(f, e) : n;
		if (!next_take(f))
			return 0;
	}
}

void
log_tail_close(struct log_tail *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}
