/*
 * monitor_lock: one monitor runs at a time and holds a lock on monitor.lock while its process
 * lives. The file names that process and the last event published, so that the next monitor
 * continues from there.
 */
#ifndef WAKEUP_MONITOR_LOCK_H
#define WAKEUP_MONITOR_LOCK_H

#include <stdbool.h>
#include <stdint.h>

struct err;

struct monitor_note {
	uint64_t pid;
	char history[33];   /* hexadecimal history id; "" if not recorded */
	uint64_t published; /* seq of the last event published */
};

/* Takes the lock: 1, 0 if it is held (note: the holder), -1 (ERR_STORE). *fd must stay open;
 * closing it releases the lock. */
int monitor_lock_take(int dir, int *fd, struct monitor_note *note, struct err *e);

/* Writes the note of the holder. */
int monitor_lock_write(int fd, const struct monitor_note *note, struct err *e);

/* Whether it is held, without taking it; fills note (may be NULL). */
bool monitor_lock_taken(int dir, struct monitor_note *note);

#endif
