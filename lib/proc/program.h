/* program: finds the program of an argv as a shell does. */
#ifndef PROC_PROGRAM_H
#define PROC_PROGRAM_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define PROGRAM_SHELL "/bin/sh"
#define PROGRAM_CANNOT_RUN 126
#define PROGRAM_NOT_FOUND 127

struct err;

/* The value of NAME ("PATH") in envp (NULL: empty), or NULL; lives as long as envp. */
const char *program_env(char *const *envp, const char *name);

/*
 * Writes the path of the file to execute for a command name: a name without a slash is searched in
 * the PATH of envp (default: a standard path), taking the first executable file, or else the first
 * file, so that the kernel reports why it cannot be run. 0 or an errno (ENOENT, ENAMETOOLONG).
 */
int program_find(const char *name, char *const *envp, char path[PATH_MAX]);

/* Whether a shell would run the file as a script after ENOEXEC: no NUL in its first line. */
bool program_is_script(const char *path);

/* The argv with which PROGRAM_SHELL runs that script, with space for program_words; its words point
 * to path and argv. */
size_t program_words(char *const *argv);
void program_script(const char *path, char *const *argv, char **words);

/* The exit code, 126 or 127, of a program that could not be executed because of an errno. */
int program_code(int failed);

/* The same, with the reason in e->text (its code is ERR_NONE). */
int program_refused(int failed, const char *name, struct err *e);

#endif
