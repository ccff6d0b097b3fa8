/* top: the live view. top.c is its life, top_look.c gathers what is shown, top_draw.c shows it. */
#ifndef CMD_TOP_TOP_H
#define CMD_TOP_TOP_H

#include "core/summary.h"
#include "ui/screen.h"

/* The parts of the picture, in the order in which they stand. */
enum top_part {
	TOP_NODES,
	TOP_QUEUE,
	TOP_JOBS,
	TOP_TASKS,
	TOP_ACTORS,
	TOP_EVENTS,
	TOP_PARTS,
	TOP_ALL = TOP_PARTS /* as a view: all of them */
};

enum top_order { ORDER_USE = 1, ORDER_NAME, ORDER_BEAT };
extern const struct enums top_orders;

/* How it is looked at: what keys change. */
struct top_view {
	unsigned part;	/* one, or TOP_ALL */
	unsigned order; /* of the nodes */
	size_t skip;	/* rows above the first one shown, where it is one part */
	size_t rows, cols;
	bool live, paused;
};

struct top_row {
	const struct kind *kind;
	const void *record; /* of an event: the event */
};

struct top_rows {
	struct top_row *v;
	size_t n, skipped; /* as many rows as may be shown, and how many stand before them */
	uint64_t total;
};

struct top {
	struct cluster_summary summary;
	struct top_rows parts[TOP_PARTS];
};

/* Fills *top with what may be shown; a body for ctx_read, argument: struct top_looking. What it
 * hands out lives until the next turn. */
struct top_looking {
	const struct top_view *view;
	struct top *top;
};
ctx_body top_look;

/* Draws the picture, from screen_begin to screen_end, in ctx->turn. */
void top_draw(
    struct ctx *ctx, const struct top *top, const struct top_view *view, struct screen *screen);

#endif
