#include "place/policies.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "place/policy.h"
#include "rec/records.h"
#include "state/cluster.h"

/* clang-format off */
#define POLICIES(P) \
	P(hybrid) \
	P(bestfit) \
	P(spread) \
	P(fgd)
/* clang-format on */

#define DECLARATION(name) extern const struct policy_row policy_##name;
POLICIES(DECLARATION)

#define ROW(name) &policy_##name,
static const struct policy_row *const rows[] = {POLICIES(ROW)};

#define ROWS (sizeof rows / sizeof *rows)

static const struct policy_row *
row_named(const char *name)
{
	size_t i;

	for (i = 0; i < ROWS; i++)
		if (!strcmp(rows[i]->name, name))
			return rows[i];
	return NULL;
}

/* A name that this program does not know is that of a later one: the default holds. */
int
policies_of(
    struct cluster *c, const struct demand *demand, const struct policy_row **row, struct err *e)
{
	const struct setting_row *setting = &settings[SETTING_PLACEMENT_POLICY];
	const char *name;
	bool set;

	*row = demand->strategy == STRATEGY_PACK     ? &policy_bestfit
	       : demand->strategy == STRATEGY_SPREAD ? &policy_spread
						     : NULL;
	if (*row)
		return 0;
	if (config_text(c, setting->key, &name, &set, e))
		return -1;
	*row = row_named(name);
	if (!*row)
		*row = row_named(setting->default_value);
	return 0;
}

const char *const *
policies_names(struct arena *a)
{
	const char **names = arena_alloc(a, (ROWS + 1) * sizeof *names);
	size_t i;

	for (i = 0; i < ROWS; i++)
		names[i] = rows[i]->name;
	return names;
}

const char *
policies_setting_help(const struct setting_row *setting, struct arena *a)
{
	struct buf help = {.arena = a};
	size_t i;

	if (setting != &settings[SETTING_PLACEMENT_POLICY])
		return setting->help;
	buf_text(&help, setting->help);
	for (i = 0; i < ROWS; i++) {
		const struct policy_row *row = rows[i];

		buf_printf(&help, "%s%s%s%s%s", i ? ", " : ": ", row->name, row->help ? " (" : "",
		    row->help ? row->help : "", row->help ? ")" : "");
	}
	return buf_string(&help);
}
