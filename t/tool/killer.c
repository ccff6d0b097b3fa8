/*
 * killer: starts writers and kills them with SIGKILL at random moments, while other writers and
 * readers go on. $GCS_BIN is the program, $GCS_DIR the store.
 *
 *   killer KILLS SEED    kills KILLS writers
 *
 * A moment lies between the start and a bound that grows with each writer killed and shrinks with
 * each that finished first, so that on any machine about as many finish as are killed.
 *
 * Prints what was acknowledged (the program exited 0), a line each:
 *
 *   put KEY              a key was put
 *   three NAME           NAME.1, NAME.2 and NAME.3 were put in one batch
 *   add N                a number was increased, to N
 *   node NAME            a node was registered and its key own.NAME put, in one batch
 *   fail NAME            that node failed
 *   sure N               the writer that is never killed added to "sure" N times
 *   killed N             N writers were killed
 *
 * Exits with 1 if a reader, or the writer that is never killed, failed, or if anything hangs for a
 * minute.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define VICTIMS 3
#define READERS 2
#define HANG_S 60
#define BOUND_US 12000 /* initially */
#define BOUND_LEAST_US 1000
#define BOUND_MOST_US 900000

extern char **environ;

struct shared {
	volatile int started, killed, sure;
	volatile long bound_us; /* set by all without a lock: any of the values will do */
	volatile bool over;
};

struct call {
	const char *argv[12];
	char input[256]; /* for stdin */
	char output[64]; /* the start of stdout */
};

static const char *program;

static void
failed(const char *what)
{
	fprintf(stderr, "killer: %s\n", what);
	exit(1);
}

static pid_t
start(const struct call *call, int *out)
{
	int in[2], to[2];
	pid_t pid;

	if (pipe2(in, O_CLOEXEC) || pipe2(to, O_CLOEXEC))
		failed("no pipe");
	if (write(in[1], call->input, strlen(call->input)) < 0)
		failed("no input");
	close(in[1]);
	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		dup2(in[0], 0);
		dup2(to[1], 1);
		dup2(null, 2);
		execv(program, (char **)(void *)call->argv);
		_exit(127);
	}
	close(in[0]);
	close(to[1]);
	*out = to[0];
	return pid;
}

/* Kills it after kill_us microseconds (-1: never). Returns its status. */
static int
run(struct call *call, long kill_us)
{
	int out, status;
	pid_t pid;
	size_t n = 0;
	ssize_t part;

	alarm(HANG_S); /* for each call: many calls are no sign that one hangs */
	pid = start(call, &out);
	if (pid < 0)
		failed("no process");
	if (kill_us >= 0) {
		nanosleep(&(struct timespec){0, kill_us * 1000}, NULL);
		kill(pid, SIGKILL);
	}
	while (n < sizeof call->output - 1 &&
	       (part = read(out, call->output + n, sizeof call->output - 1 - n)) > 0)
		n += (size_t)part;
	call->output[n] = '\0';
	close(out);
	if (waitpid(pid, &status, 0) != pid)
		failed("a process is lost");
	return status;
}

/* Prints an acknowledgement in one write, so that lines stay whole. */
static void
tell(const char *what, const char *name)
{
	char line[128];
	int n = snprintf(line, sizeof line, "%s %s\n", what, name);

	if (write(1, line, (size_t)n) != n)
		failed("no output");
}

static void
bound_move(struct shared *all, bool killed)
{
	long bound = all->bound_us, step = bound / 16;

	if (killed && bound < BOUND_MOST_US)
		all->bound_us = bound + step;
	if (!killed && bound > BOUND_LEAST_US)
		all->bound_us = bound - step;
}

static void
attack(struct shared *all, unsigned *seed, struct call *call, const char *what, const char *name)
{
	int status = run(call, rand_r(seed) % all->bound_us);

	bound_move(all, WIFSIGNALED(status));
	if (WIFSIGNALED(status))
		__sync_fetch_and_add(&all->killed, 1);
	else if (WEXITSTATUS(status) == 0)
		tell(what, strcmp(what, "add") == 0 ? strtok(call->output, "\n") : name);
	else if (strcmp(what, "fail") != 0)
		failed("a writer failed");
}

static void
victim(struct shared *all, int number, int kills, unsigned seed)
{
	char name[32], key[48];

	while (all->killed < kills) {
		int n = __sync_add_and_fetch(&all->started, 1);
		struct call put = {{program, "kv", "put", name, "1"}, "", ""};
		struct call add = {{program, "kv", "add", "count", "1"}, "", ""};
		struct call three = {{program, "batch"}, "", ""}, node = three;
		struct call fail = {{program, "node", "fail", name, "-m", "killed"}, "", ""};

		snprintf(name, sizeof name, "v%d.%d", number, n);
		snprintf(key, sizeof key, "own.%s", name);
		snprintf(three.input, sizeof three.input,
		    "kv put %s.1 1\nkv put %s.2 1\nkv put %s.3 1\n", name, name, name);
		snprintf(node.input, sizeof node.input,
		    "node register %s\nkv put %s 1 --owner %s\n", name, key, name);
		switch (n % 4) {
		case 0:
			attack(all, &seed, &put, "put", name);
			break;
		case 1:
			attack(all, &seed, &three, "three", name);
			break;
		case 2:
			attack(all, &seed, &add, "add", NULL);
			break;
		case 3:
			attack(all, &seed, &node, "node", name);
			attack(all, &seed, &fail, "fail", name);
			break;
		}
	}
}

static void
reader(struct shared *all, int number)
{
	struct call list = {{program, "kv", "list", "-a", "-o", "json"}, "", ""};
	struct call status = {{program, "status"}, "", ""};

	while (!all->over)
		if (run(number % 2 ? &list : &status, -1) != 0)
			failed("a reader failed");
}

static void
sure_writer(struct shared *all)
{
	struct call add = {{program, "kv", "add", "sure", "1"}, "", ""};

	for (; !all->over; all->sure++)
		if (run(&add, -1) != 0)
			failed("the writer that nobody kills failed");
}

/* Waits for n processes; true if one of them failed. */
static bool
ended(const pid_t *pids, int n)
{
	bool bad = false;
	int status;

	for (int i = 0; i < n; i++)
		if (waitpid(pids[i], &status, 0) != pids[i] || status != 0)
			bad = true;
	return bad;
}

int
main(int argc, char **argv)
{
	struct shared *all =
	    mmap(NULL, sizeof *all, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t victims[VICTIMS], others[READERS + 1];
	int kills = argc == 3 ? atoi(argv[1]) : 0;
	unsigned seed = argc == 3 ? (unsigned)atoi(argv[2]) : 0;
	char text[32];
	bool bad;

	program = getenv("GCS_BIN");
	if (all == MAP_FAILED || !program || kills <= 0)
		failed("see the head of t/tool/killer.c");
	all->bound_us = BOUND_US;
	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < VICTIMS; i++)
		if ((victims[i] = fork()) == 0) {
			victim(all, i, kills, seed * VICTIMS + (unsigned)i);
			exit(0);
		}
	for (int i = 0; i <= READERS; i++)
		if ((others[i] = fork()) == 0) {
			if (i < READERS)
				reader(all, i);
			else
				sure_writer(all);
			exit(0);
		}
	bad = ended(victims, VICTIMS);
	all->over = true;
	bad |= ended(others, READERS + 1);
	snprintf(text, sizeof text, "%d", all->sure);
	tell("sure", text);
	snprintf(text, sizeof text, "%d", all->killed);
	tell("killed", text);
	return bad;
}
