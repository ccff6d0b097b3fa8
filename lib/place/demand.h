/* demand: the requirements on a node, as written by users and as stored. */
#ifndef PLACE_DEMAND_H
#define PLACE_DEMAND_H

#include <stdbool.h>
#include "rec/records.h"

struct buf;
struct cluster;
struct err;

enum demand_part {
	DEMAND_RESOURCES,
	DEMAND_SELECTOR,
	DEMAND_AVOID,
	DEMAND_ON,
	DEMAND_SOFT,
	DEMAND_PG,
	DEMAND_BUNDLE,
	DEMAND_PARTS
};

/* As written by users: parsed, but names not yet resolved. */
struct demand_text {
	const char *const *names;     /* names of its parts in errors, DEMAND_PARTS of them */
	const char *const *resources; /* "cpu=2,gpu=0.5", "gpu:3"; n of them */
	size_t n;
	const char *selector, *on, *self;
	struct texts avoid;
	bool soft;
	const char *pg;
	uint64_t bundle;   /* from 1; 0: any */
	unsigned strategy; /* 0: DEFAULT */
};

/*
 * Fills a demand: looks up the nodes and checks the selector. ERR_USAGE, ERR_NO (nodes); the message
 * begins with the name of the part at fault.
 */
int demand_make(
    struct cluster *c, const struct demand_text *text, struct demand *demand, struct err *e);

/* "cpu=2,gpu:3": amounts and instances. ERR_USAGE. */
int demand_parse(const char *text, struct demand *demand, struct arena *a, struct err *e);

/* "cpu=2,gpu:3": what demand_parse takes. */
void demand_text(const struct demand *demand, struct buf *text);

/* The canonical bytes of a demand (NULL: of none), in the arena: equal for equal demands. */
struct slice demand_shape(const struct demand *demand, struct arena *a);

/* The same for a column, in the arena; "" for none (NULL). */
const char *demand_cell(struct cluster *c, const struct demand *demand);

#endif
