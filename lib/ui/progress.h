/*
 * progress: one line on a terminal that says how far something is, written over itself; on anything but a terminal nothing.
 * Written with blanks and carriage returns alone, so that every terminal shows it.
 *
 *   progress_begin(&p, 2, !quiet);
 *   while (…) progress_show(&p, clock_monotonic_ms(), "%d of %d ended", …);   as often as one likes
 *   progress_clear(&p);                                                       before anything else is written there, and at the end
 */
#ifndef UI_PROGRESS_H
#define UI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROGRESS_PERIOD_MS 200

struct progress {
	int fd;		  /* -1: nothing is shown */
	size_t shown;	  /* columns of the line that stands there */
	uint64_t next_ms; /* not before then again */
};

/* fd stays the caller's. wanted false: nothing is shown. */
void progress_begin(struct progress *p, int fd, bool wanted);

/*
 * Shows this text in place of the last one, cut to the terminal's width, control bytes as '?'; at
 * most once in PROGRESS_PERIOD_MS, so that what is shown may be behind: who has something final to
 * say clears the line and says it. now_ms: of CLOCK_MONOTONIC. While the process is in the
 * terminal's background nothing is written. Never fails.
 */
void progress_show(struct progress *p, uint64_t now_ms, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Takes the line away; the next progress_show shows at once. */
void progress_clear(struct progress *p);

#endif
