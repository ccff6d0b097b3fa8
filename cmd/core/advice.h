/* advice: hints for errors, in the words of the command line. */
#ifndef CMD_CORE_ADVICE_H
#define CMD_CORE_ADVICE_H

struct err;

/* Appends the hint to the text, once: later calls append nothing. */
void advice_add(struct err *e);

#endif
