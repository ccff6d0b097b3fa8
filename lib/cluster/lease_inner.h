/* lease_inner: what lease.c and inside.c share. */
#ifndef CLUSTER_LEASE_INNER_H
#define CLUSTER_LEASE_INNER_H

#include "cluster/lease.h"
#include "state/kind.h"

/* What the sum of a lease's uses of one instance (or INSTANCE_ALL) stands under. */
struct key used_key(const struct lease *l, const char *resource, uint32_t instance);

#endif
