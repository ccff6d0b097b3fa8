/* slice: a reference to bytes owned elsewhere. */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stddef.h>

struct slice {
	const unsigned char *p; /* NULL only if n is 0 */
	size_t n;
};

/* The bytes of a C string without its NUL; NULL gives the empty slice. */
struct slice slice_of(const char *text);

/* Byte order, a prefix before a longer slice: <0, 0, >0. */
int slice_compare(struct slice a, struct slice b);

#endif
