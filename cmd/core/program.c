#include "core/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/seam.h"
#include "core/advice.h"
#include "core/die.h"
#include "core/dispatch.h"

#define CODE_OWN_FAILURE 125 /* of a command that acts for a child */

/* Opens descriptors 0 to 2 if closed, so that no file of the store gets one of their numbers. */
static void
streams_exist(void)
{
	struct pollfd fds[] = {{.fd = 0}, {.fd = 1}, {.fd = 2}};
	bool there = poll(fds, 3, 0) >= 0;
	int fd;

	for (int i = 0; i < 3; i++)
		there = there && !(fds[i].revents & POLLNVAL);
	if (there || seam("no-streams"))
		return;
	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= 2);
	if (fd > 2)
		close(fd);
}

/* A damaged mapped file ends the program here, on a separate stack. */
static void
crashed(int signal_number)
{
	(void)signal_number;
	die("gcs: state damaged, run gcs doctor", "");
}

static void
signals_set(void)
{
	static unsigned char stack[32768];
	stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
	struct sigaction action = {.sa_handler = crashed, .sa_flags = SA_ONSTACK};
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGPIPE, &ignore, NULL);
	if (sigaltstack(&alternate, NULL))
		return;
	sigaction(SIGBUS, &action, NULL);
#ifndef __SANITIZE_ADDRESS__
	sigaction(SIGSEGV, &action, NULL);
#endif
}

static int
failure_code(const struct ctx *ctx, const struct err *e)
{
	if (e->code == ERR_TIMEOUT || !ctx->command)
		return (int)e->code;
	return ctx->command->flags & CMD_STANDS || ctx->after.stands ? CODE_OWN_FAILURE
								     : (int)e->code;
}

/* Prints results only now: after the commit, and not after a failure that held them back. */
static int
finish(struct ctx *ctx, int bad, struct err *e)
{
	struct err output = {0};

	if (bad && ctx->out->holding)
		out_reset(ctx->out);
	if (result_leave(ctx, &output)) {
		*e = bad ? *e : output;
		bad = -1;
	}
	if (!bad || !ctx_json(ctx))
		fputs(buf_string(&ctx->notes), stderr); /* under json an error stands alone */
	if (!bad)
		return ctx->code;
	advice_add(e);
	error_print(ctx, e);
	return failure_code(ctx, e);
}

/*
 * The store stays open to the end: the system closes it sooner than store_close could, and a store
 * must survive a process that just exits.
 */
int
program_run(const struct commands *commands, const struct kinds *kinds, char **words)
{
	static struct ctx ctx; /* static, so that leak checkers see what is still open */
	struct err e = {0};
	struct arena arena, turn, kept;
	struct out out;
	int code;

	streams_exist();
	signals_set();
	umask(007);
	arena_init(&arena, die_exhausted);
	arena_init(&turn, die_exhausted);
	arena_init(&kept, die_exhausted);
	out_init(&out, 1);
	ctx.commands = commands;
	ctx.kinds = kinds;
	ctx.arena = &arena;
	ctx.turn = &turn;
	ctx.kept = &kept;
	ctx.out = &out;
	ctx.by.uid = getauxval(AT_UID);
	ctx.notes = (struct buf){.arena = &arena};
	code = finish(&ctx, dispatch(&ctx, words, &e), &e);
	out_done(&out);
	arena_done(&kept);
	arena_done(&turn);
	arena_done(&arena);
	return code;
}
