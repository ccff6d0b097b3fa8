/*
 * cmd: what a running command has. A command's file holds its option table, its entry and its
 * `run`; the rest of this room parses, opens, begins, commits, prints and exits.
 */
#ifndef CMD_CORE_CMD_H
#define CMD_CORE_CMD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "state/cluster.h"
#include "state/computed.h"
#include "state/kind.h"
#include "rec/records.h"
#include "store/pulse.h"
#include "state/resolve.h"
#include "store/store.h"
#include "ui/command.h"
#include "ui/list.h"
#include "ui/out.h"

struct ctx;

struct globals {
	const char *dir, *output, *at;
	bool quiet, verbose, help, version;
	unsigned color, time;
	struct opt_number lock_timeout;
};

struct change {
	bool dry_run;
	const char *if_plan, *message, *request_id;
	struct opt_number if_rev;
};

/* What follows a change after its commit, when its answer has left. */
struct wait_later {
	int (*run)(struct ctx *ctx, struct err *e); /* NULL: nothing */
	bool stands; /* the exit code is that of what was waited for */
	const char *expression, *unless;
	struct opt_number timeout;
};

enum { SETS_MOST = 4 };

struct ctx {
	const struct kinds *kinds;
	const struct commands *commands; /* all there are */
	const struct command *command;
	struct globals globals;
	struct change change;
	struct list_params list;
	struct parsed parsed;
	void *params;
	const struct found *records; /* of the operands whose rows have a kind, by place */
	struct arena *arena;	     /* the invocation's */
	struct arena *turn;	     /* one transaction's: reset when its body runs again */
	struct arena *kept;	     /* one transaction's, also across the lines of a batch */
	struct out *out;	     /* stdout */
	struct store *store;	     /* NULL for MODE_NONE */
	struct cluster *cluster;     /* inside a transaction */
	struct cluster own;	     /* what `cluster` points to, but for commands within a batch */
	struct list_style style;
	struct by by;
	struct buf result; /* members of the JSON answer of a change, after seq and changed */
	struct buf ids;	   /* elements of its `ids` */
	struct buf notes;  /* lines for stderr, after the commit */
	struct buf made;   /* if something follows: the ids of the answer, one a line */
	struct wait_later after;
	uint64_t seq;	   /* of the last commit, or of what was read */
	struct slice call; /* all words, for repeated requests */
	bool in_batch, committed;
	bool looked; /* at the cluster before, by an earlier transaction of this process */
	int code;    /* of what the command stood for: the exit code if nothing else failed */
};

/* --- command.c: a command and its options --- */

/* The option sets of a command (NULL: none): its own, for changes, for lists, global. Returns how
 * many. ctx NULL: nothing is parsed into them. */
size_t command_sets(const struct command *command, struct ctx *ctx, struct opt_set sets[SETS_MOST]);

/* Parses what follows the command's name into ctx. ERR_USAGE. */
int command_parse(struct ctx *ctx, char **words, struct err *e);

/* Takes the format from words that may be no valid command line: so that even their error is JSON
 * where JSON was asked for. */
void style_guess(struct ctx *ctx, char **words);

/* How a parsed command runs: MODE_WRITE commands with too few operands to change anything only
 * read. */
enum command_mode command_mode(const struct ctx *ctx);

/* Runs a parsed command inside what its mode asks for. */
int command_run(struct ctx *ctx, struct err *e);

/* How results are shown, from the options and the terminal. ERR_USAGE (-o). */
int style_set(struct ctx *ctx, struct err *e);

/* --- ctx.c: the store and its transactions --- */

/* The directory of the cluster: -D, $GCS_DIR, and the places where one is expected. */
const char *ctx_dir(struct ctx *ctx);
int ctx_open(struct ctx *ctx, bool reading_only, struct err *e);

/* One transaction with a cluster over it. body may run twice; what it printed before is forgotten.
 * ERR_STORE also if the cluster's directory was removed since the one before. */
typedef int ctx_body(struct ctx *ctx, void *argument, struct err *e);
int ctx_read(struct ctx *ctx, ctx_body *body, void *argument, struct err *e);
/* Rings the bell after the commit. */
int ctx_write(struct ctx *ctx, bool frees, ctx_body *body, void *argument, struct err *e);

/*
 * Looks which processes that are on record are gone, as proven by their locks, start times and boot
 * ids, and says so. *n: how many, *of (may be NULL): how many there are.
 */
int lost_processes_observe(struct ctx *ctx, size_t *n, size_t *of, struct err *e);

/* Opens the pulse for ctx->cluster, once. */
int ctx_pulse(struct ctx *ctx, struct err *e);

/* True if results are for programs that want JSON. */
bool ctx_json(const struct ctx *ctx);

/* What @self means to this process; NULL: nothing. */
const char *ctx_self(void);

/* --- result.c, note.c, error.c: what is printed --- */

/* Results of changes: a bare line as text, a member of the answer as JSON. */
void result_id(struct ctx *ctx, char letter, uint64_t number, bool print);
void result_number(struct ctx *ctx, const char *name, int64_t number);

/* The ids in the answer that a repeated request got are those of this one. 0 or -1. */
int result_made(struct ctx *ctx, struct slice answer, struct err *e);

/* Writes what was printed so far to stdout. ERR_STORE, which says what was committed. */
int result_leave(struct ctx *ctx, struct err *e);

/* Prints the notes so far. */
void notes_print(struct ctx *ctx);

/* A line for stderr, unless -q. */
void note(struct ctx *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A line of a long-running command, with its time, on stderr; unless -q. */
void say(const struct ctx *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints an error; also one that is not the last word (batch --keep-going). */
void error_print(const struct ctx *ctx, const struct err *e);

/* --- the rest --- */

/* A moment: a seq, or a time turned into the seq in force then. */
int when_parse(struct ctx *ctx, const char *text, uint64_t *seq, struct err *e);

/* Events as the log shows them. with_diff: -p. */
int event_line(struct ctx *ctx, struct event *event, bool with_diff, struct err *e);
/* The line of text alone, without its end. */
void event_text(struct ctx *ctx, const struct event *event, struct buf *line);

/* As read(2), and not interrupted: 0 at the end, or -1 with an ERR_STORE. */
ssize_t input_read(int fd, void *to, size_t most, struct err *e);

/* All of a descriptor, at most `most` bytes. */
int input_read_all(int fd, size_t most, struct buf *to, struct err *e);

/* What was read from outside counts as part of the call, for repeated requests. */
int input_call_add(struct ctx *ctx, struct slice input, struct err *e);
void input_call_add_hash(struct ctx *ctx, const char *hash);

/* Fills the computed fields of records. */
int computed_open(struct ctx *ctx, const struct kind *kind, struct computed *view, struct err *e);
int computed_fill(struct ctx *ctx, const struct computed *view, const struct kind *kind,
    void *record, struct err *e);

#endif
