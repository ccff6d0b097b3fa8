#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "proc/runlock.h"

/* Two bytes: the lock itself, and a door that takers and removers pass one at a time and never
 * keep. Without it a taker could see "held" because of a remover. */
enum {
	BYTE_LOCK,
	BYTE_DOOR,
};

static struct flock
one_byte(short type, off_t byte)
{
	return (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
}

static int
file_open(int dir, const char *name, int flags, mode_t mode)
{
	return openat(
	    dir, name, flags | O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, mode);
}

static int
door_set(int fd, short type)
{
	struct flock door = one_byte(type, BYTE_DOOR);
	int bad;

	do
		bad = fcntl(fd, F_OFD_SETLKW, &door);
	while (bad && errno == EINTR);
	return bad;
}

/* Whether the name still means this file: it may have been removed while we waited for its door. */
static bool
is_current(int fd, int dir, const char *name)
{
	struct stat ours, named;

	return fstat(fd, &ours) == 0 && fstatat(dir, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	       ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

/* Opens the current file NAME and takes its door; -1 and errno. */
static int
file_enter(int dir, const char *name, int flags, mode_t mode)
{
	int fd, failed;

	for (;;) {
		fd = file_open(dir, name, flags, mode);
		if (fd < 0)
			return -1;
		if (door_set(fd, F_WRLCK)) {
			failed = errno;
			close(fd);
			errno = failed;
			return -1;
		}
		if (is_current(fd, dir, name))
			return fd;
		close(fd);
	}
}

static int
lock_failed(const char *name, struct err *e)
{
	return err_set(e, ERR_STORE, "lock file '%s': %s", name, strerror(errno));
}

static int
lock_busy(const char *name, struct err *e)
{
	return err_set(e, ERR_BUSY, "lock file '%s' is held", name);
}

int
runlock_take(int dir, const char *name, mode_t mode, struct err *e)
{
	struct flock lock = one_byte(F_WRLCK, BYTE_LOCK);
	int fd = file_enter(dir, name, O_CREAT, mode);

	if (fd < 0)
		return lock_failed(name, e);
	if (fcntl(fd, F_OFD_SETLK, &lock)) {
		if (errno == EAGAIN || errno == EACCES)
			lock_busy(name, e);
		else
			lock_failed(name, e);
		close(fd);
		return -1;
	}
	if (door_set(fd, F_UNLCK)) {
		lock_failed(name, e);
		close(fd);
		return -1;
	}
	return fd;
}

static int
held_look(int fd, bool *held)
{
	struct flock lock = one_byte(F_WRLCK, BYTE_LOCK);

	if (fcntl(fd, F_OFD_GETLK, &lock))
		return -1;
	*held = lock.l_type != F_UNLCK;
	return 0;
}

int
runlock_look(int dir, const char *name, enum runlock_state *state, struct err *e)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC), bad;
	bool held;

	*state = RUNLOCK_NONE;
	if (fd < 0)
		return errno == ENOENT ? 0 : lock_failed(name, e);
	bad = held_look(fd, &held);
	if (bad)
		lock_failed(name, e);
	else
		*state = held ? RUNLOCK_HELD : RUNLOCK_FREE;
	close(fd);
	return bad;
}

int
runlock_remove(int dir, const char *name, struct err *e)
{
	int fd = file_enter(dir, name, 0, 0), bad = 0;
	bool held;

	if (fd < 0)
		return errno == ENOENT ? 0 : lock_failed(name, e);
	if (held_look(fd, &held))
		bad = lock_failed(name, e);
	else if (held)
		bad = lock_busy(name, e);
	else if (unlinkat(dir, name, 0))
		bad = lock_failed(name, e);
	close(fd);
	return bad;
}
