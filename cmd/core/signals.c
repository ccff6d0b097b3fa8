#include "core/signals.h"

static const int order[] = {
    SIGTSTP, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGCONT, SIGCHLD, SIGWINCH};

static volatile sig_atomic_t came[NSIG];

static void
note_signal(int number)
{
	came[number] = 1;
}

void
signals_hold(const int *numbers, size_t n, sigset_t *open_mask)
{
	struct sigaction action = {.sa_handler = note_signal};
	sigset_t held;
	size_t i;

	sigemptyset(&held);
	for (i = 0; i < n; i++) {
		sigaddset(&held, numbers[i]);
		sigaction(numbers[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &held, open_mask);
}

int
signals_next(void)
{
	size_t i;

	for (i = 0; i < sizeof order / sizeof *order; i++)
		if (came[order[i]]) {
			came[order[i]] = 0;
			return order[i];
		}
	return 0;
}
