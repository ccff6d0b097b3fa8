/* is: does an expression hold for a record now? And `require`, the same as a guard inside a batch.
 */
#include "cmd.h"

#include <ctype.h>
#include <string.h>

#include "rec/filter.h"

/* A bare state's name, any case; 0: it is none. */
static unsigned
state_named(const struct kind *kind, const char *text)
{
	const struct field *f = kind->states ? rec_field(kind->rec, "state") : NULL;
	unsigned state;

	return f && enum_parse(f->sub, text, &state) ? state : 0;
}

static int
compare(struct ctx *ctx, const struct found *found, const char *expression, struct err *e)
{
	struct filter *filter = NULL;
	struct view view;
	int match;

	if (view_open(ctx, found->kind, &view, e) ||
	    view_fill(ctx, &view, found->kind, found->record, e))
		return -1;
	if (filter_add(&filter, found->kind->rec, expression, ctx->cluster->now_ms, ctx->turn, e))
		return -1;
	match = filter_match(filter, found->record);
	filter_done(filter);
	return match;
}

int
holds(struct ctx *ctx, const char *text, const char *expression, struct err *e)
{
	struct found found;
	struct err missing = {0};
	bool there = record_find(ctx->cluster, NULL, text, ctx_self(), &found, &missing) > 0;
	bool ended;

	if (!there && missing.code != ERR_NO) {
		*e = missing;
		return -1;
	}
	ended = there && record_ended(found.kind, found.record);
	if (!strcmp(expression, "exists"))
		return there && !ended;
	if (!strcmp(expression, "gone"))
		return !there || ended;
	if (!strcmp(expression, "ended"))
		return ended;
	if (!there) {
		*e = missing;
		return -1;
	}
	if (isalpha((unsigned char)expression[0]) &&
	    !expression[strspn(
		expression, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")]) {
		unsigned state = state_named(found.kind, expression);

		if (!state)
			return err_value(e, ERR_USAGE, expression,
			    "'%s' is no state of a %s (others: exists, gone, ended, FIELD OP "
			    "VALUE)",
			    expression, found.kind->name);
		return record_state(found.kind, found.record) == state;
	}
	return compare(ctx, &found, expression, e);
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	int yes = holds(ctx, operands[0], operands[1], e);

	(void)params;
	if (yes > 0)
		return 0;
	return yes < 0 ? -1 : err_set(e, ERR_NO, "%s", "");
}

static const struct operand operands[] = {
    {"REC", OPERAND_ONE, "record"}, {"EXPR", OPERAND_ONE, "state"}, {NULL, OPERAND_ONE, NULL}};

const struct command cmd_is = {"is",
    "succeed if EXPR holds for a record: a state, exists, gone, ended, FIELD OP VALUE", MODE_READ,
    0, operands, NULL, 0, run, NULL, 0, NULL};
