/*
 * request: a change requested twice under one key (--request-id) is made once; for a day, a second
 * request returns the first answer.
 */
#ifndef STATE_REQUEST_H
#define STATE_REQUEST_H

#include <stdint.h>
#include "base/slice.h"

struct arena;
struct cluster;
struct err;

#define REQUEST_KEY_MAX 128
#define REQUEST_ANSWER_MAX 4096
#define REQUEST_KEEP_MS (24 * 3600 * 1000ULL)

/*
 * 1 and the first answer (valid until the transaction writes) if the key is known for the same
 * call, 0 if it is new, -1: ERR_REFUSED if the key was used for another call (`call`: command and
 * arguments), ERR_USAGE if the key is not valid.
 */
int request_find(
    struct cluster *c, const char *key, struct slice call, struct slice *answer, struct err *e);

/* Stores the answer. ERR_REFUSED if it is too long to store. */
int request_keep(
    struct cluster *c, const char *key, struct slice call, struct slice answer, struct err *e);

/* The key of a request in the index by age, in the arena. For doctor. */
struct slice request_age(struct slice key, struct slice row, struct arena *a);

/* Deletes answers older than a day. */
int request_trim(struct cluster *c, uint64_t *budget, struct err *e);

#endif
