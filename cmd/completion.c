/* completion: the shells' completion scripts, and the answers to their queries. */
#include "follow/expr.h"

#include <stdio.h>
#include <string.h>

#include "place/policies.h"
#include "state/config.h"
#include "state/key.h"
#include "store/scan.h"
#include "ui/complete.h"

struct asking {
	struct ctx *ctx; /* its operands are the words of the command line */
	const char *source, *prefix;
	struct buf *out;
};

/* The value of an option among the words before the cursor, "--name V", "--name=V" or "-l V"; NULL:
 * not given. */
static const char *
option_before(struct ctx *ctx, char letter, const char *name)
{
	const char *value = NULL;
	size_t n = strlen(name);
	char **w;

	for (w = ctx->parsed.operands; w[0] && w[1]; w++) {
		bool shortly = w[0][0] == '-' && w[0][1] == letter;
		bool longly = !strncmp(w[0], "--", 2) && !strncmp(w[0] + 2, name, n);

		if ((shortly && !w[0][2]) || (longly && !w[0][2 + n]))
			value = w[1][0] && w[2] ? w[1] : value;
		else if (shortly || (longly && w[0][2 + n] == '='))
			value = w[0] + (shortly ? 2 : 3 + n);
	}
	return value;
}

/* The kind that the command on the line lists; NULL: any. */
static const struct rec *
rec_listed(struct ctx *ctx)
{
	const struct kind *kind;
	char **w;

	for (w = ctx->parsed.operands; w[0] && w[1]; w++) {
		kind = kind_named(ctx->kinds, w[0]);
		if (kind)
			return kind->rec;
		if (!strcmp(w[0], "log") || !strcmp(w[0], "watch"))
			return &rec_event;
	}
	return NULL;
}

/* Skips what does not fit on one line of the answer. */
static void
offer(const struct asking *a, const char *value, const char *help)
{
	const char *p;

	for (p = value; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return;
	if (!strncmp(value, a->prefix, strlen(a->prefix)))
		buf_printf(a->out, "%s\t%s\n", value, help ? help : "");
}

static void
offer_enum(const struct asking *a, const struct enums *names)
{
	for (size_t i = 0; i < names->n; i++)
		offer(a, names->v[i].name, names->v[i].help);
}

/* The completion of a record with an id: its name, with the prefix that resolves it. */
static const char *
name_offered(struct ctx *ctx, const struct asking *a, const struct kind *kind, const void *record)
{
	const char *label = record_label(kind, record, ctx->turn);
	const char *namespace = record_text(kind, record, "namespace");
	const char *name = record_text(kind, record, "name");

	if (!name || !namespace)
		return label;
	if (!strcmp(namespace, "default"))
		return name;
	if (strcmp(a->source, "record") != 0)
		return label;
	return arena_printf(ctx->turn, "%s/%s", kind->name, label);
}

/* The completion of a living record: a key in the form the command takes. NULL: not offered. */
static const char *
record_offered(struct ctx *ctx, const struct asking *a, const struct kind *kind, const void *record)
{
	const char *namespace = option_before(ctx, 'N', "namespace");

	if (record_ended(kind, record))
		return NULL;
	if (kind->letter)
		return name_offered(ctx, a, kind, record);
	if (!strcmp(a->source, "record"))
		return arena_printf(
		    ctx->turn, "%s/%s", kind->name, record_label(kind, record, ctx->turn));
	if (!strcmp(a->source, "kv/"))
		return record_label(kind, record, ctx->turn);
	if (strcmp(record_text(kind, record, "namespace"), namespace ? namespace : "default") != 0)
		return NULL;
	return record_text(kind, record, "key");
}

/* Living records of a kind, at most 1000. */
static int
offer_records(struct ctx *ctx, const struct asking *a, const struct kind *kind, struct err *e)
{
	struct slice key, row;
	struct scan scan;
	int got, n = 0;

	if (scan_table(&scan, ctx->cluster->txn, kind->table, e))
		return -1;
	while (n < 1000 && (got = scan_next(&scan, &key, &row, e)) > 0) {
		void *record = arena_alloc(ctx->turn, kind->rec->size);
		const char *name;

		if (rec_decode(kind->rec, record, row, ctx->turn, e))
			break;
		name = record_offered(ctx, a, kind, record);
		if (!name || strncmp(name, a->prefix, strlen(a->prefix)) != 0)
			continue;
		offer(a, name, kind->letter ? kind->name : "");
		n++;
	}
	scan_close(&scan);
	return 0;
}

/* All namespaces: skips from each key to the first one after its namespace. */
static int
offer_namespaces(struct ctx *ctx, const struct asking *a, struct err *e)
{
	struct slice key, row;
	struct key from = {.n = 0};
	struct scan scan;
	int got;

	do {
		if (scan_open(&scan, ctx->cluster->txn, TABLE_KV,
			&(struct scan_range){.from = key_slice(&from)}, e))
			return -1;
		got = scan_next(&scan, &key, &row, e);
		if (got > 0) {
			const char *name = arena_strndup(ctx->turn, (const char *)key.p, key.n);

			offer(a, name, "");
			from.n = 0;
			key_add(&from, slice_of(name));
			key_byte(&from, 1);
		}
		scan_close(&scan);
	} while (got > 0);
	return got;
}

static int
live_body(struct ctx *ctx, void *argument, struct err *e)
{
	const struct asking *a = argument;
	const struct kind *kind =
	    kind_named(ctx->kinds, !strcmp(a->source, "kv/") ? "kv" : a->source);

	if (!strcmp(a->source, "namespace"))
		return offer_namespaces(ctx, a, e);
	if (strcmp(a->source, "record") != 0)
		return kind ? offer_records(ctx, a, kind, e) : 0;
	for (kind = ctx->kinds->v; kind < ctx->kinds->v + ctx->kinds->n; kind++)
		if ((kind->letter || rec_field(kind->rec, "namespace")) &&
		    offer_records(ctx, a, kind, e))
			return -1;
	return 0;
}

/* A field, and after its = its possible values. */
static void
offer_field(const struct asking *a, const struct field *f)
{
	const struct enums *words = f->kind == FK_ENUM && strchr(a->prefix, '=') ? f->sub : NULL;

	offer(a, f->name, f->help);
	for (size_t i = 0; words && i < words->n; i++)
		offer(a, arena_printf(a->ctx->arena, "%s=%s", f->name, words->v[i].name),
		    words->v[i].help);
}

static void
offer_fields(const struct asking *a)
{
	const struct rec *rec = rec_listed(a->ctx);
	const struct field *f;
	const struct kind *k;

	for (k = a->ctx->kinds->v; !rec && k < a->ctx->kinds->v + a->ctx->kinds->n; k++)
		for (f = k->rec->fields; f < k->rec->fields + k->rec->n; f++)
			offer_field(a, f);
	for (f = rec ? rec->fields : NULL; rec && f < rec->fields + rec->n; f++)
		offer_field(a, f);
}

static const struct enums *
states_of(const struct kind *kind)
{
	const struct field *f = kind->states ? rec_field(kind->rec, "state") : NULL;

	return f ? f->sub : NULL;
}

/* Several kinds share state names. */
static bool
is_state_before(const struct kinds *kinds, const struct kind *kind, const char *name)
{
	const struct kind *k;
	unsigned ignored;

	for (k = kinds->v; k < kind; k++)
		if (states_of(k) && enum_parse(states_of(k), name, &ignored))
			return true;
	return false;
}

/* The words of `is`, `require` and `wait`, except comparisons. */
static void
offer_states(const struct asking *a)
{
	const struct kind *k;

	for (k = a->ctx->kinds->v; k < a->ctx->kinds->v + a->ctx->kinds->n; k++) {
		const struct enums *states = states_of(k);

		for (size_t i = 0; states && i < states->n; i++)
			if (!is_state_before(a->ctx->kinds, k, states->v[i].name))
				offer(a, states->v[i].name, states->v[i].help);
	}
	offer_enum(a, &expr_words);
	offer(a, "fits:", "a demand fits somewhere: fits:cpu=2,gpu=1");
	offer(a, "quiet:", "nothing happened to it for so long: quiet:30s");
}

static void
offer_settings(const struct asking *a)
{
	size_t i;

	for (i = 0; i < SETTINGS; i++)
		offer(a, settings[i].key, policies_setting_help(&settings[i], a->ctx->turn));
}

static void
offer_words(const struct asking *a)
{
	offer_enum(a, &kind_names);
	offer_enum(a, &event_types);
	offer_enum(a, &node_states);
	offer_enum(a, &node_reasons);
	offer_enum(a, &drain_purposes);
	offer_settings(a);
}

static void
offer_commands(const struct asking *a)
{
	size_t i;

	for (i = 0; i < a->ctx->commands->n; i++)
		if (!(a->ctx->commands->v[i]->flags & CMD_HIDDEN))
			offer(a, a->ctx->commands->v[i]->name, a->ctx->commands->v[i]->help);
}

/* The values of one source. What a store knows is read from it, if there is one; errors are
 * ignored: completion is a hint. */
static void
values(void *argument, const char *source, const char *prefix, struct buf *out)
{
	static const char *const formats[] = {
	    "table", "wide", "json", "jsonl", "tsv", "id", "name", "env", "fmt="};
	struct asking a = {argument, source, prefix, out};
	struct err ignored = {0};
	size_t i;

	if (!strcmp(source, "type"))
		offer_enum(&a, &event_types);
	else if (!strcmp(source, "kind"))
		offer_enum(&a, &kind_names);
	else if (!strcmp(source, "command"))
		offer_commands(&a);
	else if (!strcmp(source, "field"))
		offer_fields(&a);
	else if (!strcmp(source, "shell"))
		for (i = 0; i < COMPLETE_SHELLS; i++)
			offer(&a, complete_scripts[i].shell, "");
	else if (!strcmp(source, "format"))
		for (i = 0; i < ARRAY_LENGTH(formats); i++)
			offer(&a, formats[i], "");
	else if (!strcmp(source, "setting"))
		offer_settings(&a);
	else if (!strcmp(source, "state"))
		offer_states(&a);
	else if (!strcmp(source, "word"))
		offer_words(&a);
	else if (a.ctx->store || !ctx_open(a.ctx, true, &ignored))
		ctx_read(a.ctx, live_body, &a, &ignored);
}

static size_t
sets_of(const struct command *command, struct opt_set *sets)
{
	return command_sets(command, NULL, sets);
}

static int
run_complete(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct buf text = {.arena = ctx->arena};

	(void)params;
	(void)e;
	ctx->globals.quiet = true;
	/* The cluster whose records are offered. */
	ctx->globals.dir = option_before(ctx, 'D', "dir");
	complete_words(ctx->commands, operands, sets_of, values, ctx, &text);
	if (text.n)
		out_add(ctx->out, text.p, text.n);
	return 0;
}

static int
run_completion(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const struct complete_script *s = complete_scripts;

	(void)params;
	for (; s < complete_scripts + COMPLETE_SHELLS; s++)
		if (!strcmp(s->shell, operands[0])) {
			out_text(ctx->out, s->script);
			return 0;
		}
	return err_value(e, ERR_USAGE, operands[0],
	    "no completion for shell '%s' (bash, zsh, fish)", operands[0]);
}

const struct command cmd_completion = {
    .name = "completion",
    .help = "print the completion script of a shell",
    .mode = MODE_NONE,
    .operands = OPERANDS({.name = "SHELL", .completes = "shell"}),
    .run = run_completion,
};
const struct command cmd_complete = {
    .name = "__complete",
    .help = "answer a completion script",
    .mode = MODE_NONE,
    .flags = CMD_HIDDEN | CMD_RAW,
    .run = run_complete,
};
