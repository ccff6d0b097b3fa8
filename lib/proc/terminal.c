#include <signal.h>
#include <stdbool.h>
#include <unistd.h>
#include "proc/terminal.h"

/* Works from the background too: SIGTTOU is blocked. */
static void
foreground_set(int fd, pid_t from, pid_t to)
{
	sigset_t output, before;

	if (tcgetpgrp(fd) != from)
		return;
	sigemptyset(&output);
	sigaddset(&output, SIGTTOU);
	sigprocmask(SIG_BLOCK, &output, &before);
	tcsetpgrp(fd, to);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

void
terminal_lend(int fd, pid_t child)
{
	foreground_set(fd, getpgrp(), child);
}

void
terminal_return(int fd, pid_t child)
{
	foreground_set(fd, child, getpgrp());
}

/* SIGSTOP would also stop an orphaned group, for ever; signals of the terminal do not. */
static void
group_stop(int signal)
{
	struct sigaction stop = {.sa_handler = SIG_DFL}, before;
	sigset_t one, mask;

	if (signal == SIGSTOP)
		signal = SIGTSTP;
	sigemptyset(&one);
	sigaddset(&one, signal);
	sigaction(signal, &stop, &before);
	kill(0, signal);
	sigprocmask(SIG_UNBLOCK, &one, &mask);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigaction(signal, &before, NULL);
}

void
terminal_suspend(int fd, pid_t child, int signal)
{
	bool wants = signal == SIGTTIN || signal == SIGTTOU;

	if (!wants || tcgetpgrp(fd) != getpgrp()) {
		terminal_return(fd, child);
		group_stop(signal);
	}
	terminal_lend(fd, child);
	kill(-child, SIGCONT);
}
