#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/err.h"
#include "base/seam.h"
#include "proc/child.h"
#include "proc/program.h"

#define CODE_SIGNAL 128

static int
attributes_set(posix_spawnattr_t *attributes)
{
	sigset_t none, all;
	int failed;

	sigemptyset(&none);
	/* sigfillset omits the two signals reserved by the C library, which would stay ignored. */
	memset(&all, 0xff, sizeof all);
	failed = posix_spawnattr_setsigmask(attributes, &none);
	if (!failed)
		failed = posix_spawnattr_setsigdefault(attributes, &all);
	if (!failed)
		failed = posix_spawnattr_setflags(
		    attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	return failed;
}

static int
actions_set(posix_spawn_file_actions_t *actions, int in_fd)
{
	int failed = in_fd < 0 ? 0 : posix_spawn_file_actions_adddup2(actions, in_fd, 0);

	if (failed || seam("no-close-range"))
		return failed;
	return posix_spawn_file_actions_addclosefrom_np(actions, 3);
}

/* 0 or the errno. */
static int
child_spawn(const char *path, char *const *argv, char *const *envp, int in_fd, pid_t *pid)
{
	static char *const nothing[] = {NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int failed = posix_spawnattr_init(&attributes);

	if (failed)
		return failed;
	failed = posix_spawn_file_actions_init(&actions);
	if (!failed) {
		failed = attributes_set(&attributes);
		if (!failed)
			failed = actions_set(&actions, in_fd);
		if (!failed)
			failed = posix_spawn(
			    pid, path, &actions, &attributes, argv, envp ? envp : nothing);
		posix_spawn_file_actions_destroy(&actions);
	}
	posix_spawnattr_destroy(&attributes);
	return failed;
}

static int
script_spawn(const char *path, char *const *argv, char *const *envp, int in_fd, pid_t *pid)
{
	char **words = malloc(program_words(argv) * sizeof *words);
	int failed;

	if (!words)
		return ENOMEM;
	program_script(path, argv, words);
	failed = child_spawn(PROGRAM_SHELL, words, envp, in_fd, pid);
	free(words);
	return failed;
}

static int
child_refused(int failed, const char *name, int *code, struct err *e)
{
	if (failed == EAGAIN || failed == ENOMEM || failed == EBADF)
		return err_set(e, ERR_NO, "cannot start '%s': %s", name, strerror(failed));
	*code = program_refused(failed, name, e);
	return 0;
}

static int
child_wait(pid_t pid, int *code, struct err *e)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set(e, ERR_NO, "exit status lost: %s", strerror(errno));
	*code = WIFSIGNALED(status) ? CODE_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
	return 0;
}

int
child_run(char *const *argv, char *const *envp, int in_fd, int *code, struct err *e)
{
	char path[PATH_MAX];
	int failed;
	pid_t pid;

	if (!argv[0])
		return err_set(e, ERR_USAGE, "no command to run");
	err_set(e, ERR_NONE, "%s", "");
	failed = program_find(argv[0], envp, path);
	if (!failed)
		failed = child_spawn(path, argv, envp, in_fd, &pid);
	if (failed == ENOEXEC && program_is_script(path))
		failed = script_spawn(path, argv, envp, in_fd, &pid);
	return failed ? child_refused(failed, argv[0], code, e) : child_wait(pid, code, e);
}
