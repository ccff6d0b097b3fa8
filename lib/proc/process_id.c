#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "base/seam.h"
#include "proc/process_id.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

/* 0 or an errno; the text has a NUL. */
static int
text_read(const char *path, char *to, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), failed = 0;
	ssize_t n;

	if (fd < 0)
		return errno;
	n = read(fd, to, size - 1);
	if (n < 0)
		failed = errno;
	to[n > 0 ? n : 0] = '\0';
	close(fd);
	return failed;
}

int
process_id_boot(const char *root, char boot_id[BOOT_ID_SIZE], struct err *e)
{
	const char *staged = seam("boot-id");
	char path[PATH_MAX];
	int failed = 0;

	boot_id[0] = '\0';
	if (staged)
		snprintf(boot_id, BOOT_ID_SIZE, "%s", staged);
	else if (snprintf(path, sizeof path, "%s" BOOT_ID, root) >= (int)sizeof path)
		failed = ENAMETOOLONG;
	else
		failed = text_read(path, boot_id, BOOT_ID_SIZE);
	boot_id[strcspn(boot_id, " \n")] = '\0';
	if (!failed && boot_id[0])
		return 0;
	return err_set(
	    e, ERR_NO, "cannot read '%s" BOOT_ID "': %s", root, strerror(failed ? failed : EIO));
}

/* The numbers after the command name in parentheses: the name may contain blanks and parentheses,
 * they cannot. */
static int
stat_parse(const char *text, struct process_id_stat *stat)
{
	const char *after = strrchr(text, ')');
	unsigned long long threads, start;
	int parent, group, session;

	if (!after ||
	    sscanf(after,
		") %c %d %d %d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %llu %*d %llu",
		&stat->state, &parent, &group, &session, &threads, &start) != 6)
		return EPROTO;
	stat->parent = parent;
	stat->group = group;
	stat->session = session;
	stat->threads = threads;
	stat->start_ticks = start;
	return 0;
}

int
process_id_stat(pid_t pid, struct process_id_stat *stat)
{
	char path[64], text[1024];
	int failed;

	snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
	failed = text_read(path, text, sizeof text);
	return failed ? failed : stat_parse(text, stat);
}

uint64_t
process_id_number(pid_t pid)
{
	const char *staged = seam("pid");

	return staged ? strtoull(staged, NULL, 10) : (uint64_t)pid;
}

int
process_id_look(pid_t pid, struct process_id *who, struct err *e)
{
	struct process_id_stat stat;
	int failed = process_id_stat(pid, &stat);

	*who = (struct process_id){.pid = pid};
	if (failed)
		return err_set(
		    e, ERR_NO, "cannot look at process %ld: %s", (long)pid, strerror(failed));
	who->start_ticks = seam("pid") ? process_id_number(pid) : stat.start_ticks;
	return process_id_boot("", who->boot_id, e);
}

/* A main thread that has exited is a zombie too while other threads run. */
static bool
has_ended(const struct process_id_stat *stat)
{
	return strchr("ZXx", stat->state) && stat->threads <= 1;
}

enum process_id_state
process_id_is(const struct process_id *who)
{
	char boot_id[BOOT_ID_SIZE];
	struct process_id_stat stat;
	struct err ignored;
	int failed;

	if (who->pid <= 0 || process_id_boot("", boot_id, &ignored))
		return PROCESS_UNKNOWN;
	if (strcmp(boot_id, who->boot_id) != 0)
		return who->boot_id[0] ? PROCESS_DEAD : PROCESS_UNKNOWN;
	failed = process_id_stat(who->pid, &stat);
	if (failed)
		return kill(who->pid, 0) && errno == ESRCH ? PROCESS_DEAD : PROCESS_UNKNOWN;
	return stat.start_ticks == who->start_ticks && !has_ended(&stat) ? PROCESS_ALIVE
									 : PROCESS_DEAD;
}
