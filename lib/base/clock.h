/*
 * clock: the machine's clocks, and points in time as people write them. Times are milliseconds
 * since the epoch, UTC.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

struct err;

#define CLOCK_TEXT_SIZE 40

uint64_t clock_real_ms(void);
uint64_t clock_boot_ms(void);	   /* CLOCK_BOOTTIME: goes on while the machine sleeps */
uint64_t clock_monotonic_ms(void); /* CLOCK_MONOTONIC: stands while the machine sleeps */

/*
 * RFC 3339 ("2026-01-01T00:00:00Z", with fraction or offset), or "@UNIX" with seconds and an
 * optional fraction. ERR_USAGE.
 */
int time_parse(const char *text, uint64_t *ms, struct err *e);

/*
 * A moment given relative to now or in local time as well: what time_parse takes, a duration ago
 * ("5m"), "YYYY-MM-DD [HH:MM[:SS]]", "HH:MM" (today, or yesterday if that is still to come),
 * "yesterday" (its midnight). ERR_USAGE.
 */
int time_parse_past(const char *text, uint64_t now_ms, uint64_t *ms, struct err *e);

/* "2026-01-01T00:00:00.000Z"; returns to. */
char *time_format(char *to, uint64_t ms);

/* "2026-01-01 01:00:00" in local time, for people; returns to. */
char *time_format_local(char *to, uint64_t ms);

#endif
