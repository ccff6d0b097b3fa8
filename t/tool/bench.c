/*
 * bench: times whole processes, started by posix_spawn. Compared commands take turns within one
 * run, so that variations of the machine affect all alike; results are words for the scripts.
 *
 *   bench compare [OPTIONS] ROUNDS -- COMMAND… [-- COMMAND…]…
 *           for each command: median in µs, failed runs
 *   bench pair [OPTIONS] PAIRS -- OLD COMMAND… -- NEW COMMAND…
 *           median of new/old, lower and upper bound of its 95 % interval, median in µs of old and
 *           of new, failed runs
 *   bench crowd AT_A_TIME RUNS ROUNDS -- COMMAND… [-- COMMAND…]…
 *           for each command: runs a second (median), failed runs
 *   bench memory COMMAND…
 *           peak in KiB: all pages, anonymous pages; the command runs twice
 *   bench wake TIMES GCS
 *           median in µs: bell to line, start of put to line; how often both were seen at once
 *   bench beat SECONDS A_SECOND NODES PID GCS
 *           heartbeats, failures, processor time of PID in % of a core, heartbeats a second
 *
 * Options of compare and pair:
 *   -w N    N rounds to warm up, not timed (2)
 *   -b SH   a shell command before each run, not timed
 *   -a SH   one after each run: if it fails, the run has failed
 * Both shell commands get the number of the command as $1 and that of the round as $2, from 1 on.
 *
 * In an argument {} is replaced by a number never used before, {#} by the round, counting those
 * to warm up, and {--} by --.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
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

struct contest {
	size_t rounds, warm, n;
	char *before, *after; /* shell commands, or NULL */
	struct contender c[MOST];
};

/* Splits words at --; NULL replaces each --. */
static void
contenders(struct contest *t, char **words)
{
	for (; *words; words++) {
		if (!strcmp(*words, "{--}")) {
			*words = "--";
			continue;
		}
		if (strcmp(*words, "--") != 0)
			continue;
		*words = NULL;
		if (t->n == MOST)
			fail("too many commands");
		t->c[t->n++] = (struct contender){words + 1, calloc(t->rounds, sizeof(int64_t)), 0};
	}
}

/* Reads options, the number of rounds, commands. */
static void
contest_read(struct contest *t, char **words)
{
	t->warm = 2;
	for (; words[0][0] == '-' && words[1]; words += 2)
		switch (words[0][1]) {
		case 'w':
			t->warm = strcmp(words[1], "0") ? number(words[1]) : 0;
			break;
		case 'b':
			t->before = words[1];
			break;
		case 'a':
			t->after = words[1];
			break;
		default:
			errno = EINVAL;
			fail(words[0]);
		}
	t->rounds = number(words[0]);
	contenders(t, words + 1);
}

/* The words with their numbers, in memory that the next call reuses. */
static void
numbered(char **words, size_t round, char **argv)
{
	static unsigned long serial;
	static char text[ARGUMENTS][ROOM];
	const char *at;
	size_t i;

	serial++;
	for (i = 0; words[i] && i < ARGUMENTS; i++) {
		argv[i] = text[i];
		if ((at = strstr(words[i], "{#}")))
			snprintf(text[i], ROOM, "%.*s%zu%s", (int)(at - words[i]), words[i], round,
			    at + 3);
		else if ((at = strstr(words[i], "{}")))
			snprintf(text[i], ROOM, "%.*s%lu-%ld%s", (int)(at - words[i]), words[i],
			    serial, (long)getpid(), at + 2);
		else
			argv[i] = words[i];
	}
	argv[i] = NULL;
}

/* Starts a command with /dev/null for stdin and, unless given, for stdout. */
static pid_t
start(char **words, size_t round, int out)
{
	char *argv[ARGUMENTS + 1];
	posix_spawn_file_actions_t files;
	pid_t pid;

	numbered(words, round, argv);
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

/* Runs a shell command with the numbers of the contender and the round. */
static int
shell(char *line, size_t command, size_t round)
{
	char which[32], when[32];
	char *words[] = {"sh", "-c", line, "sh", which, when, NULL};

	snprintf(which, sizeof which, "%zu", command + 1);
	snprintf(when, sizeof when, "%zu", round + 1);
	return finish(start(words, round + 1, -1));
}

static void
turn(struct contest *t, size_t command, size_t round)
{
	struct contender *c = &t->c[command];
	int64_t began, took;
	int failed;

	if (t->before && shell(t->before, command, round))
		fail(t->before);
	began = now_ns();
	failed = finish(start(c->words, round + 1, -1));
	took = now_ns() - began;
	if (t->after)
		failed |= shell(t->after, command, round);
	c->failed += (size_t)failed;
	if (round >= t->warm)
		c->took[round - t->warm] = took;
}

/* Each round starts with another command. */
static void
contest_run(struct contest *t)
{
	size_t i, k;

	for (i = 0; i < t->warm + t->rounds; i++)
		for (k = 0; k < t->n; k++)
			turn(t, (k + i) % t->n, i);
}

static int
compare(char **words)
{
	struct contest t = {0};
	size_t k;

	contest_read(&t, words);
	contest_run(&t);
	for (k = 0; k < t.n; k++)
		printf("%.1f %zu\n", (double)median(t.c[k].took, t.rounds) / 1000, t.c[k].failed);
	return 0;
}

static int
order_ratios(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/*
 * How many of n sorted values lie below the 95 % interval of their median, and as many above it:
 * the most of which P(B <= cut) <= 0.025, B being the heads in n tosses of a coin. This is the
 * interval of the sign test; it requires only that the pairs are independent (Hollander, Wolfe,
 * Chicken: Nonparametric Statistical Methods, 3rd ed. 2014, section 3.6).
 */
static size_t
interval_cut(size_t n)
{
	long double p = 1, sum;
	size_t i, cut = 0;

	for (i = 0; i < n; i++)
		p /= 2;
	for (sum = p; sum <= 0.025L; sum += p) {
		p *= (long double)(n - cut) / (long double)(cut + 1);
		cut++;
	}
	return cut - 1;
}

static int
pair(char **words)
{
	struct contest t = {0};
	size_t i, n, cut;
	double *ratio;

	contest_read(&t, words);
	n = t.rounds;
	if (t.n != 2 || n < 6 || n > 1000) { /* with fewer pairs there is no such interval */
		errno = EINVAL;
		fail("pair");
	}
	contest_run(&t);
	ratio = calloc(n, sizeof *ratio);
	for (i = 0; i < n; i++)
		ratio[i] = (double)t.c[1].took[i] / (double)t.c[0].took[i];
	qsort(ratio, n, sizeof *ratio, order_ratios);
	cut = interval_cut(n);
	printf("%.4f %.4f %.4f %.1f %.1f %zu\n", (ratio[(n - 1) / 2] + ratio[n / 2]) / 2,
	    ratio[cut], ratio[n - 1 - cut], (double)median(t.c[0].took, n) / 1000,
	    (double)median(t.c[1].took, n) / 1000, t.c[0].failed + t.c[1].failed);
	return 0;
}

static void
one_crowd(struct contender *c, size_t at_a_time, size_t runs)
{
	size_t started = 0, ended = 0;
	int status;

	while (ended < runs) {
		for (; started < runs && started - ended < at_a_time; started++)
			start(c->words, 0, -1);
		if (wait(&status) < 0)
			fail("wait");
		c->failed += status != 0;
		ended++;
	}
}

static int
crowd(char **words)
{
	struct contest t = {.rounds = number(words[2])};
	size_t at_a_time = number(words[0]), runs = number(words[1]), i, k;
	int64_t began;

	contenders(&t, words + 3);
	for (i = 0; i < t.rounds; i++)
		for (k = 0; k < t.n; k++) {
			struct contender *c = &t.c[i % 2 ? t.n - 1 - k : k];

			began = now_ns();
			one_crowd(c, at_a_time, runs);
			c->took[i] = now_ns() - began;
		}
	for (k = 0; k < t.n; k++)
		printf("%.0f %zu\n", (double)runs * 1e9 / (double)median(t.c[k].took, t.rounds),
		    t.c[k].failed);
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

/* Anonymous pages, read around every system call. */
static long
peak_anonymous(char **words)
{
	char *argv[ARGUMENTS + 1];
	long most = 0, kib;
	int status;
	pid_t pid;

	numbered(words, 2, argv);
	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		dup2(null, 0);
		dup2(null, 1);
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execvp(argv[0], argv);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) == pid && !WIFEXITED(status) && !WIFSIGNALED(status)) {
		kib = status_kib(pid, "RssAnon:");
		most = kib > most ? kib : most;
		if (ptrace(PTRACE_SYSCALL, pid, NULL, NULL))
			fail("ptrace");
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		errno = ECHILD;
		fail(words[0]);
	}
	return most;
}

static int
memory(char **words)
{
	struct rusage used;
	int status;
	pid_t pid = start(words, 1, -1);

	if (wait4(pid, &status, 0, &used) != pid || status)
		fail(words[0]);
	printf("%ld %ld\n", used.ru_maxrss, peak_anonymous(words));
	return 0;
}

struct wake {
	int bell, line;	    /* an inotify descriptor, a pipe */
	int64_t rung, came; /* when each was seen */
	char text[65536];   /* the line read */
};

static int
readable(int fd, int timeout_ms)
{
	return poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, timeout_ms) > 0;
}

/* Reads from both until each has delivered something. */
static void
both(struct wake *w)
{
	struct pollfd p[] = {{.fd = w->bell, .events = POLLIN}, {.fd = w->line, .events = POLLIN}};
	char bytes[65536];
	ssize_t n = 0;
	int64_t woken;

	w->rung = w->came = 0;
	while (!w->rung || !w->came) {
		if (poll(p, 2, 5000) <= 0)
			fail("no line came");
		woken = now_ns();
		if (p[0].revents && read(w->bell, bytes, sizeof bytes) > 0 && !w->rung)
			w->rung = woken;
		if (p[1].revents && (n = read(w->line, w->text, sizeof w->text - 1)) > 0)
			w->came = woken;
	}
	w->text[n > 0 ? n : 0] = '\0';
}

/* Discards what came before the timed part. */
static void
drain(struct wake *w, int timeout_ms)
{
	char bytes[65536];

	while (readable(w->line, timeout_ms))
		if (read(w->line, bytes, sizeof bytes) <= 0)
			fail("the watch ended");
	while (readable(w->bell, 0))
		if (read(w->bell, bytes, sizeof bytes) <= 0)
			fail("inotify");
}

/* Puts until the watch reports, then waits until all is quiet. */
static void
wake_ready(struct wake *w, char **put)
{
	do
		if (finish(start(put, 0, -1)))
			fail("put");
	while (!readable(w->line, 50));
	drain(w, 50);
}

/* The line must belong to this put: it names the process that did it. */
static void
wake_check(const struct wake *w, pid_t pid)
{
	char by[32];

	snprintf(by, sizeof by, "\"pid\":%ld,", (long)pid);
	if (finish(pid) || !strstr(w->text, by) || w->came < w->rung) {
		errno = EPROTO;
		fail(w->text);
	}
}

static void
wake_measure(struct wake *w, char **put, size_t times)
{
	int64_t *waking = calloc(times, sizeof *waking), *all = calloc(times, sizeof *all), began;
	size_t i, at_once = 0;
	pid_t pid;

	for (i = 0; i < times; i++) {
		drain(w, 0);
		began = now_ns();
		pid = start(put, 0, -1);
		both(w);
		wake_check(w, pid);
		waking[i] = w->came - w->rung;
		all[i] = w->came - began;
		at_once += w->came == w->rung;
	}
	printf("%.1f %.1f %zu\n", (double)median(waking, times) / 1000,
	    (double)median(all, times) / 1000, at_once);
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
	/* Without it, on few processors, the line arrives before this process sees the bell. */
	sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &(struct sched_param){1});
	if (w.bell < 0 || inotify_add_watch(w.bell, bell, IN_MODIFY) < 0 || pipe2(ends, O_CLOEXEC))
		fail(bell);
	pid = start(watch, 0, ends[1]);
	w.line = ends[0];
	wake_ready(&w, put);
	wake_measure(&w, put, number(words[0]));
	kill(pid, SIGTERM);
	finish(pid);
	return 0;
}

/* The processor time that a process has used. */
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

/* Sends heartbeats for the nodes in turn, each by its own command, this many a second. */
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
		failed += (size_t)finish(start(one, 0, -1));
	}
	wall = now_ns() - began;
	used = cpu_ns(words[3]) - used;
	printf("%zu %zu %.3f %.1f\n", i, failed, 100 * (double)used / (double)wall,
	    (double)i * 1e9 / (double)wall);
	return 0;
}

static const struct {
	const char *name;
	int words, (*run)(char **);
} verbs[] = {{"compare", 3, compare}, {"pair", 5, pair}, {"crowd", 5, crowd}, {"memory", 1, memory},
    {"wake", 2, wake}, {"beat", 5, beat}};

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
