#include "core/child_signals.h"

#include <unistd.h>

#include "base/clock.h"
#include "core/signals.h"
#include "proc/descendants.h"
#include "proc/reap.h"
#include "proc/terminal.h"

static const int passed[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGCONT, SIGCHLD};
#define PASSED (sizeof passed / sizeof *passed)

/* A signal that is ignored here stays ignored (nohup, a shell's background job). */
static bool
is_ignored(int number)
{
	struct sigaction action;

	return number != SIGCHLD && !sigaction(number, NULL, &action) &&
	       action.sa_handler == SIG_IGN;
}

/* Stop and continue signals keep their default action while no child runs. */
void
child_signals_block(sigset_t *before)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t set;
	size_t i;

	sigaction(SIGCHLD, &action, NULL); /* if ignored, the exit code would be lost */
	sigemptyset(&set);
	for (i = 0; i < PASSED; i++)
		if (passed[i] != SIGCONT && !is_ignored(passed[i]))
			sigaddset(&set, passed[i]);
	sigprocmask(SIG_BLOCK, &set, before);
	sigdelset(before, SIGCHLD);
}

void
child_signals_hold(sigset_t *open_mask)
{
	int held[PASSED];
	size_t n = 0, i;

	for (i = 0; i < PASSED; i++)
		if (!is_ignored(passed[i]))
			held[n++] = passed[i];
	signals_hold(held, n, open_mask);
}

void
child_signals_begin(const struct child_signals *c)
{
	static const int stop = SIGTSTP;

	if (c->foreground && !is_ignored(stop))
		signals_hold(&stop, 1, NULL);
}

static void
child_changed(const struct child_signals *c)
{
	int stopped;

	descendants_reap(c->child);
	stopped = c->foreground ? reap_stopped(c->child) : 0;
	if (stopped)
		terminal_suspend(STDIN_FILENO, c->child, stopped);
}

void
child_signals_pass(const struct child_signals *c, int number)
{
	if (number == SIGCHLD) {
		child_changed(c);
		return;
	}
	if (c->foreground)
		terminal_lend(STDIN_FILENO, c->child);
	if (number != SIGCONT)
		descendants_signal(c->child, number);
}

void
child_signals_stop(struct child_signals *c, uint64_t grace_ms)
{
	descendants_signal(c->child, SIGTERM);
	descendants_signal(c->child, SIGCONT);
	c->kill_ms = clock_monotonic_ms() + grace_ms;
}
