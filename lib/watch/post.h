/*
 * post: the one monitor's place, held by a lock on monitor.lock for as long as its process lives.
 * The file says who holds it, and how far events were published, so that the next one goes on from
 * there.
 */
#ifndef WATCH_POST_H
#define WATCH_POST_H

#include <stdbool.h>
#include <stdint.h>

struct err;

struct post_note {
	uint64_t pid;
	char history[33];   /* hexadecimal history id; "" if nothing was noted */
	uint64_t published; /* seq of the last event that was published */
};

/* Takes the place: 1, 0 if it is taken (note: by whom), -1 (ERR_STORE). *fd is to be kept open;
 * closing it gives the place up. */
int post_take(int dir, int *fd, struct post_note *note, struct err *e);

/* Writes the note of the holder. */
int post_write(int fd, const struct post_note *note, struct err *e);

/* Whether somebody holds it, without taking it; fills note (may be NULL). */
bool post_taken(int dir, struct post_note *note);

#endif
