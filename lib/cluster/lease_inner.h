/* lease_inner: what lease.c and inside.c share. */
#ifndef CLUSTER_LEASE_INNER_H
#define CLUSTER_LEASE_INNER_H

#include "cluster/kind.h"
#include "cluster/lease.h"

/* What the sum of a lease's uses of one instance (or INSTANCE_ALL) stands under. */
struct key used_key(const struct lease *l, const char *resource, uint32_t instance);

/* Decides which instances it gets; the demand must fit the node. */
void lease_fill(struct cluster *c, const struct image *image, const struct image_node *node,
    const struct demand *demand, struct lease *lease);

/* ERR_USAGE: indexed resources come whole, or a part of one. */
int lease_check(const struct image *image, const struct demand *demand, struct err *e);

#endif
