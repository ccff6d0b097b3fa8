/*
 * wait: waits until something holds for records; also what other commands wait for after their
 * commit, and the options for it.
 */
#ifndef CMD_FOLLOW_WAIT_H
#define CMD_FOLLOW_WAIT_H

#include "core/cmd.h"

struct wait_params {
	bool wait;
	struct opt_number timeout;
};

/* clang-format off */
/* Rows of an option table; `member` is a struct wait_params in `params`. */
#define WAIT_OPTS(params, member, help) \
	OPT_OF(params, 0, "wait", OPT_FLAG, member.wait, NULL, help), \
	OPT_OF(params, 0, "timeout", OPT_DURATION, member.timeout, "D", "with --wait: give up after this time (exit 124)")
/* clang-format on */

/*
 * For a change's `prepare`: after the commit, when the answer is written, the dispatcher waits
 * until the expression holds for each record whose id is in the answer. unless: a state that ends
 * the wait as impossible (NULL: none). The text must outlive the call. ERR_USAGE.
 */
int wait_prepare(struct ctx *ctx, const struct wait_params *p, const char *expression,
    const char *unless, struct err *e);

/* The records whose ids are in a change's answer; without ids (a repeated request that prints
 * none), those that the command named. */
struct texts wait_records(struct ctx *ctx);

/* What to wait for. */
struct wait_for {
	struct texts records, expressions;
	const char *unless; /* NULL: none */
	bool any;	    /* one of them is enough */
	const char *since;  /* NULL: now */
	struct opt_number timeout;
	bool tell; /* print each condition when met */
	/* Called before each sleep, outside a transaction; NULL: nothing. */
	int (*meanwhile)(struct ctx *ctx, void *argument, struct err *e);
	void *argument;
};
/* Waits. ERR_IMPOSSIBLE, ERR_TIMEOUT, ERR_HORIZON. */
int wait_run(struct ctx *ctx, const struct wait_for *what, struct err *e);

#endif
