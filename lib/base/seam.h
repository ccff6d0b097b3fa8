/*
 * seam: the points where a test may disable a safeguard or inject a fault. In the installed program
 * every seam is the constant NULL and free; `make SEAMS=1` builds a second program that reads them
 * from the environment variable GCS_SEAM ("no-gate,fs-magic=6969"), so that a test can show what
 * each safeguard prevents.
 */
#ifndef BASE_SEAM_H
#define BASE_SEAM_H

#include <stdint.h>

#ifdef GCS_SEAMS
/*
 * The text after "NAME=", "" if NAME stands alone, NULL if it is not set. Lives to the end of the
 * process.
 */
const char *seam(const char *name);
/* The text as a number, `otherwise` if it is not set. */
uint64_t seam_number(const char *name, uint64_t otherwise);
/* Sleeps for the given number of milliseconds. */
void seam_sleep(const char *name);
/* Kills the process if the seam `crash` names this place. */
void seam_crash(const char *where);
#else
#define seam(name) ((const char *)0)
#define seam_number(name, otherwise) (otherwise)
#define seam_sleep(name) ((void)0)
#define seam_crash(where) ((void)0)
#endif

#endif
