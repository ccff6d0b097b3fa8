#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/err.h"
#include "proc/program.h"
#include "proc/orders_internal.h"
#include "proc/spawn.h"
#include "proc/user.h"
#include "proc/process_id.h"

#define FIRST_SPARE 16 /* above every descriptor number of the child */
#define LINE (SPAWN_SCRIPT + 1)
#define KERNEL_SIGNALS 64
#define NULL_DEVICE "/dev/null"
#define WAITING "gcs:waits" /* its name until it executes a program, at most 15 bytes */

/* The step that failed in the child; its answer to the parent. */
enum step {
	STEP_EXEC,
	STEP_ORDERS_DESCRIPTORS,
	STEP_SESSION,
	STEP_USER,
	STEP_CWD,
};

struct answer {
	int failed; /* errno */
	enum step step;
};

static int
answer_code(const struct answer *answer)
{
	return answer->step == STEP_EXEC ? program_code(answer->failed) : PROGRAM_CANNOT_RUN;
}

/* --- in the child: only system calls and code without locks --- */

/* Bypasses the C library, which reserves two signals and would leave them ignored. A zeroed struct
 * means SIG_DFL to every kernel. */
static void
signals_default(void)
{
	unsigned long none[8] = {0};
	int signal;

	for (signal = 1; signal <= KERNEL_SIGNALS; signal++)
		syscall(SYS_rt_sigaction, signal, none, NULL, KERNEL_SIGNALS / 8);
}

static void
signals_unblock(void)
{
	unsigned long long none = 0;

	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, KERNEL_SIGNALS / 8);
}

/* Moved above the numbers below, so that no dup2 closes a descriptor needed later. */
static bool
moved_up(int *fd, bool writing)
{
	int from = *fd < 0 ? open(NULL_DEVICE, (writing ? O_WRONLY : O_RDONLY) | O_CLOEXEC) : *fd;

	*fd = from < 0 ? -1 : fcntl(from, F_DUPFD_CLOEXEC, FIRST_SPARE);
	return *fd >= 0;
}

static int
descriptors_place(int *fds)
{
	int i;

	for (i = 0; i < ORDERS_DESCRIPTORS; i++)
		if ((i < 3 || fds[i] >= 0) && !moved_up(&fds[i], i != 0))
			return errno;
	for (i = 0; i < ORDERS_DESCRIPTORS; i++)
		if (fds[i] >= 0 && dup2(fds[i], i) < 0)
			return errno;
		else if (fds[i] < 0)
			close(i);
	return 0;
}

static struct answer
child_prepare(struct orders *o)
{
	struct answer bad = {descriptors_place(o->fds), STEP_ORDERS_DESCRIPTORS};

	if (bad.failed)
		return bad;
	if (o->order.foreground ? setpgid(0, 0) : setsid() < 0)
		return (struct answer){errno, STEP_SESSION};
	if (o->order.umask >= 0)
		umask((mode_t)o->order.umask);
	if (o->order.other && (bad.failed = user_become(&o->order.user)))
		return (struct answer){bad.failed, STEP_USER};
	if (o->cwd && chdir(o->cwd))
		return (struct answer){errno, STEP_CWD};
	return (struct answer){0, STEP_EXEC};
}

static int
program_execute(const struct orders *o)
{
	char path[PATH_MAX], **words;
	int failed = program_find(o->argv[0], o->envp, path);

	if (failed)
		return failed;
	execve(path, o->argv, o->envp);
	if (errno != ENOEXEC || !program_is_script(path))
		return errno;
	words = orders_map(program_words(o->argv) * sizeof *words);
	if (!words)
		return ENOMEM;
	program_script(path, o->argv, words);
	execve(PROGRAM_SHELL, words, o->envp);
	return errno;
}

/* Signals are blocked, and with SIGTTOU blocked a background group may do this. */
static void
terminal_take(pid_t parent_group)
{
	if (tcgetpgrp(0) == parent_group)
		tcsetpgrp(0, getpid());
}

/* Only the socket stays open while it waits: a waiting child must not keep any lock of ours
 * held. */
_Noreturn static void
child_main(int line, pid_t parent_group)
{
	struct orders orders;
	struct answer answer;

	signals_default();
	prctl(PR_SET_NAME, WAITING);
	if (dup3(line, LINE, O_CLOEXEC) < 0 && line != LINE)
		_exit(PROGRAM_CANNOT_RUN);
	closefrom(LINE + 1);
	close_range(3, LINE - 1, 0);
	if (!orders_receive(LINE, &orders))
		_exit(0);
	answer = child_prepare(&orders);
	if (!answer.failed) {
		if (orders.order.foreground)
			terminal_take(parent_group);
		signals_unblock();
		answer.failed = program_execute(&orders);
	}
	send(LINE, &answer, sizeof answer, MSG_NOSIGNAL);
	_exit(answer_code(&answer));
}

/* --- in the parent --- */

/* The memory after the program's data: the heap of malloc, without large blocks. */
extern char _end[];

/*
 * The child needs no allocated memory. Pages it lacks are not copied on our next write, which would
 * cost more than everything else here. A hole in the range is reported as an error, and is
 * harmless.
 */
static void
heap_shared(bool shared)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), top = (uintptr_t)sbrk(0);
	uintptr_t from = ((uintptr_t)_end + page - 1) / page * page;

	if (top > from)
		madvise((void *)from, top - from, shared ? MADV_DOFORK : MADV_DONTFORK);
}

/* The child starts with all signals blocked: none of our handlers runs in it. Neither do the C
 * library's fork handlers, which use the heap. */
static pid_t
child_fork(const int line[2])
{
	pid_t pid, group = getpgrp();
	sigset_t all, before;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	heap_shared(false);
	pid = _Fork();
	if (pid == 0)
		child_main(line[1], group);
	heap_shared(true);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

static void
line_close(struct spawned *child)
{
	if (child->line >= 0)
		close(child->line);
	child->line = -1;
}

int
spawn_make(struct spawned *child, struct err *e)
{
	struct process_id who;
	int line[2];

	*child = (struct spawned){.line = -1};
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line))
		return err_set(e, ERR_NO, "cannot make a process: %s", strerror(errno));
	child->pid = child_fork(line);
	close(line[1]);
	/* Not a number that a caller without standard streams could mistake for one. */
	child->line = fcntl(line[0], F_DUPFD_CLOEXEC, FIRST_SPARE);
	close(line[0]);
	if (child->pid < 0) {
		line_close(child);
		return err_set(e, ERR_NO, "cannot make a process: %s", strerror(errno));
	}
	if (process_id_look(child->pid, &who, e)) {
		spawn_drop(child);
		return err_wrap(e, "cannot make a process");
	}
	child->start_ticks = who.start_ticks;
	return 0;
}

/* --- sending the orders --- */

static ssize_t
answer_read(int line, struct answer *answer)
{
	ssize_t n;

	do
		n = recv(line, answer, sizeof *answer, MSG_WAITALL);
	while (n < 0 && errno == EINTR);
	return n;
}

static int
answer_tell(const struct spawn *what, const struct answer *answer, struct err *e)
{
	static const char *const told[] = {
	    [STEP_ORDERS_DESCRIPTORS] = "cannot arrange its descriptors",
	    [STEP_SESSION] = "cannot have a session or process group of its own",
	    [STEP_USER] = "cannot become its user",
	    [STEP_CWD] = "cannot enter its directory",
	};

	if (answer->step == STEP_EXEC)
		return program_refused(answer->failed, what->argv[0], e);
	err_set(e, ERR_NONE, "cannot run '%s': %s: %s", what->argv[0], told[answer->step],
	    strerror(answer->failed));
	return answer_code(answer);
}

int
spawn_go(const struct spawn *what, struct spawned *child, int *code, struct err *e)
{
	struct answer answer;
	ssize_t n;
	int failed;

	if (!what->argv[0])
		return err_set(e, ERR_USAGE, "no command to run");
	failed = orders_send(child->line, what);
	n = failed ? 0 : answer_read(child->line, &answer);
	line_close(child);
	if (failed)
		return err_set(e, ERR_NO, "the child is gone: %s", strerror(failed));
	*code = 0;
	err_set(e, ERR_NONE, "%s", "");
	if (n == (ssize_t)sizeof answer)
		*code = answer_tell(what, &answer, e);
	return 0;
}

bool
spawn_waits(pid_t pid)
{
	char path[64], name[sizeof WAITING + 1] = "";
	FILE *file;
	bool waits;

	snprintf(path, sizeof path, "/proc/%ld/comm", (long)pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	waits = fgets(name, sizeof name, file) && strcmp(name, WAITING "\n") == 0;
	fclose(file);
	return waits;
}

void
spawn_drop(struct spawned *child)
{
	if (child->line < 0)
		return;
	line_close(child);
	while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		;
}
