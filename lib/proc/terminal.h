/*
 * terminal: job control for a foreground child (spawn.h) of a process that is itself a shell's job.
 *
 *   SIGCHLD, with a signal from reap_stopped   terminal_suspend: stop and continue with the child
 *   SIGCONT                                    terminal_lend
 *   SIGINT, SIGQUIT, SIGTSTP                   terminal_lend, and pass the signal to the child's
 *                                              group: after bg and fg the shell sends nothing, and
 *                                              the first key reaches us
 *   the child has ended                        terminal_return
 *
 * Each does nothing if fd is not a terminal, or not ours, or if we are in the background. The shell
 * manages the terminal's modes.
 */
#ifndef PROC_TERMINAL_H
#define PROC_TERMINAL_H

#include <sys/types.h>

/* If our process group is in the foreground of the terminal, puts the child's group there. */
void terminal_lend(int fd, pid_t child);

/* If the child's group is in the foreground of the terminal, puts ours there. */
void terminal_return(int fd, pid_t child);

/*
 * Called when a signal (SIGTSTP, SIGTTIN, …) stopped the child's group: takes the terminal back and
 * stops our own process group with the same signal, as the shell expects; returns once we are
 * continued, with the child continued and, in the foreground, the terminal lent again. A child that
 * wants to read while we are in the foreground is only lent the terminal. If nothing could continue
 * us (an orphaned group) the child just goes on, as it would without us.
 */
void terminal_suspend(int fd, pid_t child, int signal);

#endif
