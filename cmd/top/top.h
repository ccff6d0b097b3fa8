/* top: the live view. top.c has its loop, top_look.c collects the data, top_draw.c draws it. */
#ifndef CMD_TOP_TOP_H
#define CMD_TOP_TOP_H

#include "core/summary.h"
#include "ui/screen.h"

/* The parts of the screen, from top to bottom. */
enum top_part {
	TOP_NODES,
	TOP_QUEUE,
	TOP_JOBS,
	TOP_TASKS,
	TOP_ACTORS,
	TOP_EVENTS,
	TOP_PARTS,
	TOP_ALL = TOP_PARTS /* as a view: all parts */
};

enum top_order { ORDER_USE = 1, ORDER_NAME, ORDER_BEAT };
extern const struct enums top_orders;

/* The view's settings, changed by keys. */
struct top_view {
	unsigned part;	/* one, or TOP_ALL */
	unsigned order; /* of the nodes */
	size_t skip;	/* rows scrolled past, if only one part is shown */
	size_t rows, cols;
	bool live, paused;
};

struct top_row {
	const struct kind *kind;
	const void *record; /* of an event: the event */
};

struct top_rows {
	struct top_row *v;
	size_t n, skipped; /* n: at most as many as may be shown; skipped: rows before them */
	uint64_t total;
};

struct top {
	struct cluster_summary summary;
	struct top_rows parts[TOP_PARTS];
};

/* Fills *top with what may be shown; a body for ctx_read, argument: struct top_looking. The data
 * lives until the next turn. */
struct top_looking {
	const struct top_view *view;
	struct top *top;
};
ctx_body top_look;

/* Draws the screen, from screen_begin to screen_end, in ctx->turn. */
void top_draw(
    struct ctx *ctx, const struct top *top, const struct top_view *view, struct screen *screen);

#endif
