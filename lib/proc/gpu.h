/*
 * gpu: the GPUs of this machine, in an order that stays: what a cluster calls gpu:0, gpu:1 … of a
 * node.
 */
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
	uint64_t index; /* among those of its maker, from 0 */
	char uuid[64];	/* "GPU-…"; "" if it has none */
	char model[128];
};

struct gpus {
	size_t n;
	struct gpu list[GPUS_MAX];
};

/*
 * root is "" for this machine, or a directory with proc/, sys/ and usr/ in it. NVIDIA's are found
 * in /proc/driver/nvidia/gpus, or where that is not to be seen by asking nvidia-smi, for five
 * seconds at most; AMD's in /sys/class/kfd. None if none is found, for whatever reason; those
 * beyond GPUS_MAX are left out.
 */
void gpus_look(const char *root, struct gpus *gpus);

/*
 * The value of CUDA_VISIBLE_DEVICES (GPU_NVIDIA) or ROCR_VISIBLE_DEVICES (GPU_AMD) that shows a
 * program these instances and no others: instances[i] is a place in the list. By UUID, or by index
 * where one of them has none (for CUDA that is right with CUDA_DEVICE_ORDER=PCI_BUS_ID only).
 * Nothing if none is of that maker: that hides all. It is added to a buffer. ERR_NO: an instance is
 * not in the list.
 */
int gpus_visible(const struct gpus *gpus, enum gpu_maker maker, const uint64_t *instances,
    size_t count, struct buf *to, struct err *e);

#endif
