/*
 * stay: the one loop of whatever does not end at once: what waits, follows, shows, watches over
 * something. It hears the bell, sleeps until the bell rings, a descriptor is ready, a signal comes
 * or it is time, and ends at its deadline, by a signal, or when nobody reads stdout any more. What a
 * command does in it is its turn; that the cluster is gone is said by ctx_read and ctx_write.
 */
#ifndef CMD_CORE_STAY_H
#define CMD_CORE_STAY_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wakeup/bell.h"

struct child_signals;
struct ctx;
struct err;
struct stay;

#define STAY_LOOK_MS 1000 /* between two turns, where nothing else asks for one */
#define STAY_FOR_EVER UINT64_MAX

enum { STAY_ON, STAY_OVER, STAY_AGAIN }; /* AGAIN: the next turn follows at once */

/* One of those, or -1. */
typedef int stay_step(struct stay *s, void *argument, struct err *e);

struct stay {
	struct ctx *ctx;
	void *argument;
	stay_step *turn; /* looks, acts and tells */
	/* s->signal came (signals.h), before a turn. NULL: any but SIGCONT and SIGCHLD ends the loop */
	stay_step *signalled;
	struct child_signals *child; /* whom signals are passed on to instead; NULL: nobody */
	const sigset_t *open_mask;   /* while it sleeps; NULL: signals act as ever */
	uint64_t end_ms;	     /* the deadline, CLOCK_MONOTONIC; 0: none */
	const int *fds; /* a turn when one is readable; those below 0 are passed over */
	size_t n;
	bool unread_ends; /* over when stdout has no reader any more, as far as that can be seen */
	bool patient;	  /* if the store is busy, says so and goes on */
	bool keeps;	  /* what a turn allocates in ctx->arena stays; else it is forgotten */

	/* A turn may set these. */
	bool deaf;	  /* the bell is not listened to (stay_listen) */
	uint64_t look_ms; /* to the next turn at most; 0: STAY_LOOK_MS */
	uint64_t next_ms; /* a turn is due then, CLOCK_MONOTONIC; 0: never */

	/* Since the turn before (the first one counts as rung), and at the end. */
	bool rung, ready; /* ready: an fd is */
	int signal;	  /* that ended it, or is to be taken; 0: none */
	bool late;	  /* the deadline ended it */

	/* The loop's own. */
	struct bell bell;
	int epoll, unread;
};

/* 0 when it is over, -1. */
int stay_run(struct stay *s, struct err *e);

/* No longer deaf. What is looked at from here on is not missed. */
void stay_listen(struct stay *s);

/* The earlier one of two moments, of which 0 is never. */
uint64_t stay_earlier(uint64_t a, uint64_t b);

/* If a step failed because the store is busy, says so: 0, else what it returned. */
int stay_patient(const struct ctx *ctx, int got, const struct err *e);

/* Does what is due: nobody else may be there to do it in time. 0 or -1. */
int stay_tick(struct ctx *ctx, struct err *e);

#endif
