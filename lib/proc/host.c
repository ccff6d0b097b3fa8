#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/amount.h"
#include "base/err.h"
#include "proc/procfs.h"
#include "proc/gpu.h"
#include "proc/host.h"
#include "proc/process_id.h"

#define CPUS_MAX 65536
#define CGROUPS "/sys/fs/cgroup"

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
	return procfs_read(text, size, "%s" CGROUPS "%s%s%s/%s", group->root,
	    *group->controllers ? "/" : "", group->controllers, group->path, file);
}

static bool
group_number(const struct group *group, const char *file, uint64_t *value)
{
	char text[64];
	const char *p = text;

	return group_read(group, file, text, sizeof text) && procfs_number(&p, value);
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
	if (group_read(group, "cpu.max", text, sizeof text) && procfs_number(&p, &quota) &&
	    procfs_number(&p, &period))
		cpus_limit(host, quota, period);
	if (group_number(group, "memory.max", &bytes))
		at_most(&host->mem, bytes);
}

/* A limit applies to everything below it, and a container may see only the top. */
static void
group_climb(struct host *host, const struct group *group)
{
	char *slash;

	/* "/../…": outside our cgroup namespace. */
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

	if (!procfs_read(text, sizeof text, "%s/proc/self/cgroup", root))
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
	const char *p = procfs_line(meminfo, key);
	uint64_t kib;

	if (!p || !procfs_number(&p, &kib) || kib > UINT64_MAX / 1024)
		return false;
	*bytes = kib * 1024;
	return true;
}

static int
memory_look(struct host *host, const char *root, struct err *e)
{
	char text[8192];

	if (!procfs_read(text, sizeof text, "%s/proc/meminfo", root))
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

	if (!procfs_read(text, sizeof text, "%s/proc/loadavg", root))
		return;
	text[strcspn(text, " \n")] = '\0';
	if (amount_parse(text, &host->load, &ignored))
		host->load = 0;
}

static void
gpus_count(struct host *host, const char *root)
{
	struct gpus gpus;

	gpus_look(root, &gpus);
	host->gpus = gpus.n;
	if (gpus.n > 0)
		memcpy(host->gpu_model, gpus.list[0].model, sizeof host->gpu_model);
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
	process_id_boot(root, host->boot_id, &ignored);
	host->cpus = affinity_count() * AMOUNT_ONE;
	groups_look(host, root);
	load_look(host, root);
	gpus_count(host, root);
	return 0;
}
