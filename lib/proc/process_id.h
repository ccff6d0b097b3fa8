/*
 * process_id: the unique identity of a process. A pid alone may be reused; with the start time of
 * the process and the boot id of the machine it identifies one process.
 */
#ifndef PROC_PROCESS_ID_H
#define PROC_PROCESS_ID_H

#include <stdint.h>
#include <sys/types.h>

#define BOOT_ID_SIZE 64

struct err;

struct process_id {
	pid_t pid;
	/* clock ticks (sysconf(_SC_CLK_TCK) per second) since boot */
	uint64_t start_ticks;
	char boot_id[BOOT_ID_SIZE];
};

enum process_id_state {
	/* proven: another boot, no such pid, another start time, or ended and not yet reaped */
	PROCESS_DEAD,
	PROCESS_ALIVE, /* proven: pid, start and boot are the same, and it has not ended */
	/* not proven: /proc hides other users' processes, or cannot be read */
	PROCESS_UNKNOWN,
};

/*
 * The id of this boot, new at every boot; root is "" (a test passes a directory with proc/ in it).
 * Seam "boot-id=TEXT". ERR_NO and "": it cannot be read.
 */
int process_id_boot(const char *root, char boot_id[BOOT_ID_SIZE], struct err *e);

/* ERR_NO: no such process, or it is not visible. */
int process_id_look(pid_t pid, struct process_id *who, struct err *e);

/* The pid stored in records. Seam "pid=N": N, also as its start_ticks above. */
uint64_t process_id_number(pid_t pid);

/*
 * Pids, also that of `who`, are in this process's pid namespace: two containers of one machine have
 * the same boot id and different pids, so if they share a directory check a lock first (runlock.h).
 */
enum process_id_state process_id_is(const struct process_id *who);

/* One line of /proc, as far as it is used here. */
struct process_id_stat {
	char state; /* 'R', 'S', 'Z' … */
	pid_t parent, group, session;
	uint64_t threads, start_ticks;
};

/* 0 or an errno: ENOENT or ESRCH (no such process, or not visible), EPROTO (malformed). */
int process_id_stat(pid_t pid, struct process_id_stat *stat);

#endif
