/* program: the process of a command: its streams, signals, memory and exit code. */
#ifndef CMD_CORE_PROGRAM_H
#define CMD_CORE_PROGRAM_H

struct commands;
struct kinds;

/* Runs the command that the words name, from this table. Returns the exit code. */
int program_run(const struct commands *commands, const struct kinds *kinds, char **words);

#endif
