/* procfs: reading the kernel's small text files. */
#ifndef PROC_PROCFS_H
#define PROC_PROCFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads what fits of a file, with a NUL ("" if it cannot be read). The path is made as by printf.
 */
bool procfs_read(char *to, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Decimal digits after blanks, and moves on behind them; anything else ("max", "-1", too much) is
 * no number.
 */
bool procfs_number(const char **text, uint64_t *value);

/* What follows KEY at the beginning of a line, or NULL. */
const char *procfs_line(const char *text, const char *key);

/* The rest of the line, without blanks around it; what is too long is cut. */
void procfs_copy(char *to, size_t size, const char *from);

#endif
