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

#define USER_SIZE 256

/* /etc/passwd first: asking all name services costs more. */
static const char *
user_name(char to[USER_SIZE], unsigned long uid)
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
			return strcpy(to, name);
	}
	p = getpwuid((uid_t)uid);
	if (!p)
		return NULL;
	snprintf(to, USER_SIZE, "%s", p->pw_name);
	return to;
}

/* Seam "by=UID:USER:HOST": makes rows independent of the user and host that run the test. */
static bool
by_staged(struct by *by, char user[USER_SIZE], char host[HOST_NAME_MAX + 1])
{
	const char *staged = seam("by");

	if (!staged || sscanf(staged, "%" SCNu64 ":%63[^:]:%63s", &by->uid, user, host) != 3)
		return false;
	by->user = user;
	by->host = host;
	return true;
}

/* Static buffers: ctx->by serves all transactions, and the turn's memory is reused. */
void
by_fill(struct ctx *ctx)
{
	static char host[HOST_NAME_MAX + 1], user[USER_SIZE];

	if (ctx->by.pid)
		return;
	ctx->by.pid = process_id_number(getpid());
	if (by_staged(&ctx->by, user, host))
		return;
	if (gethostname(host, sizeof host - 1))
		host[0] = '\0';
	ctx->by.user = user_name(user, ctx->by.uid);
	ctx->by.host = host;
}
