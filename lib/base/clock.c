#include "base/clock.h"

#include <time.h>

static uint64_t
read_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint64_t
clock_real_ms(void)
{
	return read_ms(CLOCK_REALTIME);
}

uint64_t
clock_boot_ms(void)
{
	return read_ms(CLOCK_BOOTTIME);
}

uint64_t
clock_monotonic_ms(void)
{
	return read_ms(CLOCK_MONOTONIC);
}
