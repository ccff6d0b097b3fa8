/*
 * timers: what time brings. Deterministic, idempotent, bounded for each transaction, silent if
 * nothing was due.
 */
#ifndef MODEL_TIMERS_H
#define MODEL_TIMERS_H

#include <stdbool.h>
#include <stdint.h>

struct cluster;
struct err;

#define TIMERS_MOST 1000 /* records in one transaction */

/* When the next thing is due (0: nothing is). Things whose time has come count as due now. */
int timers_next(struct cluster *c, uint64_t *due_ms, struct err *e);

/* Applies what is due. *more: there is more than fits into this transaction. */
int timers_apply(struct cluster *c, bool *more, struct err *e);

#endif
