/* target: a record that is waited for as time goes on, and its conditions. */
#ifndef CMD_FOLLOW_TARGET_H
#define CMD_FOLLOW_TARGET_H

#include "follow/expr.h"
#include "follow/wait.h"
#include "state/resolve.h"

/* One REC. */
struct target {
	const char *text;
	struct expected expected;
	struct located at; /* the record; kind NULL: none yet */
	bool gone;	   /* it existed, and was removed */
	struct slice row;  /* after the last event taken; empty: it does not exist */
	size_t room;
};

/* One REC with one EXPR; or an EXPR about no record, or about all of them. */
struct condition {
	struct target *of; /* NULL: none */
	struct expr x;
	bool suits; /* x applies to the current kind of `of` */
	bool came, told;
	uint64_t ref;	   /* the record for which it held; 0: it has no id */
	uint64_t seq;	   /* the event after which it held */
	const char *never; /* why it can never hold; NULL: it can */
};

struct wait {
	const struct wait_for *what;
	struct target *targets;
	struct condition *conditions;
	size_t ntargets, n;
	bool started, more;
	uint64_t cursor;   /* the last event taken */
	uint64_t last_ms;  /* the last event of one of them (no REC: of any record) */
	uint64_t fits_seq; /* the state checked for EXPR_FITS */
	uint64_t quiet_in; /* time left until it has been quiet for long enough; 0: never */
	bool said;	   /* it has printed what it waits for */
	struct store_id history;
};

/* Marks q as met, after the event at the cursor. */
void target_met(const struct wait *w, struct condition *q);

/* Judges all conditions of one record, in its state after the event at the cursor. past: a state
 * before that of the transaction. */
int target_judge(
    struct ctx *ctx, const struct wait *w, const struct target *t, bool past, struct err *e);

/* Finds the record that the text named right after the event at the cursor. */
int target_start(struct ctx *ctx, const struct wait *w, struct target *t, struct err *e);

/* Applies the event to the record and judges it, if the event is about it: 1, 0 or -1. */
int target_take(
    struct ctx *ctx, struct wait *w, struct target *t, const struct event *event, struct err *e);

#endif
