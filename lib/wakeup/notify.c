#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/err.h"
#include "wakeup/notify.h"

/* Fills the address and returns its length, 0 if the text is not valid. */
static socklen_t
address_of(const char *text, struct sockaddr_un *address)
{
	size_t n = strlen(text);

	if ((text[0] != '/' && text[0] != '@') || n < 2 || n >= sizeof address->sun_path)
		return 0;
	memset(address, 0, sizeof *address);
	address->sun_family = AF_UNIX;
	memcpy(address->sun_path, text, n);
	if (text[0] == '/')
		return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + 1);
	address->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
}

/* 0 or the errno. */
static int
send_to(const struct sockaddr_un *address, socklen_t length, const char *state)
{
	struct timeval second = {.tv_sec = 1};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), failed = 0;
	ssize_t n;

	if (fd < 0)
		return errno;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof second);
	do
		n = sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)address,
		    length);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		failed = errno;
	close(fd);
	return failed;
}

int
notify_send(const char *socket_path, const char *state, struct err *e)
{
	struct sockaddr_un address;
	socklen_t length;
	int failed;

	if (!socket_path || !*socket_path)
		return 0;
	length = address_of(socket_path, &address);
	if (!length)
		return err_value(
		    e, ERR_USAGE, socket_path, "invalid notification socket '%s'", socket_path);
	failed = send_to(&address, length, state);
	if (failed)
		return err_set(e, ERR_NO, "cannot notify '%s': %s", socket_path, strerror(failed));
	return 0;
}
