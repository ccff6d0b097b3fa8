/*
 * tend: the signals of a command that stands for a child. What we get goes on to the child; at a
 * terminal it is in the foreground as it would be under a shell; and it is told to stop. For job
 * run and supervisors (attend.c) and for locks (lock.c), which wait each in its own way.
 */
#ifndef CMD_TEND_H
#define CMD_TEND_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct ctx;
struct err;

struct tending {
	pid_t child;
	bool foreground;  /* of our terminal */
	uint64_t kill_ms; /* CLOCK_MONOTONIC: when to kill it; 0: it was not told to stop */
};

/* Blocks what is to be passed on, and SIGCHLD: from here on such a signal waits until there is a
 * child. *before: the mask of those who want to be ended by it until then. */
void tend_hold(sigset_t *before);

/* From now on signals are held but while we sleep, and passed on; not what we were started to
 * ignore. While nothing runs yet a terminal's stop is for us alone: that is for tend_begin. */
void tend_signals(void);
void tend_begin(const struct tending *t);

/* A signal that came and was not passed on, 0: none. It is forgotten. */
int tend_signal(void);

/* Passes on what came; a child that was stopped at the terminal stops us. */
void tend_pass(const struct tending *t);

/* Tells it to stop; whoever tends it kills it at kill_ms. */
void tend_stop(struct tending *t, uint64_t grace_ms);

/* Advances time: nobody else may be there to do it when a limit of one's own is over. 0 or -1. */
int tend_tick(struct ctx *ctx, struct err *e);

#endif
