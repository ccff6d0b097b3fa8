/* backoff: the delay before a retry after a failure: 1 s, doubling to 60 s. */
#ifndef MODEL_BACKOFF_H
#define MODEL_BACKOFF_H

#include <stdint.h>

#define BACKOFF_FORGET_MS 60000 /* after a run of this length a failure counts as the first */

/* last_ms: the previous delay (0: none); ran_ms: how long it then ran. */
uint64_t backoff_next(uint64_t last_ms, uint64_t ran_ms);

#endif
