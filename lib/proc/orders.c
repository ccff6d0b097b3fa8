#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include "proc/orders_internal.h"
#include "proc/spawn.h"

/* --- in the child: only system calls and code without locks --- */

/* The order itself, with its descriptors. */
static bool
order_receive(int line, struct orders *o)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(ORDERS_DESCRIPTORS * sizeof(int))];
	} control;
	struct iovec part = {&o->order, sizeof o->order};
	struct msghdr message = {.msg_iov = &part,
	    .msg_iovlen = 1,
	    .msg_control = &control,
	    .msg_controllen = sizeof control};
	struct cmsghdr *header;
	int sent[ORDERS_DESCRIPTORS], i, n = 0;

	if (recvmsg(line, &message, MSG_WAITALL | MSG_CMSG_CLOEXEC) != (ssize_t)sizeof o->order)
		return false;
	header = CMSG_FIRSTHDR(&message);
	if (header)
		memcpy(sent, CMSG_DATA(header), header->cmsg_len - CMSG_LEN(0));
	for (i = 0; i < ORDERS_DESCRIPTORS; i++)
		o->fds[i] = o->order.has[i] ? sent[n++] : -1;
	return true;
}

/* Takes the next text; our own messages are well formed. */
static char *
text_take(char **p)
{
	char *text = *p;

	*p += strlen(text) + 1;
	return text;
}

void *
orders_map(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

bool
orders_receive(int line, struct orders *o)
{
	size_t words, i;
	char *p;

	if (!order_receive(line, o))
		return false;
	words = (size_t)o->order.argc + o->order.envc + 2;
	p = orders_map(words * sizeof(char *) + o->order.size);
	if (!p)
		return false;
	o->argv = (char **)(void *)p;
	o->envp = o->argv + o->order.argc + 1;
	p += words * sizeof(char *);
	if (recv(line, p, o->order.size, MSG_WAITALL) != (ssize_t)o->order.size)
		return false;
	o->cwd = o->order.cwd ? text_take(&p) : NULL;
	for (i = 0; i < o->order.argc; i++)
		o->argv[i] = text_take(&p);
	for (i = 0; i < o->order.envc; i++)
		o->envp[i] = text_take(&p);
	return true;
}

/* --- in the parent --- */

static size_t
texts_size(char *const *texts, uint32_t *n)
{
	size_t size = 0;

	for (*n = 0; texts && texts[*n]; ++*n)
		size += strlen(texts[*n]) + 1;
	return size;
}

static char *
texts_write(char *to, char *const *texts, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		to = stpcpy(to, texts[i]) + 1;
	return to;
}

static int
order_send(int line, const struct spawn *what, struct order *order)
{
	const int fds[ORDERS_DESCRIPTORS] = {
	    what->in, what->out, what->err, what->keep, what->script};
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(ORDERS_DESCRIPTORS * sizeof(int))];
	} control = {.space = {0}};
	struct iovec part = {order, sizeof *order};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control};
	struct cmsghdr *header = &control.align;
	int sent[ORDERS_DESCRIPTORS], i;
	size_t n = 0;

	for (i = 0; i < ORDERS_DESCRIPTORS; i++)
		if (order->has[i])
			sent[n++] = fds[i];
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(n * sizeof(int));
	message.msg_controllen = n ? CMSG_SPACE(n * sizeof(int)) : 0;
	if (n)
		memcpy(CMSG_DATA(header), sent, n * sizeof(int));
	return sendmsg(line, &message, MSG_NOSIGNAL) == (ssize_t)sizeof *order ? 0 : errno;
}

static int
texts_send(int line, const char *texts, size_t size)
{
	ssize_t n;

	for (; size; texts += n, size -= (size_t)n) {
		n = send(line, texts, size, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			n = 0;
		if (n < 0)
			return errno;
	}
	return 0;
}

/* A standard stream that is closed here cannot be passed on. */
static bool
is_open(int fd)
{
	return fd >= 0 && fcntl(fd, F_GETFD) >= 0;
}

int
orders_send(int line, const struct spawn *what)
{
	struct order order = {.umask = what->umask,
	    .has = {is_open(what->in), is_open(what->out), is_open(what->err), is_open(what->keep),
		is_open(what->script)},
	    .foreground = what->foreground,
	    .cwd = what->cwd != NULL,
	    .other = what->user != NULL};
	size_t size = texts_size(what->argv, &order.argc) + texts_size(what->envp, &order.envc) +
		      (what->cwd ? strlen(what->cwd) + 1 : 0);
	char *texts = malloc(size + 1), *p = texts;
	int failed;

	if (!texts)
		return ENOMEM;
	if (what->user)
		order.user = *what->user;
	order.size = (uint32_t)size;
	if (what->cwd)
		p = stpcpy(p, what->cwd) + 1;
	p = texts_write(p, what->argv, order.argc);
	texts_write(p, what->envp, order.envc);
	failed = order_send(line, what, &order);
	if (!failed)
		failed = texts_send(line, texts, size);
	free(texts);
	return failed;
}
