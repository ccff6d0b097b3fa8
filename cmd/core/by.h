/* by: the author of a change, as the log records it. */
#ifndef CMD_CORE_BY_H
#define CMD_CORE_BY_H

struct ctx;

/* Fills ctx->by, once: user, host and process; the uid is known from the start. */
void by_fill(struct ctx *ctx);

#endif
