/* ask: captures the output of a small program, with a time limit. */
#ifndef PROC_ASK_H
#define PROC_ASK_H

#include <stddef.h>
#include <stdint.h>

struct err;

/*
 * Runs argv (a path with a slash; empty environment, stdin and stderr /dev/null) and stores its
 * output, at most size-1 bytes and a NUL. ERR_NO: it cannot be run, exited with a non-zero code, or
 * printed more; ERR_TIMEOUT: it exceeded the limit and was killed with its process group.
 */
int ask(char *const *argv, char *to, size_t size, uint64_t timeout_ms, struct err *e);

#endif
