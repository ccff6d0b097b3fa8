#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "proc/descendants.h"
#include "proc/spawn.h"
#include "proc/process_id.h"

struct member {
	pid_t pid;
	bool ours; /* a descendant of this process */
	struct process_id_stat stat;
};

struct census {
	struct member *members;
	size_t n, size;
};

int
descendants_adopt(struct err *e)
{
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
		return err_set(e, ERR_NO, "cannot become a subreaper: %s", strerror(errno));
	return 0;
}

static bool
census_room(struct census *all)
{
	size_t size = all->size ? all->size * 2 : 256;
	struct member *more;

	if (all->n < all->size)
		return true;
	more = realloc(all->members, size * sizeof *more);
	if (!more)
		return false;
	all->members = more;
	all->size = size;
	return true;
}

/* Kernel threads are not our descendants, and are most of the processes of an idle machine. */
static void
census_add(struct census *all, const char *name)
{
	struct member m = {.pid = (pid_t)strtol(name, NULL, 10)};

	if (m.pid <= 0 || process_id_stat(m.pid, &m.stat) || m.stat.parent == 0 ||
	    m.stat.parent == 2)
		return;
	if (census_room(all))
		all->members[all->n++] = m;
}

static int
pid_compare(const void *a, const void *b)
{
	pid_t p = ((const struct member *)a)->pid, q = ((const struct member *)b)->pid;

	return (p > q) - (p < q);
}

static bool
is_descendant(const struct census *all, const struct member *m)
{
	struct member key = {.pid = m->stat.parent};
	const struct member *parent;

	if (key.pid == getpid())
		return true;
	parent = bsearch(&key, all->members, all->n, sizeof key, pid_compare);
	return parent && parent->ours;
}

/* Repeated until nothing is added: pids do not show the order of creation. */
static void
census_mark(struct census *all)
{
	struct member *m;
	bool more = true;

	while (more) {
		more = false;
		for (m = all->members; m < all->members + all->n; m++)
			if (!m->ours && is_descendant(all, m))
				m->ours = more = true;
	}
}

static void
census_take(struct census *all)
{
	const struct dirent *entry;
	DIR *proc = opendir("/proc");

	*all = (struct census){0};
	if (!proc)
		return;
	while ((entry = readdir(proc)))
		census_add(all, entry->d_name);
	closedir(proc);
	if (all->n == 0)
		return;
	qsort(all->members, all->n, sizeof *all->members, pid_compare);
	census_mark(all);
}

static bool
is_zombie(const struct member *m)
{
	return m->stat.state == 'Z' && m->stat.threads <= 1;
}

/* A descriptor of that same process, or -1: its pid may have been reused since the census. */
static int
member_open(const struct member *m)
{
	int fd = pidfd_open(m->pid, 0);
	struct process_id_stat now;

	if (fd < 0)
		return -1;
	if (process_id_stat(m->pid, &now) || now.start_ticks != m->stat.start_ticks) {
		close(fd);
		return -1;
	}
	return fd;
}

static void
member_signal(const struct member *m, int signal)
{
	int fd = member_open(m);

	if (fd < 0)
		return;
	pidfd_send_signal(fd, signal, NULL, 0);
	close(fd);
}

void
descendants_signal(pid_t child, int signal)
{
	const struct member *m;
	struct census all;

	kill(-child, signal);
	census_take(&all);
	for (m = all.members; m < all.members + all.n; m++)
		if (m->ours && m->stat.session == child && m->stat.group != child && !is_zombie(m))
			member_signal(m, signal);
	free(all.members);
}

static void
member_await(const struct member *m, uint64_t deadline_ms)
{
	struct pollfd ended = {.fd = member_open(m), .events = POLLIN};
	uint64_t now = clock_monotonic_ms();

	if (ended.fd < 0)
		return;
	if (now < deadline_ms)
		poll(&ended, 1, (int)(deadline_ms - now));
	close(ended.fd);
}

/* One pass over all: kills the live ones, waits for each, reaps those that are our children.
 * Returns how many were alive; once none is, all their zombies are ours, and reaped. */
static size_t
family_round(pid_t child, uint64_t deadline_ms)
{
	struct member *m;
	struct census all;
	size_t n = 0;

	census_take(&all);
	for (m = all.members; m < all.members + all.n; m++) {
		m->ours = m->ours && !(is_zombie(m) && m->pid == child);
		if (m->ours && !is_zombie(m)) {
			member_signal(m, SIGKILL);
			n++;
		}
	}
	for (m = all.members; m < all.members + all.n; m++)
		if (m->ours) {
			member_await(m, deadline_ms);
			if (m->pid != child)
				waitpid(m->pid, NULL, WNOHANG);
		}
	free(all.members);
	return n;
}

/* Whether nothing is left to reap or to kill: once the child is gone, all remaining descendants are
 * our own children. */
static bool
family_is_gone(void)
{
	descendants_reap(0);
	return waitid(P_ALL, 0, NULL, WEXITED | WNOHANG | WNOWAIT) && errno == ECHILD;
}

size_t
descendants_kill(pid_t child, uint64_t wait_ms)
{
	uint64_t deadline_ms = clock_monotonic_ms() + wait_ms;
	bool is_late;
	size_t n;

	if (child == 0 && family_is_gone())
		return 0;
	do {
		is_late = clock_monotonic_ms() >= deadline_ms;
		n = family_round(child, deadline_ms);
	} while (n > 0 && !is_late);
	return n;
}

static bool
has_open(pid_t pid, const struct stat *file)
{
	char path[64];
	struct stat open;

	snprintf(path, sizeof path, "/proc/%ld/fd/%d", (long)pid, SPAWN_KEPT);
	return stat(path, &open) == 0 && open.st_ino == file->st_ino && open.st_dev == file->st_dev;
}

static size_t
left_round(pid_t child, const struct stat *file, uint64_t deadline_ms)
{
	struct member *m;
	struct census all;
	size_t n = 0;

	census_take(&all);
	for (m = all.members; m < all.members + all.n; m++) {
		m->ours = m->ours && !is_zombie(m) &&
			  (m->stat.session == child || has_open(m->pid, file));
		if (m->ours)
			member_signal(m, SIGKILL);
		n += m->ours;
	}
	for (m = all.members; m < all.members + all.n; m++)
		if (m->ours)
			member_await(m, deadline_ms);
	free(all.members);
	return n;
}

void
descendants_kill_left(pid_t child, int dir, const char *name, uint64_t wait_ms)
{
	uint64_t deadline_ms = clock_monotonic_ms() + wait_ms;
	struct stat file = {0};

	if (fstatat(dir, name, &file, AT_SYMLINK_NOFOLLOW))
		return;
	while (left_round(child, &file, deadline_ms) > 0 && clock_monotonic_ms() < deadline_ms)
		;
}

void
descendants_reap(pid_t child)
{
	siginfo_t told;

	for (;;) {
		told = (siginfo_t){0};
		if (waitid(P_ALL, 0, &told, WEXITED | WNOHANG | WNOWAIT) || told.si_pid == 0 ||
		    told.si_pid == child)
			return;
		waitpid(told.si_pid, NULL, WNOHANG);
	}
}
