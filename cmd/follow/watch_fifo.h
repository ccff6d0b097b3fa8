/* watch_fifo: watch --fifo. */
#ifndef CMD_FOLLOW_WATCH_FIFO_H
#define CMD_FOLLOW_WATCH_FIFO_H

#include <stdint.h>

struct ctx;
struct err;

/*
 * Makes the FIFO watch/NAME and shows what the monitor publishes there, until a signal, the time
 * limit (CLOCK_MONOTONIC, 0: never) or this many lines (0: no limit). ERR_TIMEOUT if the lines did
 * not come in time.
 */
int watch_fifo(struct ctx *ctx, const char *name, uint64_t end_ms, uint64_t count, struct err *e);

#endif
