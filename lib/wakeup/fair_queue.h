/*
 * fair_queue: queues processes that wait for the same thing in order of arrival. A place in the
 * queue is a lock on a byte of one file, so it ends with its process and leaves nothing behind. The
 * order is advisory: a process that does not queue may overtake the first one.
 */
#ifndef WAKEUP_FAIR_QUEUE_H
#define WAKEUP_FAIR_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

struct err;

struct fair_queue {
	int fd;		     /* close-on-exec; -1: not in the queue */
	int64_t line, place; /* offsets in the file: start of its line, its own place */
};

/* Joins the end of the queue of that name; dir is the directory of the file. ERR_STORE. */
int fair_queue_join(struct fair_queue *turn, int dir, const char *name, struct err *e);

/* Whether it is first in the queue. */
bool fair_queue_first(const struct fair_queue *turn);

/* Leaves the queue; idempotent. True if others are behind it: they sleep, so ring the bell. */
bool fair_queue_leave(struct fair_queue *turn);

#endif
