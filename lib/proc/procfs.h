/* procfs: reading the kernel's small text files. */
#ifndef PROC_PROCFS_H
#define PROC_PROCFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads as much of a file as fits, with a NUL ("" if it cannot be read). The path is a printf
 * format.
 */
bool procfs_read(char *to, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Parses decimal digits after blanks, and moves past them; anything else ("max", "-1", too large)
 * is not a number.
 */
bool procfs_number(const char **text, uint64_t *value);

/* The text after KEY at the start of a line, or NULL. */
const char *procfs_line(const char *text, const char *key);

/* The rest of the line, without surrounding blanks, truncated if too long. */
void procfs_copy(char *to, size_t size, const char *from);

#endif
