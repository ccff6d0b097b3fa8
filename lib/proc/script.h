/* script: makes a script given as text executable. */
#ifndef PROC_SCRIPT_H
#define PROC_SCRIPT_H

struct err;

/*
 * Stores the text in memory, as a descriptor to pass to a child as SPAWN_SCRIPT (spawn.h), and
 * makes the argv that executes it: with the interpreter named in its first line, else with sh.
 * argv[1] … are its arguments. *fd and *out are freed by script_close. ERR_NO.
 */
int script_open(const char *text, char *const *argv, char *const **out, int *fd, struct err *e);

/* Does nothing if fd is -1. */
void script_close(char *const *out, int fd);

#endif
