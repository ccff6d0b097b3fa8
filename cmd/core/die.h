/* die: the end of a program that cannot go on (no memory left, a damaged store). */
#ifndef CMD_CORE_DIE_H
#define CMD_CORE_DIE_H

/* What is still to be undone then: safe in a signal handler; NULL: nothing. */
void die_undo_set(void (*undo)(void));

/* Undoes it, writes both texts to stderr as one line and exits with ERR_STORE. Safe in a signal
 * handler. */
_Noreturn void die(const char *text, const char *more);

/* For arenas: out of memory. */
void die_exhausted(void);

#endif
