/* program: the process around a command: its streams, its signals, its memory and its exit code. */
#ifndef CMD_CORE_PROGRAM_H
#define CMD_CORE_PROGRAM_H

struct commands;
struct kinds;

/* Runs the command that the words name, of these. Returns the exit code. */
int program_run(const struct commands *commands, const struct kinds *kinds, char **words);

#endif
