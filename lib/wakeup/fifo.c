#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/err.h"
#include "wakeup/fifo.h"

#define OPEN_FLAGS (O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC)
#define LOCK_TRIES 200
#define LOCK_PAUSE_NS 5000000
#define GAP_SIZE 96

_Static_assert(FIFO_LINE_MAX <= PIPE_BUF, "a line must be written whole or not at all");

struct listener {
	char name[NAME_MAX + 1];
	int fd;
	dev_t dev;
	ino_t ino;
	int resume; /* with a gap: no writes while more bytes than this are unread */
	bool gap;
	uint64_t from, to; /* of the gap */
};

struct fifos {
	DIR *directory;
	size_t n;
	struct listener listeners[FIFO_LISTENERS];
};

enum taken { TAKEN, FULL, GONE };

int
fifos_open(struct fifos **fifos, int dir, struct err *e)
{
	struct fifos *made = calloc(1, sizeof *made);
	int fd;

	*fifos = NULL;
	if (!made)
		return err_set(e, ERR_STORE, "no memory for FIFOs");
	/* A duplicate would share its reading position with the caller's. */
	fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	made->directory = fd < 0 ? NULL : fdopendir(fd);
	if (!made->directory) {
		err_set(e, ERR_STORE, "cannot open the directory of FIFOs: %s", strerror(errno));
		if (fd >= 0)
			close(fd);
		free(made);
		return -1;
	}
	*fifos = made;
	return 0;
}

void
fifos_close(struct fifos *fifos)
{
	if (!fifos)
		return;
	while (fifos->n > 0)
		close(fifos->listeners[--fifos->n].fd);
	closedir(fifos->directory);
	free(fifos);
}

/* Moves the last listener to i: loops that drop listeners run downwards. */
static void
listener_forget(struct fifos *fifos, size_t i)
{
	close(fifos->listeners[i].fd);
	fifos->n--;
	if (i < fifos->n)
		fifos->listeners[i] = fifos->listeners[fifos->n];
}

static bool
fifo_stat(int dir, const char *name, struct stat *st)
{
	return fstatat(dir, name, st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISFIFO(st->st_mode);
}

static bool
listener_is_there(const struct listener *l, int dir)
{
	struct stat st;

	return fifo_stat(dir, l->name, &st) && st.st_dev == l->dev && st.st_ino == l->ino;
}

static void
fifos_sweep(struct fifos *fifos)
{
	struct pollfd fds[FIFO_LISTENERS];
	size_t i;

	if (fifos->n == 0)
		return;
	for (i = 0; i < fifos->n; i++)
		fds[i] = (struct pollfd){.fd = fifos->listeners[i].fd};
	if (poll(fds, fifos->n, 0) < 0)
		memset(fds, 0, sizeof fds);
	for (i = fifos->n; i-- > 0;)
		if (fds[i].revents ||
		    !listener_is_there(&fifos->listeners[i], dirfd(fifos->directory)))
			listener_forget(fifos, i);
}

static bool
listener_is_known(const struct fifos *fifos, const char *name)
{
	for (size_t i = 0; i < fifos->n; i++)
		if (strcmp(fifos->listeners[i].name, name) == 0)
			return true;
	return false;
}

/* The same FIFO under a second name would get everything twice. */
static bool
inode_is_known(const struct fifos *fifos, const struct stat *st)
{
	const struct listener *l = fifos->listeners;

	for (size_t i = 0; i < fifos->n; i++)
		if (l[i].dev == st->st_dev && l[i].ino == st->st_ino)
			return true;
	return false;
}

static void
listener_meet(struct fifos *fifos, const char *name)
{
	struct listener *l = &fifos->listeners[fifos->n];
	size_t n = strlen(name);
	struct stat st;
	int fd;

	if (n >= sizeof l->name || listener_is_known(fifos, name))
		return;
	fd = openat(dirfd(fifos->directory), name, O_WRONLY | OPEN_FLAGS);
	if (fd < 0)
		return;
	if (fstat(fd, &st) || !S_ISFIFO(st.st_mode) || inode_is_known(fifos, &st)) {
		close(fd);
		return;
	}
	*l = (struct listener){.fd = fd, .dev = st.st_dev, .ino = st.st_ino};
	l->resume = fcntl(fd, F_GETPIPE_SZ) / 4;
	memcpy(l->name, name, n + 1);
	fifos->n++;
}

size_t
fifos_scan(struct fifos *fifos)
{
	const struct dirent *entry;
	struct stat st;
	size_t i;

	fifos_sweep(fifos);
	for (i = 0; i < FIFO_ENTRIES && fifos->n < FIFO_LISTENERS; i++) {
		entry = readdir(fifos->directory);
		if (!entry) {
			rewinddir(fifos->directory);
			break;
		}
		if (entry->d_type == DT_FIFO ||
		    (entry->d_type == DT_UNKNOWN &&
			fifo_stat(dirfd(fifos->directory), entry->d_name, &st)))
			listener_meet(fifos, entry->d_name);
	}
	return fifos->n;
}

static enum taken
listener_write(const struct listener *l, const char *p, size_t n)
{
	ssize_t written;

	do
		written = write(l->fd, p, n);
	while (written < 0 && errno == EINTR);
	if (written == (ssize_t)n)
		return TAKEN;
	return written < 0 && (errno == EAGAIN || errno == ENOMEM) ? FULL : GONE;
}

/*
 * A reader that fell behind must first catch up: else every bit of space it frees would be used for
 * one more gap and one more line, or for the gap alone.
 */
static enum taken
listener_room(const struct listener *l)
{
	struct pollfd end = {.fd = l->fd};
	int unread;

	if (poll(&end, 1, 0) < 0 || ioctl(l->fd, FIONREAD, &unread) < 0)
		return FULL;
	if (end.revents)
		return GONE;
	return unread <= l->resume ? TAKEN : FULL;
}

static enum taken
gap_write(struct listener *l)
{
	enum taken taken = listener_room(l);
	char text[GAP_SIZE];
	int n;

	if (taken != TAKEN)
		return taken;
	n = snprintf(text, sizeof text, "{\"gap\":{\"from\":%llu,\"to\":%llu}}\n",
	    (unsigned long long)l->from, (unsigned long long)l->to);
	taken = listener_write(l, text, (size_t)n);
	if (taken == TAKEN)
		l->gap = false;
	return taken;
}

static enum taken
listener_offer(struct listener *l, const char *line, size_t n)
{
	enum taken taken = l->gap ? gap_write(l) : TAKEN;

	return taken == TAKEN ? listener_write(l, line, n) : taken;
}

static void
listener_miss(struct listener *l, uint64_t seq)
{
	if (!l->gap)
		l->from = seq;
	l->gap = true;
	l->to = seq;
}

void
fifos_publish(struct fifos *fifos, uint64_t seq, const char *line, size_t n)
{
	bool fits = n > 0 && n <= FIFO_LINE_MAX;
	enum taken taken;

	for (size_t i = fifos->n; i-- > 0;) {
		taken = fits ? listener_offer(&fifos->listeners[i], line, n) : FULL;
		if (taken == FULL)
			listener_miss(&fifos->listeners[i], seq);
		if (taken == GONE)
			listener_forget(fifos, i);
	}
}

bool
fifos_settle(struct fifos *fifos)
{
	bool pending = false;
	enum taken taken;

	for (size_t i = fifos->n; i-- > 0;) {
		if (!fifos->listeners[i].gap)
			continue;
		taken = gap_write(&fifos->listeners[i]);
		if (taken == FULL)
			pending = true;
		if (taken == GONE)
			listener_forget(fifos, i);
	}
	return pending;
}

/* Serialises concurrent listeners. Returns a descriptor of the directory that holds the lock. */
static int
directory_lock(int dir, struct err *e)
{
	static const struct timespec pause = {.tv_nsec = LOCK_PAUSE_NS};
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_set(
		    e, ERR_STORE, "cannot open the directory of FIFOs: %s", strerror(errno));
	for (int i = 0; i < LOCK_TRIES; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return fd;
		if (errno != EWOULDBLOCK && errno != EINTR)
			break;
		nanosleep(&pause, NULL);
	}
	err_set(e, errno == EWOULDBLOCK ? ERR_BUSY : ERR_STORE,
	    "cannot lock the directory of FIFOs: %s", strerror(errno));
	close(fd);
	return -1;
}

/* Frees the name: removes a FIFO without a reader. */
static int
fifo_clear(int dir, const char *name, struct err *e)
{
	struct stat st;
	int fd;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW)) {
		if (errno == ENOENT)
			return 0;
		return err_set(e, ERR_STORE, "cannot look at '%s': %s", name, strerror(errno));
	}
	if (!S_ISFIFO(st.st_mode))
		return err_value(e, ERR_REFUSED, name, "'%s' exists and is not a FIFO", name);
	fd = openat(dir, name, O_WRONLY | OPEN_FLAGS);
	if (fd >= 0) {
		close(fd);
		return err_value(e, ERR_REFUSED, name, "FIFO '%s' is being read", name);
	}
	if ((errno != ENXIO || unlinkat(dir, name, 0)) && errno != ENOENT)
		return err_set(
		    e, ERR_STORE, "cannot take over FIFO '%s': %s", name, strerror(errno));
	return 0;
}

static int
fifo_make(int dir, const char *name, mode_t mode, struct err *e)
{
	struct stat st;
	int fd;

	if (fifo_clear(dir, name, e))
		return -1;
	if (mkfifoat(dir, name, mode))
		return err_set(e, ERR_STORE, "cannot make FIFO '%s': %s", name, strerror(errno));
	fd = openat(dir, name, O_RDWR | OPEN_FLAGS);
	if (fd < 0)
		return err_set(e, ERR_STORE, "cannot open FIFO '%s': %s", name, strerror(errno));
	/* The umask may have cleared bits. */
	if (fstat(fd, &st) || !S_ISFIFO(st.st_mode) || fchmod(fd, mode)) {
		close(fd);
		return err_set(e, ERR_STORE, "cannot open FIFO '%s'", name);
	}
	return fd;
}

static bool
is_file_name(const char *name)
{
	return *name && strlen(name) <= NAME_MAX && !strchr(name, '/') && strcmp(name, ".") != 0 &&
	       strcmp(name, "..") != 0;
}

int
fifo_listen(int dir, const char *name, bool shared, struct err *e)
{
	int fd, lock;

	if (!is_file_name(name))
		return err_value(e, ERR_USAGE, name, "invalid FIFO name '%s'", name);
	lock = directory_lock(dir, e);
	if (lock < 0)
		return -1;
	fd = fifo_make(lock, name, shared ? 0660 : 0600, e);
	close(lock);
	return fd;
}

void
fifo_remove(int dir, const char *name)
{
	struct stat st;

	if (fifo_stat(dir, name, &st))
		unlinkat(dir, name, 0);
}
