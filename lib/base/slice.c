#include "base/slice.h"

#include <string.h>

struct slice
slice_of(const char *text)
{
	if (!text)
		return (struct slice){NULL, 0};
	return (struct slice){(const unsigned char *)text, strlen(text)};
}

int
slice_compare(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;

	if (order)
		return order;
	return (a.n > b.n) - (a.n < b.n);
}
