/*
 * progress: a progress line on a terminal, overwritten in place; nothing is written elsewhere. Uses
 * only blanks and carriage returns, so that it works on every terminal.
 *
 *   progress_begin(&p, 2, !quiet);
 *   while (…) progress_show(&p, clock_monotonic_ms(), "%d of %d ended", …);   any number of times
 *   progress_clear(&p);   before any other output there, and at the end
 */
#ifndef UI_PROGRESS_H
#define UI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROGRESS_PERIOD_MS 200

struct progress {
	int fd;		  /* -1: nothing is shown */
	size_t shown;	  /* columns of the line now shown */
	uint64_t next_ms; /* earliest time of the next update */
};

/* fd stays the caller's. wanted false: nothing is shown. */
void progress_begin(struct progress *p, int fd, bool wanted);

/*
 * Shows this text instead of the last one, cut to the terminal's width, control bytes as '?'; at
 * most once per PROGRESS_PERIOD_MS, so the line may lag: clear it before printing a final message.
 * now_ms: of CLOCK_MONOTONIC. Writes nothing while the process is in the terminal's background.
 * Never fails.
 */
void progress_show(struct progress *p, uint64_t now_ms, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Clears the line; the next progress_show shows at once. */
void progress_clear(struct progress *p);

#endif
