/* notify: receives what a program tells the service manager. `notify PATH N` makes the socket PATH,
 * and prints the first N messages, one a line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

int
main(int argc, char **argv)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	char message[256];
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0), left;
	ssize_t n;

	if (argc != 3 || strlen(argv[1]) >= sizeof address.sun_path)
		return 2;
	memcpy(address.sun_path, argv[1], strlen(argv[1]) + 1);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address)) {
		perror("notify");
		return 1;
	}
	for (left = atoi(argv[2]); left > 0; left--) {
		n = recv(fd, message, sizeof message, 0);
		if (n < 0)
			return 1;
		printf("%.*s\n", (int)n, message);
		fflush(stdout);
	}
	return 0;
}
