#include "proc/script.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"
#include "proc/program.h"
#include "proc/spawn.h"

#define TEXT(x) #x
#define PATH_OF(fd) "/proc/self/fd/" TEXT(fd)

static int
text_put(int fd, const char *text)
{
	size_t left = strlen(text);
	ssize_t n;

	for (; left; text += n, left -= (size_t)n) {
		n = write(fd, text, left);
		if (n <= 0)
			return -1;
	}
	return 0;
}

/* The words are constants or belong to argv: freeing the array is enough. */
static char **
words_make(char *const *argv, int shell)
{
	size_t n = 0;
	char **words;

	while (argv[n])
		n++;
	words = calloc(n + 3, sizeof *words);
	if (!words)
		return NULL;
	if (shell)
		words[0] = PROGRAM_SHELL;
	words[shell] = PATH_OF(SPAWN_SCRIPT);
	if (n > 1)
		memcpy(words + shell + 1, argv + 1, (n - 1) * sizeof *words);
	return words;
}

int
script_open(const char *text, char *const *argv, char *const **out, int *fd, struct err *e)
{
	char **words = words_make(argv, strncmp(text, "#!", 2) != 0);

	*fd = words ? memfd_create("script", MFD_CLOEXEC) : -1;
	if (*fd >= 0 && !text_put(*fd, text)) {
		*out = words;
		return 0;
	}
	err_set(e, ERR_NO, "cannot keep the script: %s", strerror(errno));
	free(words);
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return -1;
}

void
script_close(char *const *out, int fd)
{
	if (fd < 0)
		return;
	free((void *)out);
	close(fd);
}
