/* starve_inner: what schedule.c asks starve.c. */
#ifndef SCHED_STARVATION_INTERNAL_H
#define SCHED_STARVATION_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

struct cluster;
struct err;

/* Finds those that starve, the first in line first (c->starving), unless that is known. Within a
 * transaction nothing begins to starve; what does may be placed or end. */
int starvation_find(struct cluster *c, struct err *e);

/* How many of them stand before this record (ref); 0: it is later than all. */
int starvation_before(struct cluster *c, uint64_t of, size_t *n, struct err *e);

#endif
