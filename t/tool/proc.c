/*
 * proc: the building blocks of lib/proc on their own, as a supervisor that a shell can drive.
 *
 *   proc spawn [WORD=VALUE…] -- COMMAND…   runs it, and prints how it ended; its words are below
 *                                          (`options`)
 *   proc lock take|look|remove DIR NAME    take: prints "taken" and keeps it until stdin ends
 *   proc who look PID                      "PID START BOOT"
 *   proc who is PID START BOOT             dead, alive or unknown
 *   proc put DIR NAME LIMIT KEEP           copies stdin with rotation; prints how many bytes were
 *                                          lost that no file mentions
 *   proc follow DIR NAME LINES             copies to stdout until the file DIR/end exists, then
 *                                          the rest
 *   proc gpus ROOT                         a line for each GPU, and their environment
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "base/array.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "proc/descendants.h"
#include "proc/log_tail.h"
#include "proc/gpu.h"
#include "proc/output.h"
#include "proc/reap.h"
#include "proc/runlock.h"
#include "proc/spawn.h"
#include "proc/terminal.h"
#include "proc/user.h"
#include "proc/process_id.h"

extern char **environ;

static int
failed(const struct err *e)
{
	fprintf(stderr, "proc: %d: %s\n", e->code, e->text);
	return 1;
}

static int
directory(const char *path)
{
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0) {
		perror(path);
		exit(2);
	}
	return dir;
}

/* --- spawn --- */

struct run {
	struct spawn what;
	struct spawned child;
	struct user user;
	struct output output;
	int pipe, signals, pidfd; /* pipe -1: no copying */
	uint64_t grace_ms, deadline_ms;
	bool holds; /* prints "made PID START", then waits for a line on stdin before it says go */
};

static int
file(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	perror(path);
	exit(2);
}

/* "limit=BYTES,KEEP,DIR,NAME": stdout and stderr through a pipe. */
static void
limit_set(struct run *run, char *value)
{
	char *limit = strtok(value, ","), *keep = strtok(NULL, ","), *dir = strtok(NULL, ","),
	     *name = strtok(NULL, ",");
	struct err e;
	int ends[2];

	if (!name || pipe2(ends, O_CLOEXEC) || fcntl(ends[0], F_SETFL, O_NONBLOCK) ||
	    output_open(&run->output, directory(dir), name, 0660, &e))
		exit(2);
	output_limit(&run->output, strtoull(limit, NULL, 10), (unsigned)atoi(keep));
	run->pipe = ends[0];
	run->what.out = run->what.err = ends[1];
}

static void
lock_set(struct run *run, char *value)
{
	char *name = strrchr(value, '/');
	struct err e;

	*name++ = '\0';
	run->what.keep = runlock_take(directory(value), name, 0660, &e);
	if (run->what.keep < 0)
		exit(failed(&e));
}

static void
user_set(struct run *run, char *value)
{
	struct err e;

	if (user_find((uid_t)atoi(value), &run->user, &e))
		exit(failed(&e));
	run->what.user = &run->user;
}

static void
option_set(struct run *run, const char *name, char *value)
{
	struct spawn *what = &run->what;

	if (strcmp(name, "cwd") == 0)
		what->cwd = value;
	else if (strcmp(name, "umask") == 0)
		what->umask = (int)strtol(value, NULL, 8);
	else if (strcmp(name, "user") == 0)
		user_set(run, value);
	else if (strcmp(name, "lock") == 0)
		lock_set(run, value);
	else if (strcmp(name, "in") == 0)
		what->in = *value ? file(value, O_RDONLY) : 0;
	else if (strcmp(name, "out") == 0)
		what->out = file(value, O_WRONLY | O_CREAT | O_APPEND);
	else if (strcmp(name, "limit") == 0)
		limit_set(run, value);
	else if (strcmp(name, "grace") == 0)
		run->grace_ms = strtoull(value, NULL, 10);
	else if (strcmp(name, "hold") == 0)
		run->holds = true;
	else if (strcmp(name, "foreground") == 0)
		what->foreground = true;
	else
		exit(2);
}

static int
signals_open(void)
{
	static const int told[] = {SIGCHLD, SIGTERM, SIGINT, SIGTSTP, SIGCONT};
	sigset_t set;
	size_t i;

	signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&set);
	for (i = 0; i < ARRAY_LENGTH(told); i++)
		sigaddset(&set, told[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void
signal_take(struct run *run)
{
	struct signalfd_siginfo told;
	int stopped;

	while (read(run->signals, &told, sizeof told) == sizeof told) {
		if (told.ssi_signo == SIGTERM) {
			descendants_signal(run->child.pid, SIGTERM);
			run->deadline_ms = clock_monotonic_ms() + run->grace_ms;
		}
		if (told.ssi_signo != SIGCHLD && run->what.foreground)
			terminal_lend(0, run->child.pid);
		if (told.ssi_signo == SIGINT || told.ssi_signo == SIGTSTP)
			kill(-run->child.pid, (int)told.ssi_signo);
		if (told.ssi_signo == SIGCHLD) {
			descendants_reap(run->child.pid);
			stopped = reap_stopped(run->child.pid);
			if (stopped && run->what.foreground)
				terminal_suspend(0, run->child.pid, stopped);
		}
	}
}

/* Runs until the child has ended. Once it is killed, all holders of the pipe are dead too. */
static void
run_wait(struct run *run)
{
	struct pollfd fds[3] = {{.fd = run->pidfd, .events = POLLIN},
	    {.fd = run->signals, .events = POLLIN}, {.fd = run->pipe, .events = POLLIN}};
	struct timespec left = {0};
	uint64_t now;

	while (!reap_ended(run->child.pid)) {
		now = clock_monotonic_ms();
		if (run->deadline_ms && now >= run->deadline_ms) {
			descendants_kill(run->child.pid, 5000);
			continue;
		}
		if (run->deadline_ms) {
			left.tv_sec = (time_t)((run->deadline_ms - now) / 1000);
			left.tv_nsec = (long)((run->deadline_ms - now) % 1000 * 1000000);
		}
		ppoll(fds, 3, run->deadline_ms ? &left : NULL, NULL);
		if (fds[1].revents)
			signal_take(run);
		if (fds[2].revents && !output_copy(&run->output, run->pipe))
			fds[2].fd = -1;
	}
}

static int
run_end(struct run *run)
{
	struct outcome outcome;
	struct err e;
	size_t left;

	if (run->what.foreground)
		terminal_return(0, run->child.pid);
	if (reap_take(run->child.pid, &outcome, &e))
		return failed(&e);
	left = descendants_kill(0, 5000);
	if (run->pipe >= 0) {
		output_copy(&run->output, run->pipe);
		printf("lost=%" PRIu64 " ", output_close(&run->output));
	}
	printf("code=%d signal=%d dumped=%d left=%zu\n", outcome.code, outcome.signal,
	    outcome.dumped, left);
	if (getenv("USAGE"))
		printf("%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", outcome.user_us, outcome.system_us,
		    outcome.rss_max);
	return 0;
}

static int
spawn_run(struct run *run)
{
	struct err e;
	int code;

	if (descendants_adopt(&e) || spawn_make(&run->child, &e))
		return failed(&e);
	if (run->holds) {
		printf("made %d %" PRIu64 "\n", run->child.pid, run->child.start_ticks);
		fflush(stdout);
		if (getchar() == EOF) {
			spawn_drop(&run->child);
			return 0;
		}
	}
	run->pidfd = reap_open(run->child.pid, &e);
	if (run->pidfd < 0 || spawn_go(&run->what, &run->child, &code, &e))
		return failed(&e);
	if (run->what.out > 2)
		close(run->what.out);
	if (code)
		printf("%s\n", e.text);
	run_wait(run);
	return run_end(run);
}

static int
spawn(char **words)
{
	struct run run = {.pipe = -1,
	    .grace_ms = 200,
	    .what = {.in = -1,
		.out = 1,
		.err = 2,
		.keep = -1,
		.script = -1,
		.umask = -1,
		.envp = environ}};
	char *value;

	run.signals = signals_open();
	for (; *words && strcmp(*words, "--") != 0; words++) {
		value = strchr(*words, '=');
		if (!value)
			return 2;
		*value++ = '\0';
		option_set(&run, *words, value);
	}
	if (!*words)
		return 2;
	run.what.argv = words + 1;
	return spawn_run(&run);
}

/* --- the other modes --- */

static int
lock(char **words)
{
	static const char *const names[] = {"none", "free", "held"};
	int dir = directory(words[1]);
	enum runlock_state state;
	struct err e;

	if (strcmp(words[0], "look") == 0) {
		if (runlock_look(dir, words[2], &state, &e))
			return failed(&e);
		return puts(names[state]) < 0;
	}
	if (strcmp(words[0], "remove") == 0)
		return runlock_remove(dir, words[2], &e) ? failed(&e) : 0;
	if (runlock_take(dir, words[2], 0600, &e) < 0)
		return failed(&e);
	puts("taken");
	fflush(stdout);
	while (getchar() != EOF)
		;
	return 0;
}

static int
who(char **words)
{
	static const char *const names[] = {"dead", "alive", "unknown"};
	struct process_id who = {.pid = atoi(words[1])};
	struct err e;

	if (strcmp(words[0], "look") == 0) {
		if (process_id_look(who.pid, &who, &e))
			return failed(&e);
		return printf("%d %" PRIu64 " %s\n", who.pid, who.start_ticks, who.boot_id) < 0;
	}
	who.start_ticks = strtoull(words[2], NULL, 10);
	snprintf(who.boot_id, sizeof who.boot_id, "%s", words[3]);
	return puts(names[process_id_is(&who)]) < 0;
}

static int
put(char **words)
{
	struct output output;
	struct err e;

	signal(SIGXFSZ, SIG_IGN);
	if (output_open(&output, directory(words[0]), words[1], 0660, &e))
		return failed(&e);
	output_limit(&output, strtoull(words[2], NULL, 10), (unsigned)atoi(words[3]));
	while (output_copy(&output, 0))
		;
	return printf("%" PRIu64 "\n", output_close(&output)) < 0;
}

static int
follow(char **words)
{
	uint64_t lines = strcmp(words[2], "all") == 0 ? FOLLOW_ALL : strtoull(words[2], NULL, 10);
	int dir = directory(words[0]);
	bool is_over = false;
	struct log_tail f;
	char text[4096];
	struct err e;
	ssize_t n;

	if (log_tail_open(&f, dir, words[1], lines, &e))
		return failed(&e);
	for (;;) {
		n = log_tail_read(&f, text, sizeof text, &e);
		if (n < 0)
			return failed(&e);
		if (n == 0 && is_over)
			break;
		if (n == 0) {
			is_over = faccessat(dir, "end", F_OK, 0) == 0;
			if (!is_over)
				poll(NULL, 0, 1);
		}
		fwrite(text, 1, (size_t)n, stdout);
		fflush(stdout);
	}
	if (f.skipped)
		fprintf(stderr, "skipped\n");
	log_tail_close(&f);
	return 0;
}

static void
exhausted(void)
{
	abort();
}

static int
gpus(char **words)
{
	static const char *const makers[] = {"nvidia", "amd"};
	static const uint64_t all[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
	struct gpus found;
	struct arena arena;
	struct err e;
	size_t i;

	arena_init(&arena, exhausted);
	gpus_look(words[0], &found);
	for (i = 0; i < found.n; i++)
		printf("%s %" PRIu64 " %s '%s'\n", makers[found.list[i].maker], found.list[i].index,
		    found.list[i].uuid, found.list[i].model);
	for (i = 0; i < 2; i++) {
		struct buf text = {.arena = &arena};

		if (gpus_visible(&found, (enum gpu_maker)i, all,
			words[1] ? (size_t)atoi(words[1]) : found.n, &text, &e))
			return failed(&e);
		printf("%s=%s\n", makers[i], buf_string(&text));
	}
	arena_done(&arena);
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int words;
		int (*run)(char **words);
	} tools[] = {
	    {"spawn", 1, spawn},
	    {"lock", 3, lock},
	    {"who", 2, who},
	    {"put", 4, put},
	    {"follow", 3, follow},
	    {"gpus", 1, gpus},
	};
	size_t i;

	for (i = 0; argc > 1 && i < ARRAY_LENGTH(tools); i++)
		if (strcmp(argv[1], tools[i].name) == 0 && argc - 2 >= tools[i].words)
			return tools[i].run(argv + 2);
	return 2;
}
