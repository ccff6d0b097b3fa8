#include "base/seam.h"

/* Without seams this file would be empty, which is not valid C. */
typedef int seam_none;

#ifdef GCS_SEAMS

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/*
 * A value in the middle of the list has no NUL, and must outlive the call: the environment keeps a
 * copy of it, under a name that is set again whenever the list changes.
 */
static const char *
keep(const char *name, const char *text, size_t n)
{
	char variable[128], value[256];
	const char *kept;

	snprintf(variable, sizeof variable, "GCS_SEAM.%s", name);
	snprintf(value, sizeof value, "%.*s", (int)n, text);
	kept = getenv(variable);
	if (!kept || strcmp(kept, value) != 0)
		setenv(variable, value, 1);
	return getenv(variable);
}

const char *
seam(const char *name)
{
	const char *at = getenv("GCS_SEAM");
	size_t n = strlen(name), size;

	for (; at; at = at[size] ? at + size + 1 : NULL) {
		size = strcspn(at, ",");
		if (size < n || strncmp(at, name, n) != 0)
			continue;
		if (size == n)
			return "";
		if (at[n] == '=')
			return at[size] ? keep(name, at + n + 1, size - n - 1) : at + n + 1;
	}
	return NULL;
}

uint64_t
seam_number(const char *name, uint64_t otherwise)
{
	const char *text = seam(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

void
seam_sleep(const char *name)
{
	uint64_t n = seam_number(name, 0);

	if (n)
		nanosleep(&(struct timespec){(time_t)(n / 1000), (long)(n % 1000) * 1000000}, NULL);
}

void
seam_crash(const char *where)
{
	const char *at = seam("crash");

	if (at && strcmp(at, where) == 0)
		kill(getpid(), SIGKILL);
}

#endif
