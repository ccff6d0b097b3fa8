/* explain: what words mean: kinds, fields, states, reasons, events, settings, exit codes. */
#include "core/cmd.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "why/why.h"
#include "place/policies.h"
#include "state/config.h"

struct vocabulary {
	const char *title;
	const struct enums *names;
	const char *word; /* explains all of them; NULL: a field does */
};

static const struct vocabulary tables[] = {
    {"kind", &kind_names, NULL},
    {"event", &event_types, NULL},
    {"state of a node", &node_states, NULL},
    {"reason of a node's end", &node_reasons, NULL},
    {"purpose of a drain", &drain_purposes, NULL},
    {"state of an actor", &actor_states, NULL},
    {"state of a placement group", &pg_states, NULL},
    {"state of a job", &job_states, NULL},
    {"state of a task", &task_states, NULL},
    {"state of a worker", &worker_states, NULL},
    {"reason of an end", &end_reasons, NULL},
    {"mode of a lock", &lock_modes, NULL},
    {"kind of a process's end", &exit_types, NULL},
    {"strategy", &strategies, NULL},
    {"answer of why", &why_codes, "why"},
};

static const char *const field_kinds[] = {[FK_U64] = "number",
    [FK_I64] = "number",
    [FK_BOOL] = "true or false",
    [FK_TEXT] = "text",
    [FK_BYTES] = "bytes",
    [FK_TIME] = "time, ms since 1970 UTC",
    [FK_DURATION] = "duration, ms",
    [FK_SIZE] = "bytes",
    [FK_REAL] = "number, to four decimals",
    [FK_ID] = "id",
    [FK_REF] = "id of any kind",
    [FK_ENUM] = "word",
    [FK_TEXTS] = "texts",
    [FK_LABELS] = "labels",
    [FK_AMOUNT] = "amount",
    [FK_AMOUNTS] = "resources",
    [FK_NUMBERS] = "numbers",
    [FK_JSON] = "object",
    [FK_MESSAGE] = "group",
    [FK_LIST] = "groups"};

static bool
is_tsv(const struct ctx *ctx)
{
	return ctx->style.format.kind == FORMAT_TSV;
}

static void
line(struct ctx *ctx, const char *name, const char *help)
{
	out_printf(ctx->out, is_tsv(ctx) ? "%s\t%s\n" : "  %-22s %s\n", name, help);
}

static void
explain_enum(struct ctx *ctx, const struct enums *names)
{
	for (size_t i = 0; i < names->n; i++)
		line(ctx, names->v[i].name, names->v[i].help);
}

static void
explain_rec(struct ctx *ctx, const struct rec *rec)
{
	const struct field *f;

	if (!is_tsv(ctx))
		out_printf(ctx->out, "%s: %s\n", rec->name, rec->help);
	for (f = rec->fields; f < rec->fields + rec->n; f++)
		out_printf(ctx->out, is_tsv(ctx) ? "%s\t%s\t%s%s\n" : "  %-18s %-24s %s%s\n",
		    f->name, field_kinds[f->kind], f->help,
		    f->flags & FF_VIRTUAL ? " (computed)" : "");
}

static void
explain_field(struct ctx *ctx, const struct rec *rec, const struct field *f)
{
	if (!is_tsv(ctx)) {
		out_printf(
		    ctx->out, "%s.%s: %s\n  %s", rec->name, f->name, f->help, field_kinds[f->kind]);
		if (f->number)
			out_printf(ctx->out, ", stored as field %u", f->number);
		if (f->flags & FF_RERUN)
			out_text(ctx->out, ", repeated by a rerun");
		out_text(ctx->out, "\n");
	}
	if (f->kind == FK_ENUM)
		explain_enum(ctx, f->sub);
	if (f->kind == FK_MESSAGE)
		explain_rec(ctx, f->sub);
}

static const struct rec *
rec_named(const char *name, size_t n)
{
	static const struct rec *const recs[] = {&rec_node, &rec_kv, &rec_lease, &rec_actor,
	    &rec_job, &rec_task, &rec_worker, &rec_lock, &rec_after, &rec_array, &rec_exit, &rec_pg,
	    &rec_bundle, &rec_ending, &rec_instance, &rec_demand, &rec_config, &rec_event,
	    &rec_transaction, &rec_drain, &rec_death, &rec_by};
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(recs); i++)
		if (strlen(recs[i]->name) == n && !strncmp(recs[i]->name, name, n))
			return recs[i];
	return NULL;
}

static int
explain_path(struct ctx *ctx, const char *text)
{
	size_t n = strcspn(text, ".");
	const struct rec *rec = rec_named(text, n);
	const struct field *f = rec && text[n] ? rec_field(rec, text + n + 1) : NULL;

	if (!rec || (text[n] && !f) || (rec == &rec_exit && !f))
		return 0; /* "exit" alone: the exit codes of the program */
	if (f)
		explain_field(ctx, rec, f);
	else
		explain_rec(ctx, rec);
	return 1;
}

static int
explain_word(struct ctx *ctx, const char *text)
{
	int found = 0;
	size_t i, k;

	for (i = 0; i < ARRAY_LENGTH(tables); i++) {
		if (tables[i].word && !strcmp(tables[i].word, text)) {
			explain_enum(ctx, tables[i].names);
			found = 1;
		}
		for (k = 0; k < tables[i].names->n; k++) {
			const struct enum_name *n = &tables[i].names->v[k];

			if (strcasecmp(n->name, text) != 0)
				continue;
			out_printf(ctx->out, is_tsv(ctx) ? "%s\t%s\t%s\n" : "%s (%s): %s\n",
			    n->name, tables[i].title, n->help);
			found = 1;
		}
	}
	for (i = 0; i < SETTINGS; i++)
		if (!strcmp(settings[i].key, text) || !strcmp("setting", text)) {
			out_printf(ctx->out,
			    is_tsv(ctx) ? "%s\t%s\t%s\n" : "%s (setting, %s): %s\n",
			    settings[i].key, settings[i].default_value,
			    policies_setting_help(&settings[i], ctx->arena));
			found = 1;
		}
	return found;
}

static int
explain_exit(struct ctx *ctx, const char *text)
{
	const struct err_meaning *m;
	const char *number = strncasecmp(text, "exit", 4) ? text : text + 4;
	int found = 0;

	for (m = err_meanings.v; m < err_meanings.v + err_meanings.n; m++) {
		bool same =
		    !strcasecmp(m->name, text) ||
		    (*number && !number[strspn(number, "0123456789")] && atoi(number) == m->code);

		if (!same && (strcasecmp(text, "exit") != 0 || m->code > 255))
			continue;
		out_printf(ctx->out, is_tsv(ctx) ? "%d\t%s\t%s\n" : "exit %-4d %-14s %s\n", m->code,
		    m->name, m->help);
		found = 1;
	}
	return found;
}

static void
explain_all(struct ctx *ctx)
{
	const struct err_meaning *m;
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(tables); i++) {
		out_printf(ctx->out, "%s:\n", tables[i].title);
		explain_enum(ctx, tables[i].names);
	}
	out_text(ctx->out, "setting:\n");
	for (i = 0; i < SETTINGS; i++)
		line(ctx, settings[i].key, policies_setting_help(&settings[i], ctx->arena));
	out_text(ctx->out, "exit code:\n");
	for (m = err_meanings.v; m < err_meanings.v + err_meanings.n; m++)
		out_printf(ctx->out, "  %-4d %-17s %s\n", m->code, m->name, m->help);
	out_text(ctx->out, "fields: gcs explain node, lease, actor, pg, lock, kv, config, event, "
			   "transaction, or KIND.FIELD\n");
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	int found;

	(void)params;
	if (!*operands)
		explain_all(ctx);
	for (; *operands; operands++) {
		found = explain_path(ctx, *operands);
		/* A word with several meanings shows them all, but tsv output is only one table. */
		if (!found || !is_tsv(ctx))
			found |= explain_word(ctx, *operands) | explain_exit(ctx, *operands);
		if (!found)
			return err_value(e, ERR_NO, *operands,
			    "unknown word '%s' (see: gcs explain)", *operands);
	}
	return 0;
}

const struct command cmd_explain = {
    .name = "explain",
    .help = "explain a kind, field, state, reason, event, setting or exit code",
    .mode = MODE_NONE,
    .operands =
	OPERANDS({.name = "KIND[.FIELD]|WORD|EXIT", .count = OPERAND_ANY, .completes = "word"}),
    .run = run,
};
