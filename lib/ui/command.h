/*
 * command: a command is a table entry; from it follow parsing, usage, help, completion and the
 * SYNOPSIS and OPTIONS of its page.
 */
#ifndef UI_COMMAND_H
#define UI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/array.h"

struct arena;
struct buf;
struct ctx; /* what a running command has: cmd/cmd.h */
struct err;

enum opt_kind {	      /* member at offset        sub */
	OPT_FLAG,     /* bool                                          */
	OPT_TEXT,     /* const char *                                  */
	OPT_TEXTS,    /* struct texts; may be repeated                 */
	OPT_U64,      /* struct opt_number                             */
	OPT_DURATION, /* struct opt_number, ms                         */
	OPT_LIFETIME, /* the same, or `never`: DURATION_NEVER          */
	OPT_SIZE,     /* struct opt_number, bytes                      */
	OPT_REAL,     /* struct opt_number, scaled by 10000            */
	OPT_CHOICE,   /* unsigned                const struct enums      */
	OPT_AMOUNTS,  /* struct amounts; may be repeated               */
	OPT_LABELS    /* struct labels, k=v; may be repeated           */
};

struct opt_number {
	uint64_t value;
	bool given;
};

struct opt {
	char letter;	  /* 0: none */
	const char *name; /* long name */
	enum opt_kind kind;
	size_t offset;
	const char *argument; /* "D", "TEXT"; NULL for flags */
	const char *help;     /* one line, no full stop */
	const void *sub;
	/*
	 * a source of values: a kind's name ("node"), "record", "file", "dir", "field", "type",
	 * "kind", …; NULL: none
	 */
	const char *completes;
};

/*
 * A row of a table of options: of letter, name, kind, member, argument and help, and what else it
 * has by name (.sub = &strategies, .completes = "node"). OPT fills a member of `struct params`, as
 * most commands call what their options fill.
 */
#define OPT_OF(type, l, n, k, member, a, ...) \
	{ \
		.letter = l, .name = n, .kind = k, .offset = offsetof(type, member), \
		.argument = a, .help = __VA_ARGS__ \
	}
#define OPT(l, n, k, member, a, ...) OPT_OF(struct params, l, n, k, member, a, __VA_ARGS__)

/* A table of options, and the size of the struct that they fill. */
struct opts {
	const struct opt *v;
	size_t n, size;
};
#define OPTS(table, type) \
	{ \
		(table), ARRAY_LENGTH(table), sizeof(type) \
	}

enum operand_count {
	OPERAND_ONE,
	OPERAND_OPTIONAL,
	OPERAND_MANY /* 1 or more */,
	OPERAND_ANY /* 0 or more */
};

struct operand {
	const char *name; /* "NODE" */
	enum operand_count count;
	/*
	 * The record that it names is one of this kind (enum kind_number), or ANY_KIND; the command
	 * is handed it, not its name. 0: it names none, or the command itself asks for it.
	 */
	int kind;
	const char *completes; /* as of options; NULL: the kind's name, "record" for any */
};
enum { ANY_KIND = -1 };

struct operands {
	const struct operand *v;
	size_t n;
};
/* OPERANDS({.name = "NODE", .count = OPERAND_MANY, .kind = KIND_NODE}) */
#define OPERANDS(...) \
	{ \
		(const struct operand[]){__VA_ARGS__}, \
		    ARRAY_LENGTH(((const struct operand[]){__VA_ARGS__})) \
	}

enum command_mode {
	MODE_NONE,  /* needs no store */
	MODE_READ,  /* runs inside a read transaction */
	MODE_WRITE, /* runs inside a write transaction */
	/*
	 * the store is open, transactions are the command's own: the long-running ones, and
	 * heartbeat
	 */
	MODE_OPEN
};

enum command_flags {
	CMD_MUTATES = 1 << 0, /* takes the mutation options */
	CMD_LISTS = 1 << 1,   /* takes the list options */
	CMD_CHILD = 1 << 2,   /* takes a child command after -- */
	CMD_MESSAGE = 1 << 3, /* -m is required */
	CMD_FREES = 1 << 4,   /* makes room: may use the reserve of a full disk */
	CMD_HIDDEN = 1 << 5,  /* not in help: for completion scripts and the like */
	CMD_LONG = 1 << 6,    /* runs until stopped: not for batch */
	CMD_RAW = 1 << 7,     /* all words after its name are operands, options too */
	CMD_READS = 1 << 8,   /* of MODE_OPEN: has no write transactions */
	/* stands for a child: its code is ours, and every failure of our own is 125 */
	CMD_STANDS = 1 << 9
};

struct command {
	const char *name; /* "node register"; one or two words */
	const char *help; /* one line, lower case, no full stop */
	enum command_mode mode;
	unsigned flags;
	struct operands operands;
	struct opts opts;
	/* One of these: once, or for each record that is named (for an optional one that is not, of
	 * @self). */
	int (*run)(struct ctx *ctx, const void *params, char **operands, struct err *e);
	int (*each)(struct ctx *ctx, const void *params, void *record, struct err *e);
	const void *sub; /* for the commands that serve several nouns: which one */
	/* MODE_WRITE, but with fewer operands than this it only reads (config KEY) */
	size_t reads_below;
	/* before the store is opened: reads files and stdin; NULL: nothing to do */
	int (*prepare)(struct ctx *ctx, struct err *e);
};

struct commands {
	const struct command *const *v;
	size_t n;
};

/* One table of options and the struct it fills. Earlier sets win where letters or names meet. */
struct opt_set {
	/* for help: "Options", "Change options", "List options", "Global options" */
	const char *title;
	struct opts opts;
	void *to;
};

struct parsed {
	char **operands; /* NULL-terminated */
	size_t n;
	char **child; /* what followed --, NULL-terminated; NULL if there was no -- */
};

/*
 * GNU style: options anywhere before --, `-abc`, `-ovalue`, `--name=value`, `--name value`, no
 * abbreviations; a word like -5 that is no option is an operand. ERR_USAGE naming option and value.
 * Repeating a single-valued option: the last one counts.
 */
int options_parse(const struct opt_set *sets, size_t nsets, char **words, struct parsed *parsed,
    struct arena *a, struct err *e);

/*
 * Checks the count of operands against the entry, and that a child was given only if it takes one,
 * and then not an empty one. Whether a child may be missing is the command's business. ERR_USAGE.
 */
int operands_check(const struct command *command, const struct parsed *parsed, struct err *e);

/*
 * The entry that the first one or two words name; *used is how many. NULL: none, with ERR_USAGE and
 * the nearest name as advice.
 */
const struct command *command_find(
    const struct commands *commands, char **words, size_t *used, struct err *e);

/*
 * Help texts, in lines of at most 79 columns. `sets` as for options_parse (`to` is not looked
 * at).
 */
/* "gcs node register [OPTION]... [NAME]" */
void help_usage(const struct command *command, struct buf *out);
void help_overview(const struct commands *commands, struct buf *out);
void help_noun(const struct commands *commands, const char *noun, struct buf *out);
void help_command(
    const struct command *command, const struct opt_set *sets, size_t nsets, struct buf *out);

/* mdoc(7) fragments: what follows .Sh SYNOPSIS and .Sh OPTIONS. */
void mdoc_synopsis(const struct command *command, struct buf *out);
void mdoc_options(const struct opt_set *sets, size_t nsets, struct buf *out);

#endif
