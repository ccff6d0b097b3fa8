/* records: lists the records of a kind as the list options ask. */
#ifndef CMD_CORE_RECORDS_H
#define CMD_CORE_RECORDS_H

#include <stdbool.h>

#include "state/key.h"

struct ctx;
struct err;
struct kind;

/* Selects by key prefix (n 0: all). values: of kv, with their values. */
struct records {
	const struct kind *kind;
	struct key prefix;
	bool values;
};

/* ERR_NO, and no message, if there are none and --some asks for some. */
int records_list(struct ctx *ctx, const struct records *which, struct err *e);

#endif
