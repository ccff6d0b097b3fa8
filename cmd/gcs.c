/* gcs: the program and the table of its commands. */
#include "core/program.h"
#include "kinds/kinds.h"
#include "ui/command.h"

#include "commands.h"

#define ENTRY(name) extern const struct command cmd_##name;
COMMANDS(ENTRY)
#undef ENTRY

#define ENTRY(name) &cmd_##name,
static const struct command *const entries[] = {COMMANDS(ENTRY)};
static const struct commands commands = {entries, ARRAY_LENGTH(entries)};

int
main(int argc, char **argv)
{
	(void)argc;
	return program_run(&commands, &kinds, argv + 1);
}
