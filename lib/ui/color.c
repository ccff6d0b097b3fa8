#include "ui/internal.h"

#include <string.h>
#include "base/array.h"

static const struct state_color {
	const char *state, *color;
} state_colors[] = {
    {"ALIVE", "\033[32m"},
    {"DRAINING", "\033[33m"},
    {"DEAD", "\033[31m"},
};

const char *
color_of_state(const struct field *f, const char *text, size_t n)
{
	for (size_t i = 0; f && f->kind == FK_ENUM && i < ARRAY_LENGTH(state_colors); i++) {
		const struct state_color *row = &state_colors[i];

		if (strlen(row->state) == n && memcmp(row->state, text, n) == 0)
			return row->color;
	}
	return NULL;
}
