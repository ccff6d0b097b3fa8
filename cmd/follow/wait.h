/* wait: what other commands wait for after their commit, and the options with which one asks for
 * it. */
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
	OPT_OF(params, 0, "timeout", OPT_DURATION, member.timeout, "D", "with --wait: for how long (124 if it did not come)")
/* clang-format on */

/*
 * For a change's `prepare`: after the commit, when its answer has left, the dispatcher waits until
 * the expression holds for each record whose id the change gave. unless: a state in which it is no
 * longer to be waited for (NULL: none). The text must outlive the call. ERR_USAGE.
 */
int wait_prepare(struct ctx *ctx, const struct wait_params *p, const char *expression,
    const char *unless, struct err *e);

/* The same until the jobs have ended, whose exit code is that of the command then. ERR_USAGE. */
int wait_prepare_jobs(struct ctx *ctx, const struct wait_params *p, struct err *e);

/* Until these jobs have ended; ctx->code is theirs. ERR_NO, ERR_TIMEOUT. */
int jobs_wait(
    struct ctx *ctx, const struct texts *jobs, const struct opt_number *timeout, struct err *e);

/* What is waited for. */
struct wait_for {
	struct texts records, expressions;
	const char *unless; /* NULL: none */
	bool any;	    /* one of them is enough */
	const char *since;  /* NULL: now */
	struct opt_number timeout;
	bool tell; /* print what came */
	/* Called before each sleep, outside a transaction; NULL: nothing. */
	int (*meanwhile)(struct ctx *ctx, void *argument, struct err *e);
	void *argument;
};
int wait_run(struct ctx *ctx, const struct wait_for *what, struct err *e);

#endif
