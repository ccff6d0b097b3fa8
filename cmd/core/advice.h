/* advice: what helps with an error, in the words of the command line. */
#ifndef CMD_CORE_ADVICE_H
#define CMD_CORE_ADVICE_H

struct err;

/* Adds it to the text, once: later calls add nothing. */
void advice_add(struct err *e);

#endif
