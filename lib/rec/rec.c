#include "rec/rec.h"

#include <string.h>

const struct field *
rec_field(const struct rec *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		if (!strcmp(r->fields[i].name, name))
			return &r->fields[i];
	return NULL;
}

const struct field *
rec_field_number(const struct rec *r, uint32_t number)
{
	for (size_t i = 0; number && i < r->n; i++)
		if (r->fields[i].number == number)
			return &r->fields[i];
	return NULL;
}
