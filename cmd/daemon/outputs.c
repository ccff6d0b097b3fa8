/* outputs: the stdout and stderr of supervised processes: log/NAME.out and log/NAME.err. */
#include "daemon/supervision.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MODE 0660

/* With a size limit the child writes into a pipe that is copied here; else into the file itself. */
static int
output_begin(struct supervision *s, int dir, int i, int *child, struct err *e)
{
	static const char *const ends[] = {"out", "err"};
	const char *name = arena_printf(&s->keep[s->which], "%s.%s", s->spec.name, ends[i]);
	int ends_of_pipe[2];

	if (!s->log_limit) {
		*child = output_direct(dir, name, MODE, e);
		return *child < 0 ? -1 : 0;
	}
	if (output_open(&s->files[i], dir, name, MODE, e))
		return -1;
	output_limit(&s->files[i], s->log_limit, (unsigned)s->log_keep);
	if (pipe2(ends_of_pipe, O_CLOEXEC))
		return err_set(e, ERR_NO, "cannot make a pipe: %s", strerror(errno));
	fcntl(ends_of_pipe[0], F_SETFL, O_NONBLOCK);
	s->pipes[i] = ends_of_pipe[0];
	*child = ends_of_pipe[1];
	return 0;
}

int
outputs_open(struct supervision *s, int child[2], struct err *e)
{
	int dir, bad, i;

	child[0] = child[1] = -1;
	if (s->foreground) {
		child[0] = fcntl(1, F_DUPFD_CLOEXEC, 3);
		child[1] = fcntl(2, F_DUPFD_CLOEXEC, 3);
		return 0;
	}
	dir = store_subdir(s->ctx->store, "log", e);
	if (dir < 0)
		return -1;
	s->logs = dir;
	bad = output_begin(s, dir, 0, &child[0], e) || output_begin(s, dir, 1, &child[1], e);
	for (i = 0; bad && i < 2; i++)
		if (child[i] >= 0)
			close(child[i]);
	return bad ? -1 : 0;
}

bool
outputs_copy(struct supervision *s)
{
	bool more = false;

	for (int i = 0; i < 2; i++) {
		if (s->pipes[i] < 0)
			continue;
		if (output_copy(&s->files[i], s->pipes[i])) {
			more = true;
			continue;
		}
		close(s->pipes[i]);
		s->pipes[i] = -1;
	}
	return more;
}

void
outputs_close(struct supervision *s)
{
	for (int i = 0; i < 2; i++) {
		if (s->pipes[i] >= 0)
			close(s->pipes[i]);
		s->pipes[i] = -1;
		if (s->log_limit && !s->foreground)
			output_close(&s->files[i]);
	}
	if (s->logs >= 0)
		close(s->logs);
	s->logs = -1;
}
