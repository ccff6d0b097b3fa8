#include "wakeup/monitor_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"

#define FILE_NAME "monitor.lock"

static struct flock
whole(short type)
{
	return (struct flock){.l_type = type, .l_whence = SEEK_SET};
}

static void
note_read(int fd, struct monitor_note *note)
{
	char text[128];
	ssize_t n = pread(fd, text, sizeof text - 1, 0);

	*note = (struct monitor_note){0};
	text[n > 0 ? n : 0] = '\0';
	if (sscanf(text, "%" SCNu64 " %32[0-9a-f] %" SCNu64, &note->pid, note->history,
		&note->published) == 3)
		return;
	note->history[0] = '\0';
	note->published = 0;
}

static int
post_open(int dir, struct err *e)
{
	int fd = openat(dir, FILE_NAME, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return err_set(e, ERR_STORE, "cannot open %s: %s", FILE_NAME, strerror(errno));
	return fd;
}

int
monitor_lock_take(int dir, int *fd, struct monitor_note *note, struct err *e)
{
	struct flock lock = whole(F_WRLCK);
	bool taken;

	*fd = post_open(dir, e);
	if (*fd < 0)
		return -1;
	if (!fcntl(*fd, F_OFD_SETLK, &lock)) {
		note_read(*fd, note); /* only now: its holder may have changed it before */
		return 1;
	}
	taken = errno == EAGAIN || errno == EACCES;
	if (!taken)
		err_set(e, ERR_STORE, "cannot lock %s: %s", FILE_NAME, strerror(errno));
	note_read(*fd, note);
	close(*fd);
	*fd = -1;
	return taken ? 0 : -1;
}

int
monitor_lock_write(int fd, const struct monitor_note *note, struct err *e)
{
	char text[128];
	int n = snprintf(text, sizeof text, "%20" PRIu64 " %32s %20" PRIu64 "\n", note->pid,
	    note->history, note->published);

	if (pwrite(fd, text, (size_t)n, 0) == n)
		return 0;
	return err_set(e, ERR_STORE, "cannot write %s: %s", FILE_NAME, strerror(errno));
}

bool
monitor_lock_taken(int dir, struct monitor_note *note)
{
	struct flock lock = whole(F_WRLCK);
	int fd = openat(dir, FILE_NAME, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	bool taken;

	if (fd < 0)
		return false;
	taken = !fcntl(fd, F_OFD_GETLK, &lock) && lock.l_type != F_UNLCK;
	if (note)
		note_read(fd, note);
	close(fd);
	return taken;
}
