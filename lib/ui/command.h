/*
 * command: each command is a table entry, which defines parsing, usage, help, completion and the
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
struct ctx; /* the context of a running command: cmd/cmd.h */
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
 * A row of a table of options: letter, name, kind, member, argument and help, then further members
 * by name (.sub = &strategies, .completes = "node"). OPT fills a member of `struct params`, the
 * usual name for a command's parameters.
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
	 * It names a record of this kind (enum kind_number), or of ANY_KIND; the command gets the
	 * record, not the name. 0: it names none, or the command looks it up.
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
	 * the store is open, the command runs its own transactions: long-running commands, and
	 * heartbeat
	 */
	MODE_OPEN
};

enum command_flags {
	CMD_MUTATES = 1 << 0, /* takes the mutation options */
	CMD_LISTS = 1 << 1,   /* takes the list options */
	CMD_CHILD = 1 << 2,   /* takes a child command after -- */
	CMD_MESSAGE = 1 << 3, /* -m is required */
	CMD_FREES = 1 << 4,   /* frees space: may use the reserve of a full disk */
	CMD_HIDDEN = 1 << 5,  /* hidden from help: for completion scripts and the like */
	CMD_LONG = 1 << 6,    /* runs until stopped: not for batch */
	CMD_RAW = 1 << 7,     /* all words after its name are operands, even options */
	CMD_READS = 1 << 8,   /* of MODE_OPEN: has no write transactions */
	/* runs a child: its exit code is ours, and our own failures are 125 */
	CMD_STANDS = 1 << 9
};

struct command {
	const char *name; /* "node register"; one or two words */
	const char *help; /* one line, lower case, no full stop */
	enum command_mode mode;
	unsigned flags;
	struct operands operands;
	struct opts opts;
	/* One of these: run once, or for each named record (by default @self, if that is
	 * optional). */
	int (*run)(struct ctx *ctx, const void *params, char **operands, struct err *e);
	int (*each)(struct ctx *ctx, const void *params, void *record, struct err *e);
	const void *sub; /* the noun, for commands that serve several */
	/* MODE_WRITE, but with fewer operands than this it only reads (config KEY) */
	size_t reads_below;
	/* before the store is opened: reads files and stdin; NULL: none */
	int (*prepare)(struct ctx *ctx, struct err *e);
};

struct commands {
	const struct command *const *v;
	size_t n;
};

/* One table of options and the struct it fills. Earlier sets win on conflicting letters or
 * names. */
struct opt_set {
	/* for help: "Options", "Change options", "List options", "Global options" */
	const char *title;
	struct opts opts;
	void *to;
};

struct parsed {
	char **operands; /* NULL-terminated */
	size_t n;
	char **child; /* the words after --, NULL-terminated; NULL if there was no -- */
};

/*
 * GNU style: options anywhere before --, `-abc`, `-ovalue`, `--name=value`, `--name value`, no
 * abbreviations; a word like -5 that is not an option is an operand. ERR_USAGE naming option and
 * value. The last of a repeated single-valued option counts.
 */
int options_parse(const struct opt_set *sets, size_t nsets, char **words, struct parsed *parsed,
    struct arena *a, struct err *e);

/*
 * Checks the number of operands against the entry, and that a child is given only if it takes one,
 * and is not empty. The command decides whether a child may be missing. ERR_USAGE.
 */
int operands_check(const struct command *command, const struct parsed *parsed, struct err *e);

/*
 * The entry named by the first one or two words; *used is their number. NULL: none, with ERR_USAGE
 * and the nearest name as advice.
 */
const struct command *command_find(
    const struct commands *commands, char **words, size_t *used, struct err *e);

/* Help texts, in lines of at most 79 columns. `sets` as for options_parse (`to` is ignored). */
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
