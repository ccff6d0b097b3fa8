/* gpu: the GPUs of this machine, in a stable order: gpu:0, gpu:1 … of a node. */
#ifndef PROC_GPU_H
#define PROC_GPU_H

#include <stddef.h>
#include <stdint.h>

#define GPUS_MAX 256

struct buf;
struct err;

enum gpu_maker {
	/* first, in the order of their PCI addresses (or of nvidia-smi, which is the same) */
	GPU_NVIDIA,
	GPU_AMD, /* then these, in the order of the kernel's topology */
};

struct gpu {
	enum gpu_maker maker;
	uint64_t index; /* among those of its vendor, from 0 */
	char uuid[64];	/* "GPU-…"; "" if it has none */
	char model[128];
};

struct gpus {
	size_t n;
	struct gpu list[GPUS_MAX];
};

/*
 * root is "" for this machine, or a directory with proc/, sys/ and usr/ in it. NVIDIA GPUs are
 * found in /proc/driver/nvidia/gpus, or if that is not visible by asking nvidia-smi, for at most
 * five seconds; AMD GPUs in /sys/class/kfd. Finds none on any failure; those beyond GPUS_MAX are
 * omitted.
 */
void gpus_look(const char *root, struct gpus *gpus);

/*
 * Adds to a buffer the value of CUDA_VISIBLE_DEVICES (GPU_NVIDIA) or ROCR_VISIBLE_DEVICES (GPU_AMD)
 * that shows a program only these instances; instances[i] is an index into the list. Uses UUIDs, or
 * indexes if one of them has none (for CUDA valid only with CUDA_DEVICE_ORDER=PCI_BUS_ID). Adds
 * nothing, which hides all, if none is of that vendor. ERR_NO: an instance is not in the list.
 */
int gpus_visible(const struct gpus *gpus, enum gpu_maker maker, const uint64_t *instances,
    size_t count, struct buf *to, struct err *e);

#endif
