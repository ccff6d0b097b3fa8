/* list: prints records as a table, JSON, tsv, ids …: one row model feeds every format. */
#ifndef UI_LIST_H
#define UI_LIST_H

#include <stdbool.h>
#include <stdint.h>
#include "rec/form.h"
#include "ui/command.h"

struct buf;
struct out;

enum format_kind {
	FORMAT_DEFAULT,
	FORMAT_TABLE,
	FORMAT_WIDE,
	FORMAT_JSON,
	FORMAT_JSONL,
	FORMAT_TSV,
	FORMAT_ID,
	FORMAT_NAME,
	FORMAT_ENV,
	FORMAT_FMT
};

struct format {
	enum format_kind kind;
	const char *fmt; /* of FORMAT_FMT, backslash escapes resolved by format_parse */
};

/*
 * "table", "wide", "json", "jsonl", "tsv", "id", "name", "env", "fmt=%{id} %{state}\n" (escapes \n
 * \t \\, and %%). ERR_USAGE. tsv has the table's columns, unset ones empty, with \t \n \r \\ for
 * these bytes; env has all fields but FF_CELL, unset ones empty. id is the record's own id, else
 * its key, else its first field; name is its name, else as id.
 */
int format_parse(const char *text, struct format *format, struct arena *a, struct err *e);

/* What the list options fill; the table is list_opts. */
struct list_params {
	struct texts filter;
	const char *selector, *sort, *columns;
	struct opt_number limit;
	bool no_headers, all, some;
};
extern const struct opts list_opts;

/* Prints a record in the caller's own format. */
typedef int list_print(void *argument, const void *record, struct err *e);

struct list_style {
	struct format format;
	struct form form;
	bool color;	   /* the stream is a terminal with colour */
	int width;	   /* of the terminal, 0: none (cells are never cut) */
	uint64_t seq;	   /* for json */
	list_print *print; /* instead of a table (table, wide); NULL: a table */
	void *print_argument;
};

struct list;

/*
 * Starts a list of records of one type. params NULL: no filter and so on. -l selects by the
 * record's field `labels`. --columns names paths (path_find), which json and jsonl use as keys. The
 * targets of style and params must outlive the list. NULL: ERR_USAGE for unknown fields and formats
 * that do not apply.
 */
struct list *list_begin(struct out *out, const struct rec *rec, const struct list_params *params,
    const struct list_style *style, struct arena *a, struct err *e);

/*
 * True if the list keeps pointers into its records (it sorts): then do not rewind the arena between
 * rows.
 */
bool list_keeps(const struct list *list);

/*
 * Filters, then sorts, then limits. Returns 0; 1 if further rows cannot matter (or the reader is
 * gone); -1. The caller may reuse the struct afterwards.
 */
int list_row(struct list *list, const void *record, struct err *e);

/*
 * Adds a cell's text on a single line: escapes \t \n \r, \\ if `backslash`, and all control bytes
 * if `escape`.
 */
void cell_escape(struct buf *out, const char *p, size_t n, bool escape, bool backslash);

struct list_count {
	uint64_t shown;
	bool cut; /* the limit hid matching rows */
};
int list_end(struct list *list, struct list_count *count, struct err *e);

/* Frees a list, even one not ended; accepts NULL. */
void list_done(struct list *list);

/*
 * One record in full: `show`. table and wide: "field  value" lines, maps and messages indented;
 * json: {"v":1,"seq":N,"items":[…]}; the others as one row of a list.
 */
int show_record(struct out *out, const struct rec *rec, const void *record,
    const struct list_style *style, struct arena *a, struct err *e);

#endif
