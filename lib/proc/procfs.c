#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "proc/procfs.h"

bool
procfs_read(char *to, size_t size, const char *format, ...)
{
	char path[PATH_MAX];
	size_t n = 0;
	ssize_t got = 1;
	va_list list;
	int fd, length;

	to[0] = '\0';
	va_start(list, format);
	length = vsnprintf(path, sizeof path, format, list);
	va_end(list);
	if (length < 0 || (size_t)length >= sizeof path)
		return false;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return false;
	while (got > 0 && n < size - 1) {
		got = read(fd, to + n, size - 1 - n);
		n += got > 0 ? (size_t)got : 0;
	}
	close(fd);
	to[n] = '\0';
	return got >= 0;
}

bool
procfs_number(const char **text, uint64_t *value)
{
	const char *p = *text + strspn(*text, " \t");
	char *end;

	if (*p < '0' || *p > '9')
		return false;
	errno = 0;
	*value = strtoull(p, &end, 10);
	*text = end;
	return errno == 0;
}

void
procfs_copy(char *to, size_t size, const char *from)
{
	size_t n;

	from += strspn(from, " \t");
	n = strcspn(from, "\n");
	while (n > 0 && (from[n - 1] == ' ' || from[n - 1] == '\t'))
		n--;
	if (n >= size)
		n = size - 1;
	memcpy(to, from, n);
	to[n] = '\0';
}

const char *
procfs_line(const char *text, const char *key)
{
	size_t n = strlen(key);

	while (text && strncmp(text, key, n) != 0) {
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return text ? text + n : NULL;
}
