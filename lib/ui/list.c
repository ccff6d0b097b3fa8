#include "ui/list.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "rec/filter.h"
#include "ui/internal.h"
#include "ui/out.h"

struct list {
	struct out *out;
	const struct rec *rec;
	struct list_style style;
	enum format_kind kind;
	struct arena own;  /* the caller's may be rewound between rows */
	struct arena turn; /* text: scratch memory of one row, freed with the row */

	struct filter *filter;
	struct selector *selector;
	const struct field *labels;
	const char *sort; /* a path; NULL: unsorted */
	bool down;
	struct opt_number limit;

	const struct field *id, *name;
	list_print *print; /* the caller's, instead of a table */
	bool named;	   /* --columns was given */
	struct columns columns;
	struct pieces pieces;
	struct table *table;
	struct buf line, text;

	struct buf kept; /* struct kept, to be sorted */
	uint64_t shown;
	bool cut;
};

struct kept {
	const void *record;
	struct path_value value;
	bool there;
};

static const struct opt opts[] = {
    OPT_OF(struct list_params, 0, "filter", OPT_TEXTS, filter, "EXPR",
	"only records with 'FIELD OP VALUE', where OP is = != < <= > >= or ~; a comma means or, "
	"repeating means and",
	.completes = "field"),
    OPT_OF(struct list_params, 'l', "selector", OPT_TEXT, selector, "SELECTOR",
	"only records whose labels match: k=v, k!=v, 'k in (a,b)', k, !k"),
    OPT_OF(struct list_params, 0, "sort", OPT_TEXT, sort, "[-]FIELD",
	"sort by this field; - for descending", .completes = "field"),
    OPT_OF(struct list_params, 0, "limit", OPT_U64, limit, "N", "at most this many records"),
    OPT_OF(struct list_params, 'c', "columns", OPT_TEXT, columns, "FIELD,...",
	"show these fields as columns", .completes = "field"),
    OPT_OF(struct list_params, 0, "no-headers", OPT_FLAG, no_headers, NULL,
	"omit the line of column titles"),
    OPT_OF(struct list_params, 'a', "all", OPT_FLAG, all, NULL, "include records that have ended"),
    OPT_OF(struct list_params, 0, "some", OPT_FLAG, some, NULL, "exit with 1 if the list is empty"),
};
const struct opts list_opts = OPTS(opts, struct list_params);

static int
filters_set(struct list *l, const struct list_params *params, struct arena *a, struct err *e)
{
	for (size_t i = 0; i < params->filter.n; i++)
		if (filter_add(&l->filter, l->rec, params->filter.v[i], l->style.form.now_ms, a, e))
			return err_wrap(e, "--filter");
	if (!params->selector)
		return 0;
	l->labels = rec_field(l->rec, "labels");
	if (!l->labels || l->labels->kind != FK_LABELS)
		return err_value(e, ERR_USAGE, params->selector,
		    "--selector: %s records have no labels", l->rec->name);
	if (selector_parse(&l->selector, params->selector, a, e))
		return err_wrap(e, "--selector");
	return 0;
}

static int
sort_set(struct list *l, const char *sort, struct arena *a, struct err *e)
{
	struct path_value value;

	if (!sort)
		return 0;
	l->down = *sort == '-';
	l->sort = arena_strdup(a, sort + l->down);
	if (path_find(l->rec, NULL, l->sort, &value, e) < 0)
		return err_wrap(e, "--sort");
	return 0;
}

static int
params_set(struct list *l, const struct list_params *params, struct arena *a, struct err *e)
{
	enum format_kind k = l->kind;

	if (!params)
		return 0;
	l->limit = params->limit;
	l->named = params->columns != NULL;
	if (l->named && (k == FORMAT_ID || k == FORMAT_NAME || k == FORMAT_FMT))
		return err_value(
		    e, ERR_USAGE, params->columns, "--columns: format %s has none", format_name(k));
	if (l->named && l->print)
		return err_value(
		    e, ERR_USAGE, params->columns, "--columns: not where whole lines are shown");
	if (sort_set(l, params->sort, a, e))
		return -1;
	return filters_set(l, params, a, e);
}

/* The record's own id; else the key by which it is found. */
static const struct field *
identity_field(const struct rec *rec)
{
	const struct field *f = rec_field(rec, "id");

	if (f && f->kind == FK_ID)
		return f;
	f = rec_field(rec, "key");
	return f ? f : rec->fields;
}

static int
shape_set(struct list *l, const struct list_params *params, struct arena *a, struct err *e)
{
	l->id = identity_field(l->rec);
	l->name = rec_field(l->rec, "name");
	if (l->kind == FORMAT_FMT)
		return pieces_make(&l->pieces, l->style.format.fmt, l->rec, a, e);
	return columns_make(
	    &l->columns, l->rec, params ? params->columns : NULL, l->kind == FORMAT_WIDE, a, e);
}

static void
titles_print(struct list *l)
{
	for (size_t i = 0; i < l->columns.n; i++) {
		out_text(l->out, i ? "\t" : "");
		out_text(l->out, l->columns.v[i].title);
	}
	out_text(l->out, "\n");
}

static bool
is_table(enum format_kind kind)
{
	return kind == FORMAT_TABLE || kind == FORMAT_WIDE;
}

static void
head_print(struct list *l, bool headers)
{
	if (l->print)
		return;
	if (is_table(l->kind))
		l->table = table_begin(l->out, l->rec, &l->columns, &l->style, headers, &l->own);
	else if (l->kind == FORMAT_TSV && headers)
		titles_print(l);
	else if (l->kind == FORMAT_JSON)
		out_printf(
		    l->out, "{\"v\":1,\"seq\":%llu,\"items\":[", (unsigned long long)l->style.seq);
}

struct list *
list_begin(struct out *out, const struct rec *rec, const struct list_params *params,
    const struct list_style *style, struct arena *a, struct err *e)
{
	struct list *l = arena_alloc(a, sizeof *l);
	enum format_kind kind = style->format.kind;

	*l = (struct list){.out = out, .rec = rec, .style = *style};
	l->kind = kind == FORMAT_DEFAULT ? FORMAT_TABLE : kind;
	l->print = is_table(l->kind) ? style->print : NULL;
	arena_init(&l->own, a->exhausted);
	arena_init(&l->turn, a->exhausted);
	l->line.arena = l->kept.arena = &l->own;
	if (params_set(l, params, a, e) || shape_set(l, params, a, e)) {
		list_done(l);
		return NULL;
	}
	head_print(l, !params || !params->no_headers);
	return l;
}

bool
list_keeps(const struct list *list)
{
	return list->sort != NULL;
}

static void
json_row(struct list *l, const void *record)
{
	if (l->kind == FORMAT_JSON && l->shown)
		buf_byte(&l->line, ',');
	if (!l->named) {
		rec_json(l->rec, record, &l->style.form, &l->line);
	} else {
		for (size_t i = 0; i < l->columns.n; i++) {
			buf_byte(&l->line, i ? ',' : '{');
			column_json(&l->columns.v[i], l->rec, record, &l->style.form, &l->line);
		}
		buf_byte(&l->line, '}');
	}
	if (l->kind == FORMAT_JSONL)
		buf_byte(&l->line, '\n');
}

static void
tsv_row(struct list *l, const void *record)
{
	struct form form = l->style.form;

	form.escape = false;
	for (size_t i = 0; i < l->columns.n; i++) {
		if (i)
			buf_byte(&l->line, '\t');
		l->text.n = 0;
		column_text(&l->columns.v[i], l->rec, record, &form, &l->text);
		cell_escape(&l->line, l->text.p, l->text.n, l->style.form.escape, true);
	}
	buf_byte(&l->line, '\n');
}

static void
id_row(struct list *l, const struct field *f, const void *record)
{
	if (!f || !field_is_set(f, record))
		f = l->id;
	l->text.n = 0;
	field_text(f, record, &l->style.form, &l->text);
	cell_escape(&l->line, l->text.p, l->text.n, false, false);
	buf_byte(&l->line, '\n');
}

static void
variable_name(struct buf *out, const char *text)
{
	buf_byte(out, '_');
	for (; *text; text++)
		buf_byte(out, isalnum((unsigned char)*text) ? toupper((unsigned char)*text) : '_');
}

static void
variable(struct list *l, const char *path, const struct buf *value)
{
	buf_text(&l->line, "GCS");
	variable_name(&l->line, l->rec->name);
	variable_name(&l->line, path);
	buf_byte(&l->line, '=');
	text_shell(&l->line, value->p, value->n);
	buf_byte(&l->line, '\n');
}

static void
env_row(struct list *l, const void *record)
{
	for (size_t i = 0; l->named && i < l->columns.n; i++) {
		l->text.n = 0;
		column_text(&l->columns.v[i], l->rec, record, &l->style.form, &l->text);
		variable(l, l->columns.v[i].path, &l->text);
	}
	for (size_t i = 0; !l->named && i < l->rec->n; i++) {
		const struct field *f = &l->rec->fields[i];

		if (f->flags & FF_CELL)
			continue;
		l->text.n = 0;
		field_text(f, record, &l->style.form, &l->text);
		variable(l, f->name, &l->text);
	}
}

static void
fmt_row(struct list *l, const void *record)
{
	struct path_value value;
	struct err e;

	for (size_t i = 0; i < l->pieces.n; i++) {
		const struct piece *piece = &l->pieces.v[i];

		buf_add(&l->line, piece->text, piece->n);
		if (!piece->path || path_find(l->rec, record, piece->path, &value, &e) <= 0)
			continue;
		l->text.n = 0;
		path_text(&value, &l->style.form, &l->text);
		buf_add(&l->line, l->text.p, l->text.n);
	}
}

static void
row_make(struct list *l, const void *record)
{
	switch (l->kind) {
	case FORMAT_DEFAULT:
	case FORMAT_TABLE:
	case FORMAT_WIDE:
		table_row(l->table, record, &l->text);
		break;
	case FORMAT_JSON:
	case FORMAT_JSONL:
		json_row(l, record);
		break;
	case FORMAT_TSV:
		tsv_row(l, record);
		break;
	case FORMAT_ID:
		id_row(l, NULL, record);
		break;
	case FORMAT_NAME:
		id_row(l, l->name, record);
		break;
	case FORMAT_ENV:
		env_row(l, record);
		break;
	case FORMAT_FMT:
		fmt_row(l, record);
		break;
	}
}

static int
row_print(struct list *l, const void *record, struct err *e)
{
	struct arena_mark start = arena_mark(&l->turn);

	if (l->print) {
		l->shown++;
		return l->print(l->style.print_argument, record, e);
	}
	l->line.n = 0;
	l->text = (struct buf){.arena = &l->turn};
	row_make(l, record);
	out_add(l->out, l->line.p, l->line.n);
	l->shown++;
	arena_rewind(&l->turn, start);
	return 0;
}

static bool
is_wanted(const struct list *l, const void *record)
{
	if (!filter_match(l->filter, record))
		return false;
	return !l->selector || selector_match(l->selector, field_at(l->labels, record));
}

static void
row_keep(struct list *l, const void *record)
{
	struct kept kept = {.record = arena_copy(&l->own, record, l->rec->size)};
	struct err e;

	kept.there = path_find(l->rec, kept.record, l->sort, &kept.value, &e) > 0;
	buf_add(&l->kept, &kept, sizeof kept);
}

int
list_row(struct list *l, const void *record, struct err *e)
{
	if (l->out->closed || l->out->failed)
		return 1;
	if (!is_wanted(l, record))
		return 0;
	if (l->sort) {
		row_keep(l, record);
		return 0;
	}
	if (l->limit.given && l->shown >= l->limit.value) {
		l->cut = true;
		return 1;
	}
	return row_print(l, record, e);
}

static int
amount_compare(const struct amount *a, const struct amount *b)
{
	return (a->value > b->value) - (a->value < b->value);
}

static int
value_compare(const struct path_value *a, const struct path_value *b)
{
	const void *x, *y;

	if (!a->key)
		return field_compare(a->field, a->record, b->record);
	x = field_at(a->field, a->record);
	y = field_at(b->field, b->record);
	if (a->field->kind == FK_AMOUNTS)
		return amount_compare(amounts_get(x, a->key), amounts_get(y, b->key));
	return strcmp(labels_get(x, a->key), labels_get(y, b->key));
}

/* Equal rows keep their order: their copies are in order of arrival, which decides for qsort. */
static int
kept_compare(const void *one, const void *other, void *list)
{
	const struct kept *a = *(const struct kept *const *)one,
			  *b = *(const struct kept *const *)other;
	const struct list *l = list;
	int order = a->there - b->there;

	if (!order && a->there)
		order = value_compare(&a->value, &b->value);
	if (order)
		return l->down ? -order : order;
	return (a > b) - (a < b);
}

static int
sorted_print(struct list *l, struct err *e)
{
	const struct kept *kept = (const struct kept *)(const void *)l->kept.p;
	size_t n = l->kept.n / sizeof *kept;
	const struct kept **order = arena_alloc(&l->own, n * sizeof(void *));

	for (size_t i = 0; i < n; i++)
		order[i] = &kept[i];
	qsort_r(order, n, sizeof *order, kept_compare, l);
	if (l->limit.given && n > l->limit.value) {
		l->cut = true;
		n = (size_t)l->limit.value;
	}
	for (size_t i = 0; i < n && !l->out->closed; i++)
		if (row_print(l, order[i]->record, e))
			return -1;
	return 0;
}

int
list_end(struct list *l, struct list_count *count, struct err *e)
{
	if (l->sort && sorted_print(l, e))
		return -1;
	if (l->table)
		table_end(l->table);
	else if (l->kind == FORMAT_JSON)
		out_text(l->out, "]}\n");
	*count = (struct list_count){l->shown, l->cut};
	return 0;
}

void
list_done(struct list *l)
{
	if (!l)
		return;
	filter_done(l->filter);
	l->filter = NULL;
	arena_done(&l->own);
	arena_done(&l->turn);
}
