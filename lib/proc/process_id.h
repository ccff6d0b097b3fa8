/*
 * process_id: one process for good. A pid alone proves nothing, since it is reused; together with the
 * time its process started and the boot of the machine it identifies one process.
 */
#ifndef PROC_PROCESS_ID_H
#define PROC_PROCESS_ID_H

#include <stdint.h>
#include <sys/types.h>

#define BOOT_ID_SIZE 64

struct err;

struct process_id {
	pid_t pid;
	/* clock ticks (sysconf(_SC_CLK_TCK) a second) since the machine came up */
	uint64_t start_ticks;
	char boot_id[BOOT_ID_SIZE];
};

enum process_id_state {
	/* proven: another boot, no such pid, another start, or ended and not yet reaped */
	PROCESS_DEAD,
	PROCESS_ALIVE, /* proven: pid, start and boot are the same, and it has not ended */
	/* nothing is proven: /proc does not show other users' processes, or cannot be read */
	PROCESS_UNKNOWN,
};

/*
 * The id of this boot, a new one whenever the machine comes up; root is "" (a test gives a
 * directory with proc/ in it). Seam "boot-id=TEXT". ERR_NO and "": it cannot be read.
 */
int process_id_boot(const char *root, char boot_id[BOOT_ID_SIZE], struct err *e);

/* ERR_NO: there is no such process, or it is not shown. */
int process_id_look(pid_t pid, struct process_id *who, struct err *e);

/* The number under which records know a process. Seam "pid=N": N, as is its start_ticks above. */
uint64_t process_id_number(pid_t pid);

/*
 * Pids are those of this process's pid namespace, as were those of who: two containers of one
 * machine have the same boot id and different pids, so where they share a directory ask a lock
 * first (runlock.h).
 */
enum process_id_state process_id_is(const struct process_id *who);

/* One line of /proc, as far as anybody here needs it. */
struct process_id_stat {
	char state; /* 'R', 'S', 'Z' … */
	pid_t parent, group, session;
	uint64_t threads, start_ticks;
};

/* 0 or an errno: ENOENT or ESRCH (no such process, or not shown), EPROTO (not understood). */
int process_id_stat(pid_t pid, struct process_id_stat *stat);

#endif
