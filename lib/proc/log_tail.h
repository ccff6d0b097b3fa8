/*
 * log_tail: reads the files of output.h while they are written and rotated.
 *
 * Nothing here waits: if log_tail_read returns 0 the caller sleeps (watching the directory, or for
 * a moment) and retries, until it knows from elsewhere that the writer has ended; it then reads the
 * rest until the next 0.
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
	int dir, fd; /* fd -1: no file yet */
	char name[OUTPUT_NAME_MAX + 1];
	uint64_t at; /* offset in the file */
	/*
	 * files may have been missed, since ours was rotated away; the caller may report and clear
	 * it
	 */
	bool skipped;
};

/*
 * Starts before the last `lines` lines of all files (FOLLOW_ALL: at the oldest byte). An
 * unterminated line counts. The file may appear later. The caller keeps dir,
 * and keeps it open. ERR_USAGE: the name is too long; ERR_STORE.
 */
int log_tail_open(struct log_tail *f, int dir, const char *name, uint64_t lines, struct err *e);

/* Bytes read into to; 0: nothing now. -1: ERR_STORE. */
ssize_t log_tail_read(struct log_tail *f, void *to, size_t size, struct err *e);

void log_tail_close(struct log_tail *f);

#endif
