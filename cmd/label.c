/* label: sets and removes labels. */
#include "core/cmd.h"

#include <string.h>

#include "state/record.h"

/* "k=v" sets, "k-" removes. */
static int
label_of(struct ctx *ctx, const char *text, struct label *label, struct err *e)
{
	size_t n = strlen(text);
	char *with_value;

	if (n < 2 || text[n - 1] != '-' || strchr(text, '='))
		return label_parse(text, label, ctx->turn, e);
	with_value = arena_printf(ctx->turn, "%.*s=", (int)(n - 1), text);
	if (label_parse(with_value, label, ctx->turn, e))
		return -1;
	label->value = NULL;
	return 0;
}

/* A node's labels decide what may run there, so nodes have rules of their own. */
static int
label_record(struct ctx *ctx, const struct found *found, const struct labels *labels, struct err *e)
{
	const struct field *field = rec_field(found->kind->rec, "labels");
	const char *label = record_label(found->kind, found->record, ctx->turn);
	struct labels *have;
	size_t i;

	if (!field)
		return err_value(e, ERR_USAGE, label, "a %s has no labels", found->kind->name);
	if (record_ended(found->kind, found->record))
		return err_value(e, ERR_REFUSED, label, "%s %s has ended: cannot label it",
		    found->kind->name, label);
	have = field_to(field, found->record);
	for (i = 0; i < labels->n; i++)
		labels_set(have, labels->v[i].key, labels->v[i].value, ctx->turn);
	return record_put(ctx->cluster, found->kind, found->record, 0, NULL, e);
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	struct labels labels = {0};
	const struct found *found = ctx->records;
	char **o;

	(void)params;
	for (o = operands + 1; *o; o++)
		labels.n++;
	labels.v = arena_alloc(ctx->turn, labels.n * sizeof *labels.v);
	for (o = operands + 1; *o; o++)
		if (label_of(ctx, *o, &labels.v[o - operands - 1], e))
			return -1;
	result_id(ctx, found->kind->letter, record_number(found->kind, found->record), false);
	return found->kind->label ? found->kind->label(ctx->cluster, found->record, &labels, e)
				  : label_record(ctx, found, &labels, e);
}

const struct command cmd_label = {
    .name = "label",
    .help = "set (k=v) and remove (k-) labels of a record",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES,
    .operands =
	OPERANDS({.name = "REC", .kind = ANY_KIND}, {.name = "k=v|k-", .count = OPERAND_MANY}),
    .run = run,
};
