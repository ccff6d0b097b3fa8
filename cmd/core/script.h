/* script: commands read from stdin, one a line, all before the lock is taken. */
#ifndef CMD_CORE_SCRIPT_H
#define CMD_CORE_SCRIPT_H

#include "core/cmd.h"

/* The output style of a line that sets its own. */
struct script_style {
	bool quiet;
	struct format format;
	struct list_params list;
};

/* A parsed line. There may be millions of them, so it holds nothing else. */
struct script_line {
	struct script_line *next;
	size_t number;
	const char *label; /* the @label it defines; NULL: none */
	char **words;
	const struct command *command; /* NULL: not parsed yet, since it mentions a label */
	struct parsed parsed;
	void *params;
	const char *message;
	struct opt_number if_rev;
	const struct script_style *style; /* NULL: that of the whole script */
};

/* The values of labels so far, latest first. */
struct script_label {
	const struct script_label *before;
	const char *label, *value;
};

struct script {
	const struct command *guard; /* accepted besides the program's commands */
	struct script_line *first, **end;
	struct ctx *ctx;
};

/*
 * Reads all lines and parses those that mention no label: at most 16 MiB a line and 256 MiB in all.
 * The input counts as part of the call, and lives in ctx->arena. ERR_USAGE, prefixed with the
 * line's number.
 */
int script_read(struct ctx *ctx, struct script *script, struct err *e);

/* Parses a line that mentions labels, with their values, in the transaction's arena; other lines
 * are already parsed. ERR_USAGE. */
int script_bind(const struct script *script, struct script_line *line,
    const struct script_label *labels, struct err *e);

/* The context in which a parsed line runs, in ctx's transaction. */
struct ctx script_ctx(const struct ctx *ctx, const struct script_line *line);

#endif
