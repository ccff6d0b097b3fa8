/* time: points in time in human-readable form: milliseconds since the epoch, UTC. */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdint.h>

struct err;

#define TIME_SIZE 40 /* of the formatters' output, NUL included */

/*
 * RFC 3339 ("2026-01-01T00:00:00Z", with fraction or offset), or "@UNIX" with seconds and an
 * optional fraction. ERR_USAGE.
 */
int time_parse(const char *text, uint64_t *ms, struct err *e);

/*
 * A moment given relative to now or in local time as well: what time_parse takes, a duration ago
 * ("5m"), "YYYY-MM-DD [HH:MM[:SS]]", "HH:MM" (today, or yesterday if that is in the future),
 * "yesterday" (its midnight). ERR_USAGE.
 */
int time_parse_past(const char *text, uint64_t now_ms, uint64_t *ms, struct err *e);

/* "2026-01-01T00:00:00.000Z"; returns to. */
char *time_format(char *to, uint64_t ms);

/* "2026-01-01 01:00:00" in local time, for display; returns to. */
char *time_format_local(char *to, uint64_t ms);

#endif
