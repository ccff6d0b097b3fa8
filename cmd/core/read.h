/* read: a command that only reads, the current state or, with --at, a past one. */
#ifndef CMD_CORE_READ_H
#define CMD_CORE_READ_H

struct ctx;
struct err;

/* Opens the store and runs the command inside a read transaction. Its errors, ERR_STORE, and those
 * of --at. */
int read_run(struct ctx *ctx, struct err *e);

#endif
