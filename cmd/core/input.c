/* input: outside input, read as a whole. */
#include "core/cmd.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "auth/hash.h"

ssize_t
input_read(int fd, void *to, size_t most, struct err *e)
{
	ssize_t n;

	do
		n = read(fd, to, most);
	while (n < 0 && errno == EINTR);
	return n < 0 ? err_set(e, ERR_STORE, "cannot read: %s", strerror(errno)) : n;
}

int
input_read_all(int fd, size_t most, struct buf *to, struct err *e)
{
	size_t piece = 4096;
	ssize_t n;

	for (;;) {
		n = input_read(fd, buf_reserve(to, piece), piece, e);
		if (n <= 0)
			return (int)n;
		to->n += (size_t)n;
		if (to->n > most)
			return err_set(e, ERR_USAGE, "more than %zu bytes", most);
		if (piece < 65536)
			piece *= 2;
	}
}

void
input_call_add_hash(struct ctx *ctx, const char *hash)
{
	struct buf call = {.arena = ctx->arena};

	buf_add(&call, ctx->call.p, ctx->call.n);
	buf_text(&call, hash);
	ctx->call = buf_slice(&call);
}

int
input_call_add(struct ctx *ctx, struct slice input, struct err *e)
{
	char hash[HASH_TEXT_SIZE];

	if (!ctx->change.request_id)
		return 0;
	if (hash_text(input.p, input.n, hash, e))
		return -1;
	input_call_add_hash(ctx, hash);
	return 0;
}
