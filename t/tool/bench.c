/*
 * bench: times whole processes, started by posix_spawn. What is compared takes turns within one
 * run, so that a machine's moods hit all alike; medians are printed, as words for t/bench.
 *
 *   bench compare ROUNDS -- COMMAND… [-- COMMAND…]…    per command: median in µs, failures
 *   bench crowd AT_A_TIME RUNS ROUNDS -- COMMAND… …    per command: runs a second (median),
 * failures bench memory COMMAND…                              peak in KiB: all pages, pages that
 * are no file's bench wake TIMES GCS                               median in µs: bell to line,
 * start of put to line bench beat SECONDS A_SECOND NODES PID GCS          beats, failures, cpu of
 * PID in % of a core
 *
 * {} in an argument stands for a number that is never the same twice, {#} for one that counts the
 * processes from 1 on.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/array.h"

#define MOST 16	     /* commands to compare */
#define ARGUMENTS 64 /* of a command */
#define ROOM 512     /* bytes of an argument with its number */

extern char **environ;

static _Noreturn void
fail(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	exit(2);
}

static int64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int
order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int64_t
median(int64_t *v, size_t n)
{
	qsort(v, n, sizeof *v, order);
	return n ? v[n / 2] : 0;
}

static size_t
number(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*end || !n || n > 1000000) {
		errno = EINVAL;
		fail(text);
	}
	return n;
}

struct contender {
	char **words;
	int64_t *took;
	size_t failed;
};

/* Words between -- and --; NULL takes the place of each --. */
static size_t
contenders(char **words, struct contender *c, size_t rounds)
{
	size_t n = 0;

	for (; *words; words++) {
		if (strcmp(*words, "--") != 0)
			continue;
		*words = NULL;
		if (n == MOST)
			fail("too many commands");
		c[n++] =
		    (struct contender){.words = words + 1, .took = calloc(rounds, sizeof(int64_t))};
	}
	return n;
}

/* Starts a command with /dev/null for stdin and, unless given, for stdout. */
static pid_t
start(char **words, int out)
{
	static unsigned long serial;
	static char numbered[ARGUMENTS][ROOM];
	char *argv[ARGUMENTS + 1];
	posix_spawn_file_actions_t files;
	const char *at;
	size_t i;
	pid_t pid;

	serial++;
	for (i = 0; words[i] && i < ARGUMENTS; i++) {
		argv[i] = words[i];
		at = strstr(words[i], "{#}");
		if (at)
			snprintf(numbered[i], ROOM, "%.*s%lu%s", (int)(at - words[i]), words[i],
			    serial, at + 3);
		argv[i] = at ? numbered[i] : words[i];
		at = strstr(words[i], "{}");
		if (!at)
			continue;
		snprintf(numbered[i], ROOM, "%.*s%lu-%ld%s", (int)(at - words[i]), words[i], serial,
		    (long)getpid(), at + 2);
		argv[i] = numbered[i];
	}
	argv[i] = NULL;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	if (out < 0)
		posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
	else
		posix_spawn_file_actions_adddup2(&files, out, 1);
	errno = posix_spawnp(&pid, argv[0], &files, NULL, argv, environ);
	if (errno)
		fail(argv[0]);
	posix_spawn_file_actions_destroy(&files);
	return pid;
}

static int
finish(pid_t pid)
{
	int status = -1;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return status != 0;
}

static int
compare(char **words)
{
	struct contender c[MOST];
	size_t rounds = number(words[0]), n = contenders(words, c, rounds), i, k;
	int64_t began;

	for (i = 0; i < rounds + 2; i++)
		for (k = 0; k < n; k++) {
			struct contender *turn = &c[(k + i) % n];
			int failed;

			began = now_ns();
			failed = finish(start(turn->words, -1));
			turn->failed += (size_t)failed;
			if (i >= 2) /* after two rounds to warm up */
				turn->took[i - 2] = now_ns() - began;
		}
	for (k = 0; k < n; k++)
		printf("%.1f %zu\n", (double)median(c[k].took, rounds) / 1000, c[k].failed);
	return 0;
}

static void
one_crowd(struct contender *c, size_t at_a_time, size_t runs)
{
	size_t started = 0, ended = 0;
	int status;

	while (ended < runs) {
		for (; started < runs && started - ended < at_a_time; started++)
			start(c->words, -1);
		if (wait(&status) < 0)
			fail("wait");
		c->failed += status != 0;
		ended++;
	}
}

static int
crowd(char **words)
{
	struct contender c[MOST];
	size_t at_a_time = number(words[0]), runs = number(words[1]), rounds = number(words[2]);
	size_t n = contenders(words, c, rounds), i, k;
	int64_t began;

	for (i = 0; i < rounds; i++)
		for (k = 0; k < n; k++) {
			struct contender *turn = &c[i % 2 ? n - 1 - k : k];

			began = now_ns();
			one_crowd(turn, at_a_time, runs);
			turn->took[i] = now_ns() - began;
		}
	for (k = 0; k < n; k++)
		printf("%.0f %zu\n", (double)runs * 1e9 / (double)median(c[k].took, rounds),
		    c[k].failed);
	return 0;
}

/* A line of /proc/PID/status in KiB, or 0. */
static long
status_kib(pid_t pid, const char *name)
{
	char path[64], line[256];
	size_t n = strlen(name);
	long kib = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof line, f))
		if (!strncmp(line, name, n))
			kib = strtol(line + n, NULL, 10);
	if (f)
		fclose(f);
	return kib;
}

/* The pages that are no file's, looked at around every system call. */
static long
peak_anonymous(char **words)
{
	long most = 0, kib;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		dup2(null, 0);
		dup2(null, 1);
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execvp(words[0], words);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) == pid && !WIFEXITED(status) && !WIFSIGNALED(status)) {
		kib = status_kib(pid, "RssAnon:");
		most = kib > most ? kib : most;
		if (ptrace(PTRACE_SYSCALL, pid, NULL, NULL))
			fail("ptrace");
	}
	return most;
}

static int
memory(char **words)
{
	struct rusage used;
	int status;
	pid_t pid = start(words, -1);

	if (wait4(pid, &status, 0, &used) != pid || status)
		fail(words[0]);
	printf("%ld %ld\n", used.ru_maxrss, peak_anonymous(words));
	return 0;
}

struct wake {
	int bell, line;	    /* an inotify descriptor, a pipe */
	int64_t rung, came; /* when each was seen */
};

static int
readable(int fd, int timeout_ms)
{
	return poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, timeout_ms) > 0;
}

/* Reads what both have, until both have had something. */
static void
both(struct wake *w)
{
	struct pollfd p[] = {{.fd = w->bell, .events = POLLIN}, {.fd = w->line, .events = POLLIN}};
	char bytes[65536];
	int64_t woken;

	w->rung = w->came = 0;
	while (!w->rung || !w->came) {
		if (poll(p, 2, 5000) <= 0)
			fail("no line came");
		woken = now_ns();
		if (p[0].revents && read(w->bell, bytes, sizeof bytes) > 0 && !w->rung)
			w->rung = woken;
		if (p[1].revents && read(w->line, bytes, sizeof bytes) > 0)
			w->came = woken;
	}
}

/* Puts until the watch is there, and then waits until all is quiet. */
static void
wake_ready(struct wake *w, char **put)
{
	char bytes[65536];

	do
		finish(start(put, -1));
	while (!readable(w->line, 50));
	while (readable(w->line, 50))
		if (read(w->line, bytes, sizeof bytes) <= 0)
			fail("the watch ended");
	while (readable(w->bell, 0))
		if (read(w->bell, bytes, sizeof bytes) <= 0)
			fail("inotify");
}

static void
wake_measure(struct wake *w, char **put, size_t times)
{
	int64_t *waking = calloc(times, sizeof *waking), *all = calloc(times, sizeof *all), began;
	size_t i;
	pid_t pid;

	for (i = 0; i < times; i++) {
		began = now_ns();
		pid = start(put, -1);
		both(w);
		finish(pid);
		waking[i] = w->came - w->rung;
		all[i] = w->came - began;
	}
	printf(
	    "%.1f %.1f\n", (double)median(waking, times) / 1000, (double)median(all, times) / 1000);
}

static int
wake(char **words)
{
	char *watch[] = {words[1], "watch", "-o", "jsonl", NULL};
	char *put[] = {words[1], "kv", "put", "wake", "{}", NULL};
	struct wake w = {.bell = inotify_init1(IN_CLOEXEC)};
	char bell[ROOM];
	int ends[2];
	pid_t pid;

	snprintf(bell, sizeof bell, "%s/bell", getenv("GCS_DIR"));
	if (w.bell < 0 || inotify_add_watch(w.bell, bell, IN_MODIFY) < 0 || pipe2(ends, O_CLOEXEC))
		fail(bell);
	pid = start(watch, ends[1]);
	w.line = ends[0];
	wake_ready(&w, put);
	wake_measure(&w, put, number(words[0]));
	kill(pid, SIGTERM);
	finish(pid);
	return 0;
}

/* What a process has had of the processors so far. */
static int64_t
cpu_ns(const char *pid)
{
	char path[64];
	long long ns = -1;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%s/schedstat", pid);
	f = fopen(path, "re");
	if (!f || fscanf(f, "%lld", &ns) != 1)
		fail(path);
	fclose(f);
	return ns;
}

/* Each node beats in its turn, by a command of its own, so many commands a second. */
static int
beat(char **words)
{
	size_t seconds = number(words[0]), rate = number(words[1]), nodes = number(words[2]);
	char node[32], *one[] = {words[4], "node", "heartbeat", node, NULL};
	int64_t began = now_ns(), used = cpu_ns(words[3]), next, wall;
	size_t i, failed = 0;

	for (i = 0; i < seconds * rate; i++) {
		next = began + (int64_t)(i * 1000000000 / rate) - now_ns();
		if (next > 0)
			nanosleep(&(struct timespec){next / 1000000000, next % 1000000000}, NULL);
		snprintf(node, sizeof node, "N%zu", i % nodes + 1);
		failed += (size_t)finish(start(one, -1));
	}
	wall = now_ns() - began;
	used = cpu_ns(words[3]) - used;
	printf("%zu %zu %.3f\n", i, failed, 100 * (double)used / (double)wall);
	return 0;
}

static const struct {
	const char *name;
	int words, (*run)(char **);
} verbs[] = {{"compare", 3, compare}, {"crowd", 5, crowd}, {"memory", 1, memory}, {"wake", 2, wake},
    {"beat", 5, beat}};

int
main(int argc, char **argv)
{
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(verbs); i++)
		if (argc > 1 + verbs[i].words && !strcmp(argv[1], verbs[i].name))
			return verbs[i].run(argv + 2);
	fprintf(stderr, "bench: see the head of t/tool/bench.c\n");
	return 2;
}
