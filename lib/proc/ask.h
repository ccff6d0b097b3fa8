/* ask: what a small program prints, with a limit on how long that may take. */
#ifndef PROC_ASK_H
#define PROC_ASK_H

#include <stddef.h>
#include <stdint.h>

struct err;

/*
 * Runs argv (a path with a slash; environment empty, stdin and stderr /dev/null) and keeps what it
 * prints, at most size-1 bytes and a NUL. ERR_NO: it cannot be run, ended with another code than 0,
 * or printed more; ERR_TIMEOUT: it took longer than that and was killed, its process group with it.
 */
int ask(char *const *argv, char *to, size_t size, uint64_t timeout_ms, struct err *e);

#endif
