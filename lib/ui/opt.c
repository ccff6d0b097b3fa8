#include "ui/internal.h"

#include <string.h>

const struct opt *
opt_by_name(const struct opt_set *sets, size_t nsets, const char *name, size_t n,
    const struct opt_set **set)
{
	for (size_t i = 0; i < nsets; i++) {
		for (size_t k = 0; k < sets[i].opts.n; k++) {
			const struct opt *o = &sets[i].opts.v[k];

			if (strncmp(o->name, name, n) != 0 || o->name[n])
				continue;
			if (set)
				*set = &sets[i];
			return o;
		}
	}
	return NULL;
}

const struct opt *
opt_by_letter(const struct opt_set *sets, size_t nsets, char letter, const struct opt_set **set)
{
	for (size_t i = 0; letter && i < nsets; i++) {
		for (size_t k = 0; k < sets[i].opts.n; k++) {
			const struct opt *o = &sets[i].opts.v[k];

			if (o->letter != letter)
				continue;
			if (set)
				*set = &sets[i];
			return o;
		}
	}
	return NULL;
}

bool
opt_is_reached(const struct opt_set *sets, size_t nsets, const struct opt *o)
{
	return opt_by_name(sets, nsets, o->name, strlen(o->name), NULL) == o;
}

char
opt_letter(const struct opt_set *sets, size_t nsets, const struct opt *o)
{
	return opt_by_letter(sets, nsets, o->letter, NULL) == o ? o->letter : 0;
}
