#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/array.h"
#include "base/buf.h"
#include "base/err.h"
#include "proc/ask.h"
#include "proc/procfs.h"
#include "proc/gpu.h"

#define NVIDIA "/proc/driver/nvidia/gpus"
#define KFD "/sys/class/kfd/kfd/topology/nodes"
#define SMI_MS 5000

static struct gpu *
gpu_add(struct gpus *gpus, enum gpu_maker maker)
{
	struct gpu *gpu = &gpus->list[gpus->n];
	size_t i;

	if (gpus->n == GPUS_MAX)
		return NULL;
	*gpu = (struct gpu){.maker = maker};
	for (i = 0; i < gpus->n; i++)
		gpu->index += gpus->list[i].maker == maker;
	gpus->n++;
	return gpu;
}

/* Names are in numeric order: "2" before "10". */
static int
name_compare(const struct dirent **a, const struct dirent **b)
{
	size_t n = strlen((*a)->d_name), m = strlen((*b)->d_name);

	return n != m ? (n > m) - (n < m) : strcmp((*a)->d_name, (*b)->d_name);
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void
each_entry(struct gpus *gpus, const char *root, const char *dir,
    void (*add)(struct gpus *gpus, const char *root, const char *name))
{
	struct dirent **entries;
	char path[PATH_MAX];
	int i, n;

	if (snprintf(path, sizeof path, "%s%s", root, dir) >= (int)sizeof path)
		return;
	n = scandir(path, &entries, is_visible, name_compare);
	for (i = 0; i < n; i++) {
		add(gpus, root, entries[i]->d_name);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

/* A driver that has not probed the GPU yet reports question marks. */
static void
uuid_copy(struct gpu *gpu, const char *from)
{
	procfs_copy(gpu->uuid, sizeof gpu->uuid, from);
	if (strchr(gpu->uuid, '?') || strncmp(gpu->uuid, "GPU-", 4) != 0)
		gpu->uuid[0] = '\0';
}

static void
nvidia_add(struct gpus *gpus, const char *root, const char *name)
{
	struct gpu *gpu = gpu_add(gpus, GPU_NVIDIA);
	const char *uuid, *model;
	char text[4096];

	if (!gpu || !procfs_read(text, sizeof text, "%s" NVIDIA "/%s/information", root, name))
		return;
	uuid = procfs_line(text, "GPU UUID:");
	model = procfs_line(text, "Model:");
	if (uuid)
		uuid_copy(gpu, uuid);
	if (model)
		procfs_copy(gpu->model, sizeof gpu->model, model);
}

/* ROCm names a GPU by its unique_id in hexadecimal; older ones have none. */
static void
amd_add(struct gpus *gpus, const char *root, const char *name)
{
	uint64_t simds = 0, unique = 0;
	const char *at;
	char text[8192];
	struct gpu *gpu;

	if (!procfs_read(text, sizeof text, "%s" KFD "/%s/properties", root, name))
		return;
	at = procfs_line(text, "simd_count ");
	if (!at || !procfs_number(&at, &simds) || simds == 0)
		return;
	gpu = gpu_add(gpus, GPU_AMD);
	if (!gpu)
		return;
	at = procfs_line(text, "unique_id ");
	if (at && procfs_number(&at, &unique) && unique > 0)
		snprintf(gpu->uuid, sizeof gpu->uuid, "GPU-%016llx", (unsigned long long)unique);
	if (procfs_read(text, sizeof text, "%s" KFD "/%s/name", root, name))
		procfs_copy(gpu->model, sizeof gpu->model, text);
}

/* Lines "GPU-UUID, MODEL". */
static void
smi_lines_add(struct gpus *gpus, char *text)
{
	char *line, *next, *model;
	struct gpu *gpu;

	for (line = text; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		model = strchr(line, ',');
		if (!model)
			continue;
		*model++ = '\0';
		gpu = gpu_add(gpus, GPU_NVIDIA);
		if (!gpu)
			return;
		uuid_copy(gpu, line);
		procfs_copy(gpu->model, sizeof gpu->model, model);
	}
}

/* Where the driver, a container runtime or Windows installs it. */
static bool
smi_find(const char *root, char path[PATH_MAX])
{
	static const char *const dirs[] = {
	    "/usr/bin", "/usr/local/bin", "/usr/local/nvidia/bin", "/opt/bin", "/usr/lib/wsl/lib"};
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(dirs); i++)
		if (snprintf(path, PATH_MAX, "%s%s/nvidia-smi", root, dirs[i]) < PATH_MAX &&
		    access(path, X_OK) == 0)
			return true;
	return false;
}

static void
smi_add(struct gpus *gpus, const char *root)
{
	char path[PATH_MAX], query[] = "--query-gpu=uuid,name", format[] = "--format=csv,noheader";
	char *argv[] = {path, query, format, NULL};
	char text[65536];
	struct err ignored;

	if (smi_find(root, path) && ask(argv, text, sizeof text, SMI_MS, &ignored) == 0)
		smi_lines_add(gpus, text);
}

void
gpus_look(const char *root, struct gpus *gpus)
{
	gpus->n = 0;
	each_entry(gpus, root, NVIDIA, nvidia_add);
	if (gpus->n == 0)
		smi_add(gpus, root);
	each_entry(gpus, root, KFD, amd_add);
}

static bool
have_uuids(const struct gpus *gpus, enum gpu_maker maker, const uint64_t *instances, size_t count)
{
	const struct gpu *gpu;
	size_t i;

	for (i = 0; i < count; i++) {
		gpu = &gpus->list[instances[i]];
		if (gpu->maker == maker && !gpu->uuid[0])
			return false;
	}
	return true;
}

int
gpus_visible(const struct gpus *gpus, enum gpu_maker maker, const uint64_t *instances, size_t count,
    struct buf *to, struct err *e)
{
	const struct gpu *gpu;
	const char *comma = "";
	bool by_uuid;
	size_t i;

	for (i = 0; i < count; i++)
		if (instances[i] >= gpus->n)
			return err_set(e, ERR_NO, "gpu:%llu is not among the %zu GPUs of this host",
			    (unsigned long long)instances[i], gpus->n);
	by_uuid = have_uuids(gpus, maker, instances, count);
	for (i = 0; i < count; i++) {
		gpu = &gpus->list[instances[i]];
		if (gpu->maker != maker)
			continue;
		buf_text(to, comma);
		comma = ",";
		if (by_uuid)
			buf_text(to, gpu->uuid);
		else
			buf_u64(to, gpu->index);
	}
	return 0;
}
