#include "tend.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "proc/reap.h"
#include "proc/spawn.h"
#include "proc/terminal.h"

#define LOOK_MS 1000

static bool
is_ignored(int number)
{
	struct sigaction action;

	return !sigaction(number, NULL, &action) && action.sa_handler == SIG_IGN;
}

static void
passed_on(sigset_t *set)
{
	static const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
	size_t i;

	sigemptyset(set);
	for (i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (!is_ignored(numbers[i]))
			sigaddset(set, numbers[i]);
}

void
tend_hold(sigset_t *before)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t set;

	sigaction(SIGCHLD, &action, NULL); /* ignored, it would take the exit code away */
	passed_on(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, before);
}

static void
group_signal(const struct spawned *child, int number)
{
	kill(-child->pid, number);
}

static void
signals_take(int fd, const struct spawned *child)
{
	struct signalfd_siginfo info;
	int stopped;

	while (read(fd, &info, sizeof info) == (ssize_t)sizeof info) {
		if (info.ssi_signo == SIGCONT)
			terminal_lend(STDIN_FILENO, child->pid);
		else if (info.ssi_signo != SIGCHLD)
			group_signal(child, (int)info.ssi_signo);
		else if ((stopped = reap_stopped(child->pid)))
			terminal_suspend(STDIN_FILENO, child->pid, stopped);
	}
}

struct course {
	const struct spawned *child;
	const struct tending *how;
	uint64_t looked_ms, stopped_ms; /* CLOCK_MONOTONIC */
	bool killed;
};

/* Tells the child to stop, once it is to, and kills it when it did not. */
static void
look(struct course *course)
{
	uint64_t now = clock_monotonic_ms();

	if (!course->how->over || now - course->looked_ms < LOOK_MS)
		return;
	course->looked_ms = now;
	if (course->stopped_ms) {
		if (!course->killed && now - course->stopped_ms >= course->how->grace_ms) {
			group_signal(course->child, SIGKILL);
			course->killed = true;
		}
		return;
	}
	if (!course->how->over(course->how->argument))
		return;
	course->stopped_ms = now;
	group_signal(course->child, SIGTERM);
	group_signal(course->child, SIGCONT);
}

static void
wait_for(struct course *course, int pidfd, int signals)
{
	struct pollfd fds[] = {{.fd = pidfd, .events = POLLIN}, {.fd = signals, .events = POLLIN}};

	while (!(fds[0].revents & POLLIN)) {
		if (poll(fds, 2, course->how->over ? LOOK_MS : -1) < 0)
			continue;
		signals_take(signals, course->child);
		look(course);
	}
}

int
tend(const struct spawned *child, const struct tending *how, struct outcome *outcome, struct err *e)
{
	struct course course = {child, how, clock_monotonic_ms(), 0, false};
	int signals, pidfd = reap_open(child->pid, e), bad;
	sigset_t set;

	if (pidfd < 0)
		return -1;
	passed_on(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGCONT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0) {
		close(pidfd);
		return err_set(e, ERR_NO, "cannot take signals: %s", strerror(errno));
	}
	wait_for(&course, pidfd, signals);
	close(signals);
	close(pidfd);
	bad = reap_take(child->pid, outcome, e);
	terminal_return(STDIN_FILENO, child->pid);
	return bad;
}
