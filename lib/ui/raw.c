#include "ui/raw.h"

#include <sys/ioctl.h>

void
raw_begin(struct raw *raw, int fd)
{
	struct termios modes;

	raw->fd = fd;
	if (tcgetattr(fd, &raw->before))
		return;
	modes = raw->before;
	modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	modes.c_iflag &= ~(tcflag_t)(IXON | ICRNL);
	modes.c_cc[VMIN] = 1;
	modes.c_cc[VTIME] = 0;
	raw->on = !tcsetattr(fd, TCSANOW, &modes);
}

void
raw_end(struct raw *raw)
{
	if (raw->on)
		tcsetattr(raw->fd, TCSANOW, &raw->before);
	raw->on = false;
}

bool
raw_size(int fd, size_t *cols, size_t *rows)
{
	struct winsize w;

	if (ioctl(fd, TIOCGWINSZ, &w) || !w.ws_col || !w.ws_row)
		return false;
	*cols = w.ws_col;
	*rows = w.ws_row;
	return true;
}
