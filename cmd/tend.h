/* tend: waits for a child in the foreground as a shell would, for a command that stands for it.
 */
#ifndef CMD_TEND_H
#define CMD_TEND_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct err;
struct outcome;
struct spawned;

/* Blocks what tend passes on: from here on such a signal waits until there is a child. *before:
 * the mask of those who sleep until then. */
void tend_hold(sigset_t *before);

struct tending {
	/* Asked once a second: whether the child is to stop. NULL: never. */
	bool (*over)(void *argument);
	void *argument;
	uint64_t grace_ms; /* between SIGTERM and SIGKILL then */
};

/*
 * Waits until the child has ended and takes it away. HUP, INT, QUIT, TERM, USR1 and USR2 go on to
 * its process group, unless they are ignored here; if it is stopped at the terminal, so are we.
 * ERR_NO.
 */
int tend(
    const struct spawned *child, const struct tending *how, struct outcome *outcome, struct err *e);

#endif
