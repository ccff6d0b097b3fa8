/* host: the resources of this machine, as a cluster node would offer them. */
#ifndef PROC_HOST_H
#define PROC_HOST_H

#include <stdint.h>

struct err;

struct host {
	char name[256];	  /* gethostname, without domain */
	char boot_id[64]; /* /proc/sys/kernel/random/boot_id, "" if unreadable */
	/* scaled by 10000: the least of affinity and the quotas of its cgroups (v1 and v2) */
	uint64_t cpus;
	uint64_t mem;	     /* bytes: the least of MemTotal and the limits of its cgroups */
	uint64_t gpus;	     /* as gpu.h finds them */
	char gpu_model[128]; /* of the first, "" if none */
	uint64_t load;	     /* 1-minute load, scaled by 10000; 0 if unreadable */
	uint64_t free_mem;   /* MemAvailable, bytes; 0 if unreadable */
};

/*
 * root is "" for this machine; a test passes a directory with proc/ and sys/ in it (name and
 * affinity are always those of this machine). ERR_NO: no host name, or no MemTotal.
 */
int host_look(struct host *host, const char *root, struct err *e);

#endif
