/* clock: the machine's clocks. Times are milliseconds since the epoch, UTC. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

uint64_t clock_real_ms(void);
uint64_t clock_boot_ms(void);	   /* CLOCK_BOOTTIME: runs while the machine sleeps */
uint64_t clock_monotonic_ms(void); /* CLOCK_MONOTONIC: stops while the machine sleeps */

#endif
