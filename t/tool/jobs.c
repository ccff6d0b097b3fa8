/*
 * jobs: the timings of running jobs that need a program; prints words for t/bench-jobs.
 *
 *   jobs compare ROUNDS -- COMMAND… [-- COMMAND…]…    per command: median in µs of fork, exec and
 *                                                     wait, failures; {--} becomes --
 *   jobs turns TIMES WAITING GCS COMMAND…             median and maximum in µs between the end of
 *                                                     one job and the start of the next, while
 *                                                     WAITING more are queued: COMMAND… runs
 *                                                     `jobs holds`
 *   jobs holds                                        prints when it began, ends when it reads a byte
 *   jobs idle SECONDS PID                             voluntary switches, RSS and RssAnon in KiB
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/array.h"

#define MOST 16 /* commands to compare */

static _Noreturn void
fail(const char *what)
{
	fprintf(stderr, "jobs: %s: %s\n", what, strerror(errno));
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

/* --- compare --- */

struct contender {
	char **words;
	int64_t *took;
	size_t failed;
};

static size_t
contenders(char **words, struct contender *c, size_t rounds)
{
	size_t n = 0;

	for (; *words; words++) {
		if (!strcmp(*words, "{--}"))
			*words = "--";
		else if (!strcmp(*words, "--")) {
			*words = NULL;
			if (n == MOST)
				fail("too many commands");
			c[n++] = (struct contender){words + 1, calloc(rounds, sizeof(int64_t)), 0};
		}
	}
	return n;
}

/* By fork, as a shell does: the baseline. */
static pid_t
start(char **words, int in, int out)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (pid)
		return pid;
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0)
		_exit(126);
	execvp(words[0], words);
	_exit(127);
}

static int64_t
once(struct contender *c, int null)
{
	int64_t began = now_ns();
	int status = -1;
	pid_t pid = start(c->words, null, null);

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	c->failed += status != 0;
	return now_ns() - began;
}

static int
compare(char **words)
{
	struct contender c[MOST];
	size_t rounds = number(words[0]), n = contenders(words, c, rounds), i, k;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (i = 0; i < rounds + 2; i++)
		for (k = 0; k < n; k++) {
			struct contender *turn = &c[(k + i) % n];
			int64_t took = once(turn, null);

			if (i >= 2) /* after two warm-up rounds */
				turn->took[i - 2] = took;
		}
	for (k = 0; k < n; k++) {
		qsort(c[k].took, rounds, sizeof(int64_t), order);
		printf("%.1f %zu\n", (double)c[k].took[rounds / 2] / 1000, c[k].failed);
	}
	return 0;
}

/* --- turns --- */

static int
holds(char **words)
{
	char byte;

	(void)words;
	printf("%lld\n", (long long)now_ns());
	fflush(stdout);
	while (read(0, &byte, 1) < 0 && errno == EINTR)
		;
	return 0;
}

/* Each line begins with the time it was written. */
static int64_t
stamp_read(int fd)
{
	char line[32];
	size_t n = 0;

	if (poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 60000) <= 0)
		fail("nobody's turn came");
	while (n < sizeof line - 1 && read(fd, line + n, 1) == 1 && line[n] != '\n')
		n++;
	line[n] = '\0';
	return strtoll(line, NULL, 10);
}

/* The number of PENDING tasks, according to gcs. */
static size_t
pending(const char *gcs)
{
	char command[512], text[64] = "";
	FILE *f;

	snprintf(command, sizeof command, "%s task list --filter state=PENDING -o id | wc -l", gcs);
	f = popen(command, "re");
	if (!f || !fgets(text, sizeof text, f))
		fail(gcs);
	pclose(f);
	return strtoul(text, NULL, 10);
}

static void
wait_for(const char *gcs, size_t waiting)
{
	int64_t end = now_ns() + 300000000000;

	while (pending(gcs) < waiting) {
		if (now_ns() > end) {
			errno = ETIMEDOUT;
			fail("they do not wait");
		}
		nanosleep(&(struct timespec){0, 100000000}, NULL);
	}
}

/* A byte ends the one that runs, since only it reads. */
static int
turns(char **words)
{
	size_t times = number(words[0]), waiting = number(words[1]), i;
	int64_t *took = calloc(times, sizeof *took), released;
	int in[2], out[2], status, failed = 0;

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		fail("pipe");
	for (i = 0; i <= waiting; i++)
		start(words + 3, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	stamp_read(out[0]);
	wait_for(words[2], waiting);
	for (i = 0; i < times; i++) {
		released = now_ns();
		if (write(in[1], "x", 1) != 1)
			fail("release");
		took[i] = stamp_read(out[0]) - released;
		if (took[i] <= 0) {
			errno = EPROTO;
			fail("one began before its turn");
		}
	}
	close(in[1]); /* the others end in their turn */
	for (i = 0; i <= waiting; i++)
		if (wait(&status) < 0 || status)
			failed++;
	qsort(took, times, sizeof *took, order);
	printf("%.1f %.1f %d\n", (double)took[times / 2] / 1000, (double)took[times - 1] / 1000,
	    failed);
	return 0;
}

/* --- idle --- */

static long
status_number(const char *pid, const char *name)
{
	char path[64], line[256];
	size_t n = strlen(name);
	long value = -1;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%s/status", pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof line, f))
		if (!strncmp(line, name, n))
			value = strtol(line + n, NULL, 10);
	if (!f || value < 0)
		fail(path);
	fclose(f);
	return value;
}

static int
idle(char **words)
{
	long before = status_number(words[1], "voluntary_ctxt_switches:");
	struct timespec t = {.tv_sec = (time_t)number(words[0])};

	nanosleep(&t, NULL);
	printf("%ld %ld %ld\n", status_number(words[1], "voluntary_ctxt_switches:") - before,
	    status_number(words[1], "VmRSS:"), status_number(words[1], "RssAnon:"));
	return 0;
}

static const struct {
	const char *name;
	int words, (*run)(char **);
} verbs[] = {{"compare", 3, compare}, {"turns", 4, turns}, {"holds", 0, holds}, {"idle", 2, idle}};

int
main(int argc, char **argv)
{
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(verbs); i++)
		if (argc > 1 + verbs[i].words && !strcmp(argv[1], verbs[i].name))
			return verbs[i].run(argv + 2);
	fprintf(stderr, "jobs: see the head of t/tool/jobs.c\n");
	return 2;
}
