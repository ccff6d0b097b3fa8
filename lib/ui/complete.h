/*
 * complete: completion candidates at the cursor, from the command tables; live values come from a
 * callback.
 */
#ifndef UI_COMPLETE_H
#define UI_COMPLETE_H

#include "ui/command.h"

/* Adds the values of one source that begin with prefix, one per line, "value\thelp". */
typedef void complete_source(
    void *argument, const char *source, const char *prefix, struct buf *out);

/*
 * words: the command line after `gcs`, NULL-terminated, the last one being completed (may be "").
 * sets_of gives the option sets of a command, at most COMPLETE_SETS; for NULL the global ones,
 * valid before a command is known. Adds candidates, one per line, "value\thelp". A comma-separated
 * list ("name,sta") and a sort order ("-sta") are completed in their last part: source sees only
 * that.
 *
 * The sources "file" and "dir" are left to the shell: instead of candidates there is the one line
 * "\tfile" or "\tdir".
 */
#define COMPLETE_SETS 8

void complete_words(const struct commands *commands, char **words,
    size_t (*sets_of)(const struct command *, struct opt_set *sets), complete_source *source,
    void *argument, struct buf *out);

/* Scripts for a shell to evaluate: they call `gcs __complete WORDS`. The texts are the files of
 * share/completions; the Makefile generates their table. */
#define COMPLETE_SHELLS 3

struct complete_script {
	const char *shell, *script;
};

extern const struct complete_script complete_scripts[COMPLETE_SHELLS];

#endif
