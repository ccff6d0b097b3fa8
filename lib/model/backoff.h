/* backoff: how long something that failed waits before it is tried again: 1 s, doubling to 60 s. */
#ifndef MODEL_BACKOFF_H
#define MODEL_BACKOFF_H

#include <stdint.h>

#define BACKOFF_FORGET_MS 60000 /* what ran for this long fails for the first time again */

/* last_ms: how long it waited before (0: never); ran_ms: how long it then ran. */
uint64_t backoff_next(uint64_t last_ms, uint64_t ran_ms);

#endif
