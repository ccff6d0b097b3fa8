#include "core/child_signals.h"

#include "core/cmd.h"

#include <stddef.h>
#include <unistd.h>

#include "base/clock.h"
#include "model/timers.h"
#include "proc/descendants.h"
#include "proc/reap.h"
#include "proc/terminal.h"

/*
 * In the order in which they are passed on: what stops a process before what ends or continues it.
 */
static const int noted[] = {
    SIGTSTP, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGCONT, SIGCHLD};
#define NOTED (ARRAY_LENGTH(noted))

static volatile sig_atomic_t came[NSIG];

static void
note_signal(int number)
{
	came[number] = 1;
}

static bool
signal_take(int number)
{
	bool there = came[number];

	came[number] = 0;
	return there;
}

int
child_signals_signal(void)
{
	size_t i;

	for (i = 0; i < NOTED; i++)
		if (noted[i] != SIGCHLD && signal_take(noted[i]))
			return noted[i];
	return 0;
}

/* One that is ignored here stays so (nohup, a shell's job in the background). */
static bool
is_ignored(int number)
{
	struct sigaction action;

	return number != SIGCHLD && !sigaction(number, NULL, &action) &&
	       action.sa_handler == SIG_IGN;
}

static void
signal_note(int number)
{
	struct sigaction action = {.sa_handler = note_signal};
	sigset_t one;

	if (is_ignored(number))
		return;
	sigemptyset(&one);
	sigaddset(&one, number);
	sigaction(number, &action, NULL);
	sigprocmask(SIG_BLOCK, &one, NULL);
}

/* What stops or continues us works as ever while nothing runs. */
void
child_signals_hold(sigset_t *before)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t set;
	size_t i;

	sigaction(SIGCHLD, &action, NULL); /* ignored, it would take the exit code away */
	sigemptyset(&set);
	for (i = 0; i < NOTED; i++)
		if (noted[i] != SIGTSTP && noted[i] != SIGCONT && !is_ignored(noted[i]))
			sigaddset(&set, noted[i]);
	sigprocmask(SIG_BLOCK, &set, before);
	sigdelset(before, SIGCHLD);
}

void
child_signals_set(void)
{
	size_t i;

	for (i = 0; i < NOTED; i++)
		if (noted[i] != SIGTSTP)
			signal_note(noted[i]);
}

void
child_signals_begin(const struct child_signals *t)
{
	if (t->foreground)
		signal_note(SIGTSTP);
}

void
child_signals_pass(const struct child_signals *t)
{
	int number, stopped;

	while ((number = child_signals_signal())) {
		if (t->foreground)
			terminal_lend(STDIN_FILENO, t->child);
		if (number != SIGCONT)
			descendants_signal(t->child, number);
	}
	if (!signal_take(SIGCHLD))
		return;
	descendants_reap(t->child);
	stopped = t->foreground ? reap_stopped(t->child) : 0;
	if (stopped)
		terminal_suspend(STDIN_FILENO, t->child, stopped);
}

void
child_signals_stop(struct child_signals *t, uint64_t grace_ms)
{
	descendants_signal(t->child, SIGTERM);
	descendants_signal(t->child, SIGCONT);
	t->kill_ms = clock_monotonic_ms() + grace_ms;
}

static int
tick_body(struct ctx *ctx, void *argument, struct err *e)
{
	return timers_apply(ctx->cluster, argument, e);
}

int
child_signals_tick(struct ctx *ctx, struct err *e)
{
	bool more;

	return ctx_write(ctx, true, tick_body, &more, e);
}
