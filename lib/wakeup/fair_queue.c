#include "wakeup/fair_queue.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/err.h"

#define FILE_NAME "turns"
#define PLACES ((int64_t)1 << 31) /* in a line; the first byte is its door */

/* over the whole range, which cannot be locked while any place in it is taken */
static bool
somebody_in(int fd, int64_t from, int64_t to, int64_t *where)
{
	struct flock lock = {.l_type = F_WRLCK,
	    .l_whence = SEEK_SET,
	    .l_start = (off_t)from,
	    .l_len = (off_t)(to - from)};

	if (from >= to || fcntl(fd, F_OFD_GETLK, &lock) || lock.l_type == F_UNLCK)
		return false;
	*where = (int64_t)lock.l_start;
	return true;
}

static int
byte_lock(int fd, int64_t at, short type, bool wait)
{
	struct flock lock = {
	    .l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)at, .l_len = 1};
	int bad;

	do
		bad = fcntl(fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &lock);
	while (bad && errno == EINTR);
	return bad;
}

/* Behind the last place; concurrent arrivals pass the door one at a time. */
static int
place_take(struct fair_queue *turn)
{
	int64_t last = turn->line, end = turn->line + PLACES;

	if (byte_lock(turn->fd, turn->line, F_WRLCK, true))
		return -1;
	while (somebody_in(turn->fd, last + 1, end, &last))
		continue;
	turn->place = last + 1 < end ? last + 1 : end - 1;
	return byte_lock(turn->fd, turn->place, F_WRLCK, false) ||
	       byte_lock(turn->fd, turn->line, F_UNLCK, false);
}

int
fair_queue_join(struct fair_queue *turn, int dir, const char *name, struct err *e)
{
	int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC;

	/* Names with the same checksum share one line, which only costs time. */
	turn->line = (int64_t)(crc32c(0, name, strlen(name)) >> 1) * PLACES;
	turn->fd = openat(dir, FILE_NAME, flags, 0666);
	if (turn->fd >= 0 && !place_take(turn))
		return 0;
	err_set(e, ERR_STORE, "cannot stand in line in '%s': %s", FILE_NAME, strerror(errno));
	fair_queue_leave(turn);
	return -1;
}

bool
fair_queue_first(const struct fair_queue *turn)
{
	int64_t where;

	return !somebody_in(turn->fd, turn->line + 1, turn->place, &where);
}

bool
fair_queue_leave(struct fair_queue *turn)
{
	int64_t where;
	bool followed;

	if (turn->fd < 0)
		return false;
	followed = somebody_in(turn->fd, turn->place + 1, turn->line + PLACES, &where);
	close(turn->fd);
	turn->fd = -1;
	return followed;
}
