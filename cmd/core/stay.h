/*
 * stay: the one loop of every command that does not end at once: waits, followers, views and
 * daemons. It listens to the bell, sleeps until the bell rings, a descriptor is ready, a signal
 * arrives or a timer expires, and ends at its deadline, by a signal, or when stdout loses its
 * reader. The command's work is its turn; ctx_read and ctx_write report a cluster that is gone.
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

#define STAY_LOOK_MS 1000 /* between two turns, unless something else asks for one */
#define STAY_FOR_EVER UINT64_MAX

enum { STAY_ON, STAY_OVER, STAY_AGAIN }; /* AGAIN: the next turn follows at once */

/* One of those, or -1. */
typedef int stay_step(struct stay *s, void *argument, struct err *e);

struct stay {
	struct ctx *ctx;
	void *argument;
	stay_step *turn; /* looks, acts and reports */
	/* s->signal arrived (signals.h), before a turn. NULL: any but SIGCONT and SIGCHLD ends the
	 * loop */
	stay_step *signalled;
	struct child_signals *child; /* gets the signals passed on instead; NULL: no child */
	const sigset_t *open_mask;   /* while it sleeps; NULL: signals are not changed */
	uint64_t end_ms;	     /* the deadline, CLOCK_MONOTONIC; 0: none */
	const int *fds;		     /* a turn when one is readable; those below 0 are skipped */
	size_t n;
	bool unread_ends; /* ends when stdout has no reader any more, if that can be detected */
	bool patient;	  /* if the store is busy, says so and goes on */
	bool keeps;	  /* memory of a turn in ctx->arena is kept; else it is freed */

	/* A turn may set these. */
	bool deaf;	  /* do not listen to the bell (stay_listen) */
	uint64_t look_ms; /* longest time to the next turn; 0: STAY_LOOK_MS */
	uint64_t next_ms; /* CLOCK_MONOTONIC: when a turn is due; 0: never */

	/* Since the previous turn (the first counts as rung), and at the end. */
	bool rung, ready; /* ready: an fd is */
	int signal;	  /* the signal that ended it, or is to be handled; 0: none */
	bool late;	  /* ended by the deadline */

	/* Private to the loop. */
	struct bell bell;
	int epoll, unread;
};

/* 0 when the loop ended, -1. */
int stay_run(struct stay *s, struct err *e);

/* Ends deaf. Changes after this call are not missed. */
void stay_listen(struct stay *s);

/* The earlier of two times, where 0 means never. */
uint64_t stay_earlier(uint64_t a, uint64_t b);

/* If a step failed because the store is busy, says so and returns 0; else returns `got`. */
int stay_patient(const struct ctx *ctx, int got, const struct err *e);

/* Applies due timers: no other process may be there to do it in time. 0 or -1. */
int stay_tick(struct ctx *ctx, struct err *e);

#endif
