/* bar: how much of something is in use, as a picture. */
#ifndef UI_BAR_H
#define UI_BAR_H

#include <stdint.h>

struct buf;

/*
 * Adds "[#####.......]" with `width` places between the brackets. More than the whole fills it; of
 * nothing nothing is filled.
 */
void bar_add(struct buf *out, unsigned width, uint64_t part, uint64_t whole);

#endif
