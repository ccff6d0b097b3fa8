/*
 * who: which process is meant. A pid alone proves nothing, since it is given away again; with the time its process
 * started and the boot of the machine it names one process for good.
 */
#ifndef PROC_WHO_H
#define PROC_WHO_H

#include <stdint.h>
#include <sys/types.h>

#define WHO_BOOT_SIZE 64

struct err;

struct who {
	pid_t pid;
	/* clock ticks (sysconf(_SC_CLK_TCK) a second) since the machine came up */
	uint64_t start_ticks;
	char boot_id[WHO_BOOT_SIZE];
};

enum who_state {
	/* proven: another boot, no such pid, another start, or ended and not yet reaped */
	WHO_DEAD,
	WHO_ALIVE, /* proven: pid, start and boot are the same, and it has not ended */
	/* nothing is proven: /proc does not show other users' processes, or cannot be read */
	WHO_UNKNOWN,
};

/*
 * The id of this boot, a new one whenever the machine comes up; root is "" (a test gives a directory with proc/ in it). Seam
 * "boot-id=TEXT". ERR_NO and "": it cannot be read.
 */
int who_boot_id(const char *root, char boot_id[WHO_BOOT_SIZE], struct err *e);

/* ERR_NO: there is no such process, or it is not shown. */
int who_look(pid_t pid, struct who *who, struct err *e);

/*
 * Pids are those of this process's pid namespace, as were those of who: two containers of one machine have the same boot id
 * and different pids, so where they share a directory ask a lock first (runlock.h).
 */
enum who_state who_is(const struct who *who);

/* One line of /proc, as far as anybody here needs it. */
struct who_stat {
	char state; /* 'R', 'S', 'Z' … */
	pid_t parent, group, session;
	uint64_t threads, start_ticks;
};

/* 0 or an errno: ENOENT or ESRCH (no such process, or not shown), EPROTO (not understood). */
int who_stat(pid_t pid, struct who_stat *stat);

#endif
