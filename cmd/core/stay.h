/*
 * stay: the one loop of whatever does not end at once: what waits, follows, shows, watches over
 * something. It hears the bell, sleeps until the bell rings, a descriptor is ready, a signal comes
 * or it is time, and ends at its deadline, by a signal, or when nobody reads stdout any more. What a
 * command does in it is a row of functions; that its cluster is gone is said by ctx_read and
 * ctx_write.
 */
#ifndef CMD_CORE_STAY_H
#define CMD_CORE_STAY_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wakeup/bell.h"

struct ctx;
struct err;
struct stay;

#define STAY_LOOK_MS 1000 /* between two looks, without being rung */

enum { STAY_ON, STAY_OVER, STAY_AGAIN }; /* AGAIN: a turn follows at once */

/* One of those, or -1. */
typedef int stay_step(struct stay *s, void *argument, struct err *e);

struct stay_row {
	stay_step *turn; /* looks, acts and tells */
	/* s->signal came (signals.h), which was noted before this turn; NULL: the loop is over */
	stay_step *signalled;
	stay_step *late; /* the deadline has passed; NULL: the loop is over */
	/* CLOCK_MONOTONIC: when the next turn is due, 0: never; NULL: stay_look_ms */
	uint64_t (*next_ms)(const void *argument, uint64_t now_ms);
	bool patient; /* if the store is busy, says so and goes on */
	bool keeps;   /* what a turn allocates in ctx->arena stays; else it is forgotten */
};

struct stay {
	const struct stay_row *row;
	struct ctx *ctx;
	void *argument;
	const sigset_t *open_mask; /* while it sleeps; NULL: signals act as ever */
	uint64_t end_ms;	   /* the deadline, CLOCK_MONOTONIC; 0: none */
	const int *fds;		   /* readable: a turn; those below 0 are passed over */
	size_t n;
	bool unread_ends; /* over when stdout has no reader any more, as far as that can be seen */
	bool deaf;	  /* the bell is not listened to; a turn may change that (stay_listen) */

	/* For a turn to look at. */
	bool rung, ready; /* since the turn before; the first one counts as rung. ready: an fd is */
	int signal;	  /* that ended the loop, or is to be taken; 0: none */

	/* The loop's own. */
	struct bell bell;
	int epoll, unread;
};

/* 0 when it is over, -1. */
int stay_run(struct stay *s, struct err *e);

/* No longer deaf. What is looked at from here on is not missed. */
void stay_listen(struct stay *s);

/* When whoever stays looks again without being rung. */
uint64_t stay_look_ms(uint64_t now_ms);

/* The earlier one of two moments, of which 0 is never. */
uint64_t stay_earlier(uint64_t a, uint64_t b);

/* If a step failed because the store is busy, says so: 0, else the failure. */
int stay_patient(const struct ctx *ctx, int bad, const struct err *e);

/* Does what is due: nobody else may be there to do it in time. 0 or -1. */
int stay_tick(struct ctx *ctx, struct err *e);

#endif
