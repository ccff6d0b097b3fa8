/* die: ends a program that cannot go on (out of memory, damaged store). */
#ifndef CMD_CORE_DIE_H
#define CMD_CORE_DIE_H

/* Sets the cleanup to run then: safe in a signal handler; NULL: none. */
void die_undo_set(void (*undo)(void));

/* Runs the cleanup, writes both texts to stderr as one line and exits with ERR_STORE. Safe in a
 * signal handler. */
_Noreturn void die(const char *text, const char *more);

/* For arenas: out of memory. */
void die_exhausted(void);

#endif
