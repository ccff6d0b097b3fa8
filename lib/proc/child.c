#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/err.h"
#include "base/seam.h"
#include "proc/child.h"

#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"
#define CODE_CANNOT_RUN 126
#define CODE_NOT_FOUND 127
#define CODE_SIGNAL 128
#define SHELL "/bin/sh"

static const char *
path_of(char *const *envp)
{
	for (; envp && *envp; envp++)
		if (strncmp(*envp, "PATH=", 5) == 0)
			return *envp + 5;
	return DEFAULT_PATH;
}

static bool
is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* The first executable file; or else the first file, so that the kernel says why it cannot be run.
 */
static bool
path_search(const char *dirs, const char *name, char found[PATH_MAX])
{
	char path[PATH_MAX];
	int length, n;
	bool runs;

	found[0] = '\0';
	for (;; dirs += length + 1) {
		length = (int)strcspn(dirs, ":");
		n = snprintf(
		    path, sizeof path, "%.*s%s%s", length, dirs, length > 0 ? "/" : "./", name);
		if (n > 0 && (size_t)n < sizeof path && is_file(path)) {
			runs = faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0;
			if (runs || !found[0])
				memcpy(found, path, (size_t)n + 1);
			if (runs)
				return true;
		}
		if (!dirs[length])
			return found[0];
	}
}

static int
attributes_set(posix_spawnattr_t *attributes)
{
	sigset_t none, all;
	int failed;

	sigemptyset(&none);
	/* sigfillset leaves out the two signals that the C library keeps for itself, and they would
	 * stay ignored. */
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

/* Whether a shell would take the file for a script: no NUL in its first line. */
static bool
is_script(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char start[80], *end;
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, start, sizeof start);
	close(fd);
	if (n <= 0)
		return n == 0;
	end = memchr(start, '\n', (size_t)n);
	return !memchr(start, '\0', end ? (size_t)(end - start) : (size_t)n);
}

static int
script_spawn(char *path, char *const *argv, char *const *envp, int in_fd, pid_t *pid)
{
	char shell[] = SHELL, end_of_options[] = "--";
	size_t n = 0;
	char **words;
	int failed;

	while (argv[n])
		n++;
	words = calloc(n + 3, sizeof *words);
	if (!words)
		return ENOMEM;
	words[0] = shell;
	words[1] = end_of_options;
	words[2] = path;
	memcpy(words + 3, argv + 1, (n - 1) * sizeof *words);
	failed = child_spawn(SHELL, words, envp, in_fd, pid);
	free(words);
	return failed;
}

static int
child_refused(int failed, const char *name, int *code, struct err *e)
{
	if (failed == EAGAIN || failed == ENOMEM || failed == EBADF)
		return err_set(e, ERR_NO, "cannot start '%s': %s", name, strerror(failed));
	*code = failed == ENOENT ? CODE_NOT_FOUND : CODE_CANNOT_RUN;
	err_set(e, ERR_NONE, "cannot run '%s': %s", name, strerror(failed));
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
	int failed = 0;
	pid_t pid;

	if (!argv[0])
		return err_set(e, ERR_USAGE, "no command to run");
	err_set(e, ERR_NONE, "%s", "");
	if (strlen(argv[0]) >= sizeof path)
		return child_refused(ENAMETOOLONG, argv[0], code, e);
	if (strchr(argv[0], '/'))
		memcpy(path, argv[0], strlen(argv[0]) + 1);
	else if (!*argv[0] || !path_search(path_of(envp), argv[0], path))
		failed = ENOENT;
	if (!failed)
		failed = child_spawn(path, argv, envp, in_fd, &pid);
	if (failed == ENOEXEC && is_script(path))
		failed = script_spawn(path, argv, envp, in_fd, &pid);
	return failed ? child_refused(failed, argv[0], code, e) : child_wait(pid, code, e);
}
