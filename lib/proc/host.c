#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "base/number.h"
#include "proc/host.h"
#include "proc/who.h"

#define CPUS_MAX 65536
#define CGROUPS "/sys/fs/cgroup"
#define NVIDIA "/proc/driver/nvidia/gpus"
#define KFD "/sys/class/kfd/kfd/topology/nodes"

/* Reads what fits of a file, with a NUL. The path is made as by printf. */
__attribute__((format(printf, 3, 4))) static bool
file_read(char *to, size_t size, const char *format, ...)
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

/* Decimal digits after blanks; anything else ("max", "-1", too much) is no number. */
static bool
number_take(const char **text, uint64_t *value)
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

static void
line_copy(char *to, size_t size, const char *from)
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

/* What follows "KEY" at the beginning of a line, or NULL. */
static const char *
line_after(const char *text, const char *key)
{
	size_t n = strlen(key);

	while (text && strncmp(text, key, n) != 0) {
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return text ? text + n : NULL;
}

static void
at_most(uint64_t *value, uint64_t limit)
{
	if (limit < *value)
		*value = limit;
}

static void
cpus_limit(struct host *host, uint64_t quota, uint64_t period)
{
	if (period > 0 && quota <= UINT64_MAX / AMOUNT_ONE)
		at_most(&host->cpus, quota * AMOUNT_ONE / period);
}

struct group {
	const char *root;
	const char *controllers; /* "cpu,cpuacct": a v1 hierarchy; "": v2 */
	char *path;		 /* "/a/b", "" at the top */
};

static bool
group_read(const struct group *group, const char *file, char *text, size_t size)
{
	return file_read(text, size, "%s" CGROUPS "%s%s%s/%s", group->root,
	    *group->controllers ? "/" : "", group->controllers, group->path, file);
}

static bool
group_number(const struct group *group, const char *file, uint64_t *value)
{
	char text[64];
	const char *p = text;

	return group_read(group, file, text, sizeof text) && number_take(&p, value);
}

static void
group_limits_v1(struct host *host, const struct group *group)
{
	uint64_t quota, period, bytes;

	if (group_number(group, "cpu.cfs_quota_us", &quota) &&
	    group_number(group, "cpu.cfs_period_us", &period))
		cpus_limit(host, quota, period);
	if (group_number(group, "memory.limit_in_bytes", &bytes))
		at_most(&host->mem, bytes);
}

static void
group_limits(struct host *host, const struct group *group)
{
	uint64_t quota, period, bytes;
	char text[64];
	const char *p = text;

	if (*group->controllers) {
		group_limits_v1(host, group);
		return;
	}
	if (group_read(group, "cpu.max", text, sizeof text) && number_take(&p, &quota) &&
	    number_take(&p, &period))
		cpus_limit(host, quota, period);
	if (group_number(group, "memory.max", &bytes))
		at_most(&host->mem, bytes);
}

/* A limit holds for all that is below it, and a container may see nothing but the top. */
static void
group_climb(struct host *host, const struct group *group)
{
	char *slash;

	/* "/../…": outside of our cgroup namespace. */
	if (strcmp(group->path, "/") == 0 || strcmp(group->path, "/..") == 0 ||
	    strncmp(group->path, "/../", 4) == 0)
		group->path[0] = '\0';
	for (;;) {
		group_limits(host, group);
		slash = strrchr(group->path, '/');
		if (!slash)
			return;
		*slash = '\0';
	}
}

static bool
has_controller(const char *list, const char *name)
{
	size_t n = strlen(name), length;

	for (;; list += length + 1) {
		length = strcspn(list, ",");
		if (length == n && memcmp(list, name, n) == 0)
			return true;
		if (!list[length])
			return false;
	}
}

/* Lines "ID:CONTROLLERS:PATH". */
static void
groups_look(struct host *host, const char *root)
{
	char text[16384], *line, *next, *list, *path;
	struct group group = {.root = root};

	if (!file_read(text, sizeof text, "%s/proc/self/cgroup", root))
		return;
	for (line = text; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		list = strchr(line, ':');
		path = list ? strchr(list + 1, ':') : NULL;
		if (!path || path[1] != '/')
			continue;
		*path++ = '\0';
		group.controllers = list + 1;
		group.path = path;
		if (!*group.controllers || has_controller(group.controllers, "cpu") ||
		    has_controller(group.controllers, "memory"))
			group_climb(host, &group);
	}
}

static uint64_t
affinity_count(void)
{
	unsigned long bits[CPUS_MAX / (8 * sizeof(unsigned long))] = {0};
	cpu_set_t *set = (cpu_set_t *)bits;
	long online;

	if (sched_getaffinity(0, sizeof bits, set) == 0)
		return (uint64_t)CPU_COUNT_S(sizeof bits, set);
	online = sysconf(_SC_NPROCESSORS_ONLN);
	return online > 0 ? (uint64_t)online : 1;
}

static bool
memory_value(const char *meminfo, const char *key, uint64_t *bytes)
{
	const char *p = line_after(meminfo, key);
	uint64_t kib;

	if (!p || !number_take(&p, &kib) || kib > UINT64_MAX / 1024)
		return false;
	*bytes = kib * 1024;
	return true;
}

static int
memory_look(struct host *host, const char *root, struct err *e)
{
	char text[8192];

	if (!file_read(text, sizeof text, "%s/proc/meminfo", root))
		return err_set(
		    e, ERR_NO, "cannot read '%s/proc/meminfo': %s", root, strerror(errno));
	if (!memory_value(text, "MemTotal:", &host->mem))
		return err_set(e, ERR_NO, "no MemTotal in '%s/proc/meminfo'", root);
	memory_value(text, "MemAvailable:", &host->free_mem);
	return 0;
}

static void
load_look(struct host *host, const char *root)
{
	char text[128];
	struct err ignored;

	if (!file_read(text, sizeof text, "%s/proc/loadavg", root))
		return;
	text[strcspn(text, " \n")] = '\0';
	if (amount_parse(text, &host->load, &ignored))
		host->load = 0;
}

/* Names count up as numbers do: "2" before "10". */
static bool
is_before(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);

	return n != m ? n < m : strcmp(a, b) < 0;
}

static bool
is_amd_gpu(const char *root, const char *node)
{
	char text[8192];
	const char *p;
	uint64_t simds;

	if (!file_read(text, sizeof text, "%s" KFD "/%s/properties", root, node))
		return false;
	p = line_after(text, "simd_count ");
	return p && number_take(&p, &simds) && simds > 0;
}

/* Counts the devices in a directory, and remembers the first one's name. */
static uint64_t
devices_count(const char *root, const char *dir, bool amd, char first[NAME_MAX + 1])
{
	const struct dirent *entry;
	char path[PATH_MAX];
	uint64_t n = 0;
	int length = snprintf(path, sizeof path, "%s%s", root, dir);
	DIR *d = length > 0 && (size_t)length < sizeof path ? opendir(path) : NULL;

	if (!d)
		return 0;
	while ((entry = readdir(d))) {
		if (entry->d_name[0] == '.' || (amd && !is_amd_gpu(root, entry->d_name)))
			continue;
		if (n++ == 0 || is_before(entry->d_name, first))
			snprintf(first, NAME_MAX + 1, "%s", entry->d_name);
	}
	closedir(d);
	return n;
}

static void
gpus_look(struct host *host, const char *root)
{
	char first[NAME_MAX + 1], text[4096];
	const char *model;
	uint64_t amd;

	host->gpus = devices_count(root, NVIDIA, false, first);
	if (host->gpus > 0 &&
	    file_read(text, sizeof text, "%s" NVIDIA "/%s/information", root, first)) {
		model = line_after(text, "Model:");
		if (model)
			line_copy(host->gpu_model, sizeof host->gpu_model, model);
	}
	amd = devices_count(root, KFD, true, first);
	if (host->gpus == 0 && amd > 0 &&
	    file_read(text, sizeof text, "%s" KFD "/%s/name", root, first))
		line_copy(host->gpu_model, sizeof host->gpu_model, text);
	host->gpus += amd;
}

int
host_look(struct host *host, const char *root, struct err *e)
{
	char text[sizeof host->name] = "";
	struct err ignored;

	*host = (struct host){0};
	if (gethostname(text, sizeof text - 1))
		return err_set(e, ERR_NO, "cannot get the host's name: %s", strerror(errno));
	memcpy(host->name, text, strcspn(text, "."));
	if (memory_look(host, root, e))
		return -1;
	who_boot_id(root, host->boot_id, &ignored);
	host->cpus = affinity_count() * AMOUNT_ONE;
	groups_look(host, root);
	load_look(host, root);
	gpus_look(host, root);
	return 0;
}
