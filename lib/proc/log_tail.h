/*
 * log_tail: reads what output.h writes, across its files, while it is written.
 *
 * Nothing here waits: log_tail_read says that there is nothing now, and the caller sleeps (watching
 * the directory, or for a moment) and asks again, until it knows from elsewhere that the writer has
 * ended; then what log_tail_read gives until it says "nothing" is the rest.
 */
#ifndef PROC_LOG_TAIL_H
#define PROC_LOG_TAIL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "proc/output.h"

#define FOLLOW_ALL UINT64_MAX

struct err;

struct log_tail {
	int dir, fd; /* fd -1: there is no file yet */
	char name[OUTPUT_NAME_MAX + 1];
	uint64_t at; /* offset in the file */
	/*
	 * files may have gone unread, since ours is no longer kept; the caller may tell, and clear
	 * it
	 */
	bool skipped;
};

/*
 * Stands before the last `lines` lines of all there is (FOLLOW_ALL: before the oldest byte). A line
 * without an end counts as one. No file at all is fine, one may come. dir stays the caller's and
 * open. ERR_USAGE: the name is too long; ERR_STORE.
 */
int log_tail_open(struct log_tail *f, int dir, const char *name, uint64_t lines, struct err *e);

/* Bytes read into to; 0: nothing now. -1: ERR_STORE. */
ssize_t log_tail_read(struct log_tail *f, void *to, size_t size, struct err *e);

void log_tail_close(struct log_tail *f);

#endif
