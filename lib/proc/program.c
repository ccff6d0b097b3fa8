#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "proc/program.h"

#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"

const char *
program_env(char *const *envp, const char *name)
{
	size_t n = strlen(name);

	for (; envp && *envp; envp++)
		if (strncmp(*envp, name, n) == 0 && (*envp)[n] == '=')
			return *envp + n + 1;
	return NULL;
}

static bool
is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

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

int
program_find(const char *name, char *const *envp, char path[PATH_MAX])
{
	const char *dirs = program_env(envp, "PATH");
	size_t n = strlen(name);

	if (n >= PATH_MAX)
		return ENAMETOOLONG;
	if (strchr(name, '/')) {
		memcpy(path, name, n + 1);
		return 0;
	}
	return n > 0 && path_search(dirs ? dirs : DEFAULT_PATH, name, path) ? 0 : ENOENT;
}

bool
program_is_script(const char *path)
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

size_t
program_words(char *const *argv)
{
	size_t n = 0;

	while (argv[n])
		n++;
	return n + 3;
}

void
program_script(const char *path, char *const *argv, char **words)
{
	size_t n = program_words(argv) - 3;

	words[0] = (char *)PROGRAM_SHELL;
	words[1] = (char *)"--";
	words[2] = (char *)path;
	memcpy(words + 3, argv + 1, n * sizeof *words);
}

int
program_code(int failed)
{
	return failed == ENOENT ? PROGRAM_NOT_FOUND : PROGRAM_CANNOT_RUN;
}

int
program_refused(int failed, const char *name, struct err *e)
{
	err_set(e, ERR_NONE, "cannot run '%s': %s", name, strerror(failed));
	return program_code(failed);
}
