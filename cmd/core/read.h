/* read: a command that only reads, of what is now or, with --at, of what was. */
#ifndef CMD_CORE_READ_H
#define CMD_CORE_READ_H

struct ctx;
struct err;

/* Opens the store and runs the command inside a read transaction. Its errors, ERR_STORE, and those
 * of --at. */
int read_run(struct ctx *ctx, struct err *e);

#endif
