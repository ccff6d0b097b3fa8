/*
 * cmd: the context of a running command. A command's file holds its option table, its entry and its
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

/* Runs after the commit of a change, when its answer is written. */
struct wait_later {
	int (*run)(struct ctx *ctx, struct err *e); /* NULL: nothing */
	bool stands;				    /* the exit code is that of what was awaited */
	const char *expression, *unless;
	struct opt_number timeout;
};

enum { SETS_MOST = 4 };

struct ctx {
	const struct kinds *kinds;
	const struct commands *commands; /* all commands */
	const struct command *command;
	struct globals globals;
	struct change change;
	struct list_params list;
	struct parsed parsed;
	void *params;
	const struct found *records; /* named by operands whose rows have a kind */
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
	struct buf made;   /* the answer's ids, one a line, if something follows */
	struct wait_later after;
	uint64_t seq;	   /* of the last commit, or of the state that was read */
	struct slice call; /* all words, for repeated requests */
	bool in_batch, committed;
	bool looked; /* an earlier transaction of this process has seen the cluster */
	int code;    /* the exit code if nothing failed */
};

/* --- command.c: a command and its options --- */

/* The option sets of a command (NULL: no command): its own, for changes, for lists, global. Returns
 * their number. ctx NULL: nothing is parsed into them. */
size_t command_sets(const struct command *command, struct ctx *ctx, struct opt_set sets[SETS_MOST]);

/* Parses the words after the command's name into ctx. ERR_USAGE. */
int command_parse(struct ctx *ctx, char **words, struct err *e);

/* Takes the format from words that may not be a valid command line, so that with JSON requested
 * even their error is JSON. */
void style_guess(struct ctx *ctx, char **words);

/* The mode of a parsed command: MODE_WRITE commands with too few operands to change anything only
 * read. */
enum command_mode command_mode(const struct ctx *ctx);

/* Runs a parsed command inside what its mode needs. */
int command_run(struct ctx *ctx, struct err *e);

/* Sets how results are shown, from the options and the terminal. ERR_USAGE (-o). */
int style_set(struct ctx *ctx, struct err *e);

/* --- ctx.c: the store and its transactions --- */

/* The directory of the cluster: -D, $GCS_DIR, or the default places. */
const char *ctx_dir(struct ctx *ctx);
int ctx_open(struct ctx *ctx, bool reading_only, struct err *e);

/* Runs one transaction with a cluster over it. body may run twice; output of the first run is
 * discarded. ERR_STORE also if the cluster's directory was removed since the one before. */
typedef int ctx_body(struct ctx *ctx, void *argument, struct err *e);
int ctx_read(struct ctx *ctx, ctx_body *body, void *argument, struct err *e);
/* Rings the bell after the commit. */
int ctx_write(struct ctx *ctx, bool frees, ctx_body *body, void *argument, struct err *e);

/*
 * Finds the recorded processes that are gone, as proven by their locks, start times and boot ids,
 * and reports them. *n: how many are gone, *of (may be NULL): how many are recorded.
 */
int lost_processes_observe(struct ctx *ctx, size_t *n, size_t *of, struct err *e);

/* Opens the pulse for ctx->cluster, once. */
int ctx_pulse(struct ctx *ctx, struct err *e);

/* True if results are JSON, for programs. */
bool ctx_json(const struct ctx *ctx);

/* The value of @self in this process; NULL: unset. */
const char *ctx_self(void);

/* --- result.c, note.c, error.c: output --- */

/* Results of changes: a bare line as text, a member of the answer as JSON. */
void result_id(struct ctx *ctx, char letter, uint64_t number, bool print);
void result_number(struct ctx *ctx, const char *name, int64_t number);

/* Takes the ids of the answer to a repeated request as those of this one. 0 or -1. */
int result_made(struct ctx *ctx, struct slice answer, struct err *e);

/* Writes the output so far to stdout. ERR_STORE, which names what was committed. */
int result_leave(struct ctx *ctx, struct err *e);

/* Prints the notes so far. */
void notes_print(struct ctx *ctx);

/* A line for stderr, unless -q. */
void note(struct ctx *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A timestamped line of a long-running command on stderr, unless -q. */
void say(const struct ctx *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints an error; also one after which the command goes on (batch --keep-going). */
void error_print(const struct ctx *ctx, const struct err *e);

/* --- the rest --- */

/* A moment: a seq, or a time turned into the seq in force then. */
int when_parse(struct ctx *ctx, const char *text, uint64_t *seq, struct err *e);

/* Events as the log shows them. with_diff: -p. */
int event_line(struct ctx *ctx, struct event *event, bool with_diff, struct err *e);
/* Only the text line, without its newline. */
void event_text(struct ctx *ctx, const struct event *event, struct buf *line);

/* As read(2), but never interrupted: 0 at the end, or -1 with an ERR_STORE. */
ssize_t input_read(int fd, void *to, size_t most, struct err *e);

/* Reads all of a descriptor, at most `most` bytes. */
int input_read_all(int fd, size_t most, struct buf *to, struct err *e);

/* Adds outside input to the call, which repeated requests compare. */
int input_call_add(struct ctx *ctx, struct slice input, struct err *e);
void input_call_add_hash(struct ctx *ctx, const char *hash);

/* Fills the computed fields of records. */
int computed_open(struct ctx *ctx, const struct kind *kind, struct computed *view, struct err *e);
int computed_fill(struct ctx *ctx, const struct computed *view, const struct kind *kind,
    void *record, struct err *e);

#endif
