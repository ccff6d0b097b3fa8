#include "core/by.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/seam.h"
#include "core/cmd.h"
#include "proc/process_id.h"

/* From /etc/passwd where it stands there, which is cheaper than to ask all services. */
static const char *
user_name(struct ctx *ctx, unsigned long uid)
{
	char text[4096], name[64];
	const char *line = text;
	int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC), end;
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
	struct passwd *p;
	unsigned long its;

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	for (; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		end = 0;
		if (sscanf(line, "%63[^:\n]:%*[^:\n]:%lu:%n", name, &its, &end) == 2 && end &&
		    its == uid)
			return arena_strdup(ctx->arena, name);
	}
	p = getpwuid((uid_t)uid);
	return p ? arena_strdup(ctx->arena, p->pw_name) : NULL;
}

/* Seam "by=UID:USER:HOST": rows are the same whoever runs the test, and where. */
static bool
by_staged(struct ctx *ctx)
{
	const char *staged = seam("by");
	char user[64], host[64];

	if (!staged || sscanf(staged, "%" SCNu64 ":%63[^:]:%63s", &ctx->by.uid, user, host) != 3)
		return false;
	ctx->by.user = arena_strdup(ctx->arena, user);
	ctx->by.host = arena_strdup(ctx->arena, host);
	return true;
}

void
by_fill(struct ctx *ctx)
{
	char host[HOST_NAME_MAX + 1] = "";

	if (ctx->by.pid)
		return;
	ctx->by.pid = process_id_number(getpid());
	if (by_staged(ctx))
		return;
	if (gethostname(host, sizeof host - 1))
		host[0] = '\0';
	ctx->by.user = user_name(ctx, ctx->by.uid);
	ctx->by.host = arena_strdup(ctx->arena, host);
}
