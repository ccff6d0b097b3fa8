#include <errno.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "base/err.h"
#include "proc/reap.h"

#define CODE_SIGNAL 128

int
reap_open(pid_t pid, struct err *e)
{
	int fd = pidfd_open(pid, 0);

	if (fd < 0)
		err_set(e, ERR_NO, "cannot watch process %ld: %s", (long)pid, strerror(errno));
	return fd;
}

bool
reap_ended(pid_t pid)
{
	siginfo_t told = {0};

	return waitid(P_PID, (id_t)pid, &told, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       told.si_pid == pid;
}

int
reap_stopped(pid_t pid)
{
	siginfo_t told = {0};

	if (waitid(P_PID, (id_t)pid, &told, WSTOPPED | WNOHANG) || told.si_pid != pid)
		return 0;
	return told.si_status;
}

static uint64_t
microseconds(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec;
}

int
reap_take(pid_t pid, struct outcome *outcome, struct err *e)
{
	struct rusage usage;
	int status;

	*outcome = (struct outcome){0};
	while (wait4(pid, &status, 0, &usage) < 0)
		if (errno != EINTR)
			return err_set(e, ERR_NO, "exit status of process %ld is lost: %s",
			    (long)pid, strerror(errno));
	*outcome = (struct outcome){
	    .code = WIFSIGNALED(status) ? CODE_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status),
	    .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
	    .dumped = WIFSIGNALED(status) && WCOREDUMP(status),
	    .user_us = microseconds(usage.ru_utime),
	    .system_us = microseconds(usage.ru_stime),
	    .rss_max = (uint64_t)usage.ru_maxrss * 1024,
	};
	return 0;
}
