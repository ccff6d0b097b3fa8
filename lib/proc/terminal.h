/*
 * terminal: what a shell does for its jobs, for a child in the foreground (spawn.h) of a process that is itself a shell's job.
 *
 *   SIGCHLD, and reap_stopped says by which signal    terminal_suspend: we stop with it, and go on with it after fg or bg
 *   SIGCONT                                           terminal_lend
 *   SIGINT, SIGQUIT, SIGTSTP                          terminal_lend, and the signal on to the child's group: after bg and
 *                                                     fg a shell tells nobody, and the first key is ours
 *   the child has ended                               terminal_return
 *
 * Each does nothing where fd is no terminal, or not ours, or where we are in the background. Its modes are left to the shell.
 */
#ifndef PROC_TERMINAL_H
#define PROC_TERMINAL_H

#include <sys/types.h>

/* If our process group is in the foreground of the terminal, the child's group is from now on. */
void terminal_lend(int fd, pid_t child);

/* If the child's group is in the foreground of the terminal, ours is from now on. */
void terminal_return(int fd, pid_t child);

/*
 * The child's group was stopped by a signal (SIGTSTP, SIGTTIN, …): takes the terminal back and
 * stops our own process group by it, as the shell expects; returns when somebody continues us, with
 * the child continued and, in the foreground, the terminal lent again. A child that wants to read
 * while we are in the foreground is only lent the terminal. Where nobody could continue us (an
 * orphaned group) the child just goes on, as it would without us.
 */
void terminal_suspend(int fd, pid_t child, int signal);

#endif
