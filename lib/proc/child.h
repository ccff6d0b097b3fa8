/*
 * child: child processes. The child gets default signals, an empty mask and no descriptor above 2.
 */
#ifndef PROC_CHILD_H
#define PROC_CHILD_H

#include <sys/types.h>

struct err;

/*
 * Runs argv with environment envp (NULL: empty) and waits for it; signals do not end the wait. A
 * name without a slash is searched in the PATH of envp, as in a shell. in_fd: its stdin (-1: ours).
 * *code: the exit code as in bash: 128+N for a signal, 126 cannot be run, 127 not found; if nothing
 * was run (126 or 127), e->text says why, else it is "". -1 only if no process could be created
 * (ERR_NO), its status was lost because SIGCHLD is ignored (ERR_NO), or argv is empty (ERR_USAGE).
 */
int child_run(char *const *argv, char *const *envp, int in_fd, int *code, struct err *e);

#endif
