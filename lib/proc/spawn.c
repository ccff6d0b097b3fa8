#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/err.h"
#include "proc/program.h"
#include "proc/spawn.h"
#include "proc/user.h"
#include "proc/who.h"

#define FIRST_SPARE 16 /* above every number that the child is given */
#define LINE (SPAWN_KEPT + 1)
#define KERNEL_SIGNALS 64
#define NULL_DEVICE "/dev/null"

/* What the child could not do; the answer that goes up the line. */
enum step {
	STEP_EXEC,
	STEP_DESCRIPTORS,
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

/* --- in the child: the kernel only, and what needs no lock --- */

/* Past the C library, which keeps two signals for itself and would leave them ignored. A
 * struct of zeros says SIG_DFL to every kernel. */
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

/* Out of the way of the numbers below, so that no dup2 closes what a later one needs. */
static bool
moved_up(int *fd, bool writing)
{
	int from = *fd < 0 ? open(NULL_DEVICE, (writing ? O_WRONLY : O_RDONLY) | O_CLOEXEC) : *fd;

	*fd = from < 0 ? -1 : fcntl(from, F_DUPFD_CLOEXEC, FIRST_SPARE);
	return *fd >= 0;
}

/* From here on the line is LINE, and nothing else of ours is open: no lock is held up by a child
 * that waits. */
static int
descriptors_place(const struct spawn *what, int line)
{
	int in = what->in, out = what->out, err = what->err, keep = what->keep;

	if (!moved_up(&line, true) || !moved_up(&in, false) || !moved_up(&out, true) ||
	    !moved_up(&err, true) || (keep >= 0 && !moved_up(&keep, true)))
		return errno;
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0 ||
	    dup3(line, LINE, O_CLOEXEC) < 0)
		return errno;
	if (keep < 0)
		close(SPAWN_KEPT);
	else if (dup2(keep, SPAWN_KEPT) < 0)
		return errno;
	closefrom(LINE + 1);
	return 0;
}

static struct answer
child_prepare(const struct spawn *what, int line, int *placed)
{
	struct answer bad = {descriptors_place(what, line), STEP_DESCRIPTORS};

	if (bad.failed)
		return bad;
	*placed = LINE;
	if (what->foreground ? setpgid(0, 0) : setsid() < 0)
		return (struct answer){errno, STEP_SESSION};
	if (what->umask >= 0)
		umask((mode_t)what->umask);
	if (what->user && (bad.failed = user_become(what->user)))
		return (struct answer){bad.failed, STEP_USER};
	if (what->cwd && chdir(what->cwd))
		return (struct answer){errno, STEP_CWD};
	return (struct answer){0, STEP_EXEC};
}

static int
program_execute(const struct spawn *what)
{
	static char *const nothing[] = {NULL};
	char *const *envp = what->envp ? what->envp : nothing;
	char path[PATH_MAX], **words;
	int failed = program_find(what->argv[0], envp, path);

	if (failed)
		return failed;
	execve(path, what->argv, envp);
	if (errno != ENOEXEC || !program_is_script(path))
		return errno;
	words = program_script(path, what->argv);
	if (!words)
		return ENOMEM;
	execve(PROGRAM_SHELL, words, envp);
	return errno;
}

/* Signals are blocked, and a blocked SIGTTOU lets a group in the background through. */
static void
terminal_take(pid_t parent_group)
{
	if (tcgetpgrp(0) == parent_group)
		tcsetpgrp(0, getpid());
}

_Noreturn static void
child_main(const struct spawn *what, int line, pid_t parent_group)
{
	struct answer answer;
	char go;

	signals_default();
	answer = child_prepare(what, line, &line);
	if (read(line, &go, 1) != 1)
		_exit(0);
	if (!answer.failed) {
		if (what->foreground)
			terminal_take(parent_group);
		signals_unblock();
		answer.failed = program_execute(what);
	}
	send(line, &answer, sizeof answer, MSG_NOSIGNAL);
	_exit(answer_code(&answer));
}

/* --- in the parent --- */

/* The child begins with all signals blocked: none of our handlers runs in it. */
static pid_t
child_fork(const struct spawn *what, const int line[2])
{
	pid_t pid, group = getpgrp();
	sigset_t all, before;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid == 0)
		child_main(what, line[1], group);
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
spawn_make(const struct spawn *what, struct spawned *child, struct err *e)
{
	struct who who;
	int line[2];

	*child = (struct spawned){.line = -1};
	if (!what->argv[0])
		return err_set(e, ERR_USAGE, "no command to run");
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line))
		return err_set(e, ERR_NO, "cannot start '%s': %s", what->argv[0], strerror(errno));
	child->pid = child_fork(what, line);
	close(line[1]);
	child->line = line[0];
	if (child->pid < 0) {
		line_close(child);
		return err_set(e, ERR_NO, "cannot start '%s': %s", what->argv[0], strerror(errno));
	}
	if (who_look(child->pid, &who, e)) {
		spawn_drop(child);
		return err_wrap(e, "cannot start '%s'", what->argv[0]);
	}
	child->start_ticks = who.start_ticks;
	return 0;
}

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
	    [STEP_DESCRIPTORS] = "cannot arrange its descriptors",
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
	ssize_t n = send(child->line, "", 1, MSG_NOSIGNAL);
	int failed = n == 1 ? 0 : errno;

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

void
spawn_drop(struct spawned *child)
{
	if (child->line < 0)
		return;
	line_close(child);
	while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		;
}
