/*
 * timers: applies what is due. Deterministic, idempotent, bounded per transaction, makes no events
 * if nothing was due.
 */
#ifndef MODEL_TIMERS_H
#define MODEL_TIMERS_H

#include <stdbool.h>
#include <stdint.h>

struct cluster;
struct err;

#define TIMERS_MOST 1000 /* records in one transaction */

/* When the next timer is due (0: none); overdue ones count as due now. */
int timers_next(struct cluster *c, uint64_t *due_ms, struct err *e);

/* Applies what is due. *more: more is due than fits into this transaction. */
int timers_apply(struct cluster *c, bool *more, struct err *e);

#endif
