/* config: the cluster's settings. */
#include "core/cmd.h"

#include <string.h>

#include "place/policies.h"
#include "state/config.h"

static int
list_all(struct ctx *ctx, struct err *e)
{
	struct list *list = NULL;
	struct list_count count;
	size_t i;
	int bad;

	bad = !(list = list_begin(ctx->out, &rec_config, NULL, &ctx->style, ctx->turn, e));
	for (i = 0; !bad && i < SETTINGS; i++) {
		struct config row = {.key = settings[i].key,
		    .default_value = settings[i].default_value,
		    .help = policies_setting_help(&settings[i], ctx->turn)};
		bool set;

		bad = config_text(ctx->cluster, row.key, &row.value, &set, e) ||
		      list_row(list, &row, e) < 0;
	}
	if (!bad)
		bad = list_end(list, &count, e);
	list_done(list);
	return bad ? -1 : 0;
}

static int
run(struct ctx *ctx, const void *params, char **operands, struct err *e)
{
	const char *value;
	bool set;

	(void)params;
	if (!operands[0])
		return list_all(ctx, e);
	if (operands[1])
		return config_set(ctx->cluster, operands[0],
		    strcmp(operands[1], "default") ? operands[1] : NULL, policies_names(ctx->turn),
		    e);
	if (config_text(ctx->cluster, operands[0], &value, &set, e))
		return -1;
	if (ctx_json(ctx))
		out_printf(ctx->out,
		    "{\"v\":1,\"seq\":%llu,\"items\":[{\"key\":\"%s\",\"value\":\"%s\"}]}\n",
		    (unsigned long long)ctx->style.seq, operands[0], value);
	else
		out_printf(ctx->out, "%s\n", value);
	return 0;
}

/* CMD_FREES: a quota that is too small must not keep itself from being raised. */
const struct command cmd_config = {
    .name = "config",
    .help = "show settings, or change one (default: reset it)",
    .mode = MODE_WRITE,
    .flags = CMD_MUTATES | CMD_FREES,
    .operands = OPERANDS({.name = "KEY", .count = OPERAND_OPTIONAL, .completes = "setting"},
	{.name = "VALUE|default", .count = OPERAND_OPTIONAL}),
    .run = run,
    .reads_below = 2,
};
