/* internal: declarations shared by the files of this room. */
#ifndef UI_INTERNAL_H
#define UI_INTERNAL_H

#include "ui/list.h"

struct slice;

/*
 * Options: looked up in the order of the sets; *set (may be NULL) is the set that has it. NULL:
 * none.
 */
const struct opt *opt_by_name(const struct opt_set *sets, size_t nsets, const char *name, size_t n,
    const struct opt_set **set);
const struct opt *opt_by_letter(
    const struct opt_set *sets, size_t nsets, char letter, const struct opt_set **set);
/*
 * Shadowing by earlier sets: whether the option is still reachable by name; and its letter, 0 if
 * that is taken or missing.
 */
bool opt_is_reached(const struct opt_set *sets, size_t nsets, const struct opt *o);
char opt_letter(const struct opt_set *sets, size_t nsets, const struct opt *o);
/* "NODE", "[NAME]", "NODE...", "[REC]..." */
void operand_text(const struct operand *operand, struct buf *out);
/* With a capital first letter and a final full stop. */
void help_sentence(const char *help, struct buf *out);

/* Command names: the length of the first word; the second word, NULL if there is none. */
size_t command_noun(const struct command *command);
const char *command_verb(const struct command *command);
/* two words, the first being noun */
bool command_has_noun(const struct command *command, const char *noun);

/* The candidate nearest to the typed text so far; call keep_nearest once per candidate. */
struct nearest {
	const char *typed;
	const char *name; /* NULL: nothing is near */
	size_t n;	  /* bytes of name */
	size_t distance;
};
void nearest_offer(struct nearest *nearest, const char *name, size_t n);

const char *format_name(enum format_kind kind);

/* A parsed template: text, then the value at path, and so on. */
struct piece {
	const char *text;
	size_t n;
	const char *path; /* NULL: text only */
};
struct pieces {
	struct piece *v;
	size_t n;
};
/* Takes the next piece off the front of *text. ERR_USAGE. */
int piece_next(const char **text, struct piece *piece, struct arena *a, struct err *e);
/* Paths are checked against the record's type. ERR_USAGE. */
int pieces_make(
    struct pieces *pieces, const char *fmt, const struct rec *rec, struct arena *a, struct err *e);

/* Columns of table, wide and tsv, and those named by --columns for json and env. */
struct column {
	const char *path;
	const struct field *field; /* NULL: a path into a map or message, or a part of one */
	const char *title;
	bool right;
};
struct columns {
	struct column *v;
	size_t n;
};
/* named NULL: the record's own columns. ERR_USAGE. */
int columns_make(struct columns *columns, const struct rec *rec, const char *named, bool wide,
    struct arena *a, struct err *e);
void column_text(const struct column *column, const struct rec *rec, const void *record,
    const struct form *form, struct buf *out);
void column_json(const struct column *column, const struct rec *rec, const void *record,
    const struct form *form, struct buf *out);

/* "expires_ms" → "expires" for times and durations, else the name itself; the length. */
size_t column_shown(const struct field *f);

/*
 * The escape sequence that starts a state's colour (NULL: none), and the one that ends any colour.
 */
const char *color_of_state(const struct field *f, const char *text, size_t n);
#define COLOR_BOLD "\033[1m"
#define COLOR_END "\033[0m"

/*
 * A table: cells are collected until the widths can be fixed, then rows stream. The targets of
 * columns, style and rec, and the arena, must outlive it; the arena must not be rewound meanwhile.
 */
struct table;
struct table *table_begin(struct out *out, const struct rec *rec, const struct columns *columns,
    const struct list_style *style, bool headers, struct arena *a);
void table_row(struct table *table, const void *record, struct buf *scratch);
void table_end(struct table *table);

#endif
