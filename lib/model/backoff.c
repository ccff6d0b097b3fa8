#include "model/backoff.h"

#define FIRST_MS 1000
#define MOST_MS 60000

uint64_t
backoff_next(uint64_t last_ms, uint64_t ran_ms)
{
	if (!last_ms || ran_ms >= BACKOFF_FORGET_MS)
		return FIRST_MS;
	return last_ms < MOST_MS / 2 ? 2 * last_ms : MOST_MS;
}
