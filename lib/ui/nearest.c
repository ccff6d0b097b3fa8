#include "ui/internal.h"

#include <stdint.h>
#include <string.h>

#define NAME_MAX_LENGTH 64

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein distance, with a transposition of neighbours as one edit. */
static size_t
distance_between(const char *a, size_t na, const char *b, size_t nb)
{
	size_t row[3][NAME_MAX_LENGTH + 1];
	size_t *older = row[0], *last = row[1], *now = row[2], *spare;

	if (na > NAME_MAX_LENGTH || nb > NAME_MAX_LENGTH)
		return SIZE_MAX;
	for (size_t j = 0; j <= nb; j++)
		last[j] = j;
	for (size_t i = 1; i <= na; i++) {
		now[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			now[j] = least(
			    last[j - 1] + (a[i - 1] != b[j - 1]), least(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least(now[j], older[j - 2] + 1);
		}
		spare = older;
		older = last;
		last = now;
		now = spare;
	}
	return last[nb];
}

void
nearest_offer(struct nearest *nearest, const char *name, size_t n)
{
	size_t typed = strlen(nearest->typed);
	size_t distance = distance_between(nearest->typed, typed, name, n);

	/* A third of the typed text may be wrong, but at least one letter. */
	if (distance > 1 && distance > least(typed / 3, 3))
		return;
	if (distance >= typed || (nearest->name && distance >= nearest->distance))
		return;
	nearest->name = name;
	nearest->n = n;
	nearest->distance = distance;
}
