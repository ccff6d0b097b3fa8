/*
 * dirt: the changes of a transaction that may let something be placed. The state was at rest before
 * it, so schedule_rest looks only at what is recorded here.
 */
#ifndef SCHED_DIRT_H
#define SCHED_DIRT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "sched/schedule.h"

struct cluster;
struct kind;

/* A node has more free: a lease ended, or the node was changed. seq: the event. */
void dirt_freed(struct cluster *c, uint64_t node, uint64_t seq);

/* A node ended: from here on it frees nothing. */
void dirt_node_ended(struct cluster *c, uint64_t node);

/* Something no longer starves: the nodes reserved for it are open to others. */
void dirt_unblocked(struct cluster *c, uint64_t seq);

/* A node offers less: reservations of starving records may no longer hold. */
void dirt_lessened(struct cluster *c, uint64_t seq);

/* A record joined the queue. */
void dirt_waits(struct cluster *c, const struct kind *kind, uint64_t id, uint64_t seq);

/* The changes since the last take. */
struct dirty {
	struct among freed;
	uint64_t waits; /* ref of the newly queued record, if waits_n is 1 */
	size_t waits_n;
	bool unblocked;
	uint64_t cause; /* the first event among them */
};

/* Moves the changes to the caller and clears them. False if there were none. */
bool dirt_take(struct cluster *c, struct dirty *to);

#endif
