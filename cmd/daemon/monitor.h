/* monitor: what time brings, in steps: for gcs monitor, and for an agent that also monitors. */
#ifndef CMD_DAEMON_MONITOR_H
#define CMD_DAEMON_MONITOR_H

#include "core/cmd.h"

struct monitor;

/* Takes the monitor lock. NULL: ERR_REFUSED (it is taken), ERR_STORE. */
struct monitor *monitor_open(struct ctx *ctx, struct err *e);
void monitor_close(struct monitor *monitor); /* accepts NULL */

/* Does what is due now: declares silent nodes dead, applies timers, publishes events. */
int monitor_step(struct monitor *monitor, struct err *e);

/* CLOCK_MONOTONIC: when the next step is due, unless the bell rings. */
uint64_t monitor_next_ms(const struct monitor *monitor);

#endif
