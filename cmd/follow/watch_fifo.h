/* watch_fifo: watch --fifo. */
#ifndef CMD_FOLLOW_WATCH_FIFO_H
#define CMD_FOLLOW_WATCH_FIFO_H

#include <stdint.h>

struct ctx;
struct err;

/*
 * Makes the FIFO watch/NAME and shows what the monitor publishes there, until a signal, the time
 * (CLOCK_MONOTONIC, 0: never) or so many lines (0: no end). ERR_TIMEOUT if those did not come.
 */
int watch_fifo(struct ctx *ctx, const char *name, uint64_t end_ms, uint64_t count, struct err *e);

#endif
