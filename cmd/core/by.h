/* by: who makes a change, as the log will say. */
#ifndef CMD_CORE_BY_H
#define CMD_CORE_BY_H

struct ctx;

/* Fills ctx->by, once: user, host and process; the user's number is known from the start. */
void by_fill(struct ctx *ctx);

#endif
