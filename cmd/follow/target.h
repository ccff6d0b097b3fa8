/* target: a record that is waited for while time goes on, and what is to hold for it. */
#ifndef CMD_FOLLOW_TARGET_H
#define CMD_FOLLOW_TARGET_H

#include "follow/expr.h"
#include "follow/wait.h"
#include "state/resolve.h"

/* One REC. */
struct target {
	const char *text;
	struct expected expected;
	struct located at; /* which record that is; kind NULL: none yet */
	bool gone;	   /* it was there, and was removed */
	struct slice row; /* as it is after the last event that was taken; empty: it is not there */
	size_t room;
};

/* One REC with one EXPR; or an EXPR that is about none, or about all of them. */
struct condition {
	struct target *of; /* NULL: none */
	struct expr x;
	bool suits; /* the kind of what `of` is now can be asked so */
	bool came, told;
	uint64_t ref;	   /* the record it held for; 0: it has no id */
	uint64_t seq;	   /* the event after which it held */
	const char *never; /* why it can no longer come; NULL: it can */
};

struct wait {
	const struct wait_for *what;
	struct target *targets;
	struct condition *conditions;
	size_t ntargets, n;
	bool started, more;
	uint64_t cursor;   /* the last event that was taken */
	uint64_t last_ms;  /* when something happened last to one of them (no REC: to anything) */
	uint64_t fits_seq; /* what was looked at for EXPR_FITS */
	uint64_t quiet_in; /* how long until it will have been quiet for long enough; 0: never */
	bool said;	   /* what it waits for */
	struct store_id history;
};

/* q holds, after the event the cursor stands at. */
void target_met(const struct wait *w, struct condition *q);

/* Judges all that is waited for of one record, as it is after the event the cursor stands at. past:
 * not what the transaction sees. */
int target_judge(
    struct ctx *ctx, const struct wait *w, const struct target *t, bool past, struct err *e);

/* Finds out what the text meant right after the event the cursor stands at. */
int target_start(struct ctx *ctx, const struct wait *w, struct target *t, struct err *e);

/* Takes the record along the event, and judges it, if the event tells of it: 1, 0 or -1. */
int target_take(
    struct ctx *ctx, struct wait *w, struct target *t, const struct event *event, struct err *e);

#endif
