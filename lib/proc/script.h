/* script: a script that stands in a text and not in a file, made into something to execute. */
#ifndef PROC_SCRIPT_H
#define PROC_SCRIPT_H

struct err;

/*
 * Keeps the text in memory, as a descriptor that a child is to find as SPAWN_SCRIPT (spawn.h), and
 * makes the argv that executes it there: by the interpreter that its first line names, else by
 * sh. argv[1] … are its arguments. *fd and *out are for script_close. ERR_NO.
 */
int script_open(const char *text, char *const *argv, char *const **out, int *fd, struct err *e);

/* Nothing if fd is -1. */
void script_close(char *const *out, int fd);

#endif
