/*
 * dirt: what a transaction touched that may let something be placed. The state was at rest before
 * it, so placing looks only at what is noted here (schedule_rest).
 */
#ifndef SCHED_DIRT_H
#define SCHED_DIRT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "sched/schedule.h"

struct cluster;
struct kind;

/* A node has more: a lease ended, or the node was changed. seq: the event. */
void dirt_freed(struct cluster *c, uint64_t node, uint64_t seq);

/* A node ended: from here on nothing of it is freed. */
void dirt_node_ended(struct cluster *c, uint64_t node);

/* Something starves no longer: the nodes that were kept for it are free to others. */
void dirt_unblocked(struct cluster *c, uint64_t seq);

/* A node offers less: what starved for it may keep nothing now. */
void dirt_lessened(struct cluster *c, uint64_t seq);

/* A record began to wait. */
void dirt_waits(struct cluster *c, const struct kind *kind, uint64_t id, uint64_t seq);

/* What came about since the last take. */
struct dirty {
	struct among freed;
	uint64_t waits; /* ref of the record that began to wait, where waits_n is 1 */
	size_t waits_n;
	bool unblocked;
	uint64_t cause; /* the first event of it */
};

/* Takes it, and leaves nothing. False if there was nothing. */
bool dirt_take(struct cluster *c, struct dirty *to);

#endif
