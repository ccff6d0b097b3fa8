/* bar: draws a usage bar. */
#ifndef UI_BAR_H
#define UI_BAR_H

#include <stdint.h>

struct buf;

/*
 * Adds "[#####.......]" with `width` places between the brackets. More than the whole fills it; a
 * whole of 0 leaves it empty.
 */
void bar_add(struct buf *out, unsigned width, uint64_t part, uint64_t whole);

#endif
