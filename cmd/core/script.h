/* script: commands that are read from stdin, one a line, all before the lock is taken. */
#ifndef CMD_CORE_SCRIPT_H
#define CMD_CORE_SCRIPT_H

#include "core/cmd.h"

/* How a line's results are shown, where it says so itself. */
struct script_style {
	bool quiet;
	struct format format;
	struct list_params list;
};

/* A line as it was parsed. There may be millions of them, so it holds nothing else. */
struct script_line {
	struct script_line *next;
	size_t number;
	const char *label; /* what a later @label stands for; NULL: none */
	char **words;
	const struct command *command; /* NULL: not parsed yet, as it mentions a label */
	struct parsed parsed;
	void *params;
	const char *message;
	struct opt_number if_rev;
	const struct script_style *style; /* NULL: as all of the script */
};

/* What labels stand for so far, the latest first. */
struct script_label {
	const struct script_label *before;
	const char *label, *value;
};

struct script {
	const struct command *guard; /* understood besides the program's commands */
	struct script_line *first, **end;
	struct ctx *ctx;
};

/*
 * Reads all lines and parses those that mention no label: at most 16 MiB a line and 256 MiB in all.
 * What was read counts as part of the call, and lives in ctx->arena. ERR_USAGE, with the number of
 * the line in front.
 */
int script_read(struct ctx *ctx, struct script *script, struct err *e);

/* Parses a line that mentions labels with what they stand for, in the transaction's arena; the
 * others are ready. ERR_USAGE. */
int script_bind(const struct script *script, struct script_line *line,
    const struct script_label *labels, struct err *e);

/* What a parsed line runs as, in ctx's transaction. */
struct ctx script_ctx(const struct ctx *ctx, const struct script_line *line);

#endif
