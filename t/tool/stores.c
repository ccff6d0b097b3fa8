/*
 * stores: two things that a program can do with lib/store, and must not. $GCS_DIR is the store.
 *
 *   stores twice    opens it twice
 *   stores fork     opens it, forks, and writes in the child
 *
 * Exits with the code of the refusal, and prints the reason.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "store/store.h"

static int
nothing(struct txn *txn, void *argument, struct err *e)
{
	(void)txn, (void)argument, (void)e;
	return 0;
}

static int
twice(const char *dir, const struct store_options *options, struct err *e)
{
	struct store *second;

	if (store_open(&second, dir, options, e))
		return (int)e->code;
	store_close(second);
	return 0;
}

static int
in_child(struct store *store, struct err *e)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		int bad = store_write(store, false, nothing, NULL, e);

		if (bad)
			fprintf(stderr, "%s\n", e->text);
		_exit(bad ? (int)e->code : 0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 1;
	return WEXITSTATUS(status);
}

int
main(int argc, char **argv)
{
	struct store_options options = {.lock_timeout_ms = 1000};
	const char *dir = getenv("GCS_DIR");
	struct store *store;
	struct err e = {0};
	int code;

	if (argc != 2 || !dir || store_open(&store, dir, &options, &e)) {
		fprintf(stderr, "stores: %s\n", e.text);
		return 2;
	}
	if (strcmp(argv[1], "twice") == 0) {
		code = twice(dir, &options, &e);
		if (code)
			fprintf(stderr, "%s\n", e.text);
	} else {
		code = in_child(store, &e);
	}
	store_close(store);
	return code;
}
