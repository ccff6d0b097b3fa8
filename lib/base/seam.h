/*
 * seam: the places where a test may take a cure away or make the world misbehave. In the program
 * that is installed every seam is the constant NULL and costs nothing; `make SEAMS=1` builds a
 * second program in which they are read from the environment variable GCS_SEAM
 * ("no-gate,fs-magic=6969"), so that a test can show what each cure is for.
 */
#ifndef BASE_SEAM_H
#define BASE_SEAM_H

#ifdef GCS_SEAMS
/*
 * The text after "NAME=", "" if NAME stands alone, NULL if it is not set. Lives to the end of the
 * process.
 */
const char *seam(const char *name);
#else
#define seam(name) ((const char *)0)
#endif

#endif
