/*
 * fair_queue: processes that wait for the same thing queue for it in the order of arrival. A place
 * in the queue is a lock on a byte of one file, so it goes with its process and leaves nothing
 * behind. Being first gives no right to anything, it is only a reason to let it go first: a process
 * that does not queue may come in between.
 */
#ifndef WAKEUP_FAIR_QUEUE_H
#define WAKEUP_FAIR_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

struct err;

struct fair_queue {
	int fd;		     /* close-on-exec; -1: does not stand in line */
	int64_t line, place; /* bytes of the file: where its line begins, where it stands in it */
};

/* Goes to the end of the line of that name; dir is the directory of the file. ERR_STORE. */
int fair_queue_join(struct fair_queue *turn, int dir, const char *name, struct err *e);

/* Whether nobody stands before it. */
bool fair_queue_first(const struct fair_queue *turn);

/* Goes away; twice is once. True if somebody stood behind it: they sleep, so ring the bell. */
bool fair_queue_leave(struct fair_queue *turn);

#endif
