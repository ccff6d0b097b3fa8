/*
 * monitor_lock: there is one monitor at a time, which holds a lock on monitor.lock for as long as its
 * process lives. The file says which process that is, and how far events were published, so that the
 * next monitor goes on from there.
 */
#ifndef WAKEUP_MONITOR_LOCK_H
#define WAKEUP_MONITOR_LOCK_H

#include <stdbool.h>
#include <stdint.h>

struct err;

struct monitor_note {
	uint64_t pid;
	char history[33];   /* hexadecimal history id; "" if nothing was noted */
	uint64_t published; /* seq of the last event that was published */
};

/* Takes the place: 1, 0 if it is taken (note: by whom), -1 (ERR_STORE). *fd is to be kept open;
 * closing it gives the place up. */
int monitor_lock_take(int dir, int *fd, struct monitor_note *note, struct err *e);

/* Writes the note of the holder. */
int monitor_lock_write(int fd, const struct monitor_note *note, struct err *e);

/* Whether somebody holds it, without taking it; fills note (may be NULL). */
bool monitor_lock_taken(int dir, struct monitor_note *note);

#endif
