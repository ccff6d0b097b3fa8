/* wait: what other commands wait for after their commit, and the options with which one asks for
 * it. */
#ifndef CMD_WAIT_H
#define CMD_WAIT_H

#include "cmd.h"

struct wait_params {
	bool wait;
	struct opt_number timeout;
};

/* clang-format off */
/* Rows of an option table; `member` is a struct wait_params in `params`. */
#define WAIT_OPTS(params, member, help) \
	{0, "wait", OPT_FLAG, offsetof(params, member.wait), NULL, help, NULL, NULL}, \
	{0, "timeout", OPT_DURATION, offsetof(params, member.timeout), "D", "with --wait: give up after this time (exit 124)", NULL, NULL}
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

/* Does so. ERR_IMPOSSIBLE, ERR_TIMEOUT, ERR_HORIZON. */
int wait_after(struct ctx *ctx, struct err *e);

/* The ids in the answer that a repeated request got. */
void wait_made(struct ctx *ctx, struct slice answer);

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
