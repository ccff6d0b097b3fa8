#include "core/by.h"

#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/cmd.h"

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

void
by_fill(struct ctx *ctx)
{
	char host[HOST_NAME_MAX + 1] = "";

	if (ctx->by.pid)
		return;
	if (gethostname(host, sizeof host - 1))
		host[0] = '\0';
	ctx->by.pid = (uint64_t)getpid();
	ctx->by.user = user_name(ctx, ctx->by.uid);
	ctx->by.host = arena_strdup(ctx->arena, host);
}
