#include "state/config.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/duration.h"
#include "base/err.h"
#include "base/size.h"
#include "base/time.h"
#include "store/txn.h"
#include "state/cluster.h"
#include "state/derive.h"
#include "state/kind.h"
#include "state/record.h"

static const char *const sync_choices[] = {"full", "group", NULL};

const struct setting_row settings[SETTINGS] = {
    [SETTING_HEARTBEAT_PERIOD] = {"heartbeat_period", "5s",
	"how often a node should send a heartbeat", SETTING_MS, 100, NULL},
    [SETTING_HEARTBEAT_TIMEOUT] = {"heartbeat_timeout", "30s",
	"how long a node may be silent before it is DEAD", SETTING_MS, 1000, NULL},
    [SETTING_HISTORY_KEEP] = {"history_keep", "30d", "how long events are kept", SETTING_MS, 1000,
	NULL},
    [SETTING_HISTORY_EVENTS] = {"history_events", "1000000", "the maximum number of events kept",
	SETTING_NUMBER, 1, NULL},
    [SETTING_DEAD_NODES_KEEP] = {"dead_nodes_keep", "1000",
	"how many records of dead nodes are kept", SETTING_NUMBER, 0, NULL},
    [SETTING_SYNC] = {"sync", "full",
	"full: both flushes under the lock; group: the second flush after it, shared by waiting "
	"writers",
	SETTING_CHOICE, 0, sync_choices},
    [SETTING_QUOTA] = {"quota", "0",
	"above this size, refuse writes other than deletions; 0: never", SETTING_BYTES, 0, NULL},
    [SETTING_PLACEMENT_POLICY] = {"placement_policy", "hybrid", "how a node is chosen",
	SETTING_NAME, 0, NULL},
    [SETTING_STARVATION_AGE] = {"starvation_age", "10m",
	"how long a record waits before the nodes that could serve it are reserved for it",
	SETTING_MS, 1000, NULL},
    [SETTING_ENDED_KEEP] = {"ended_keep", "100000",
	"how many ended records of each kind are kept (nodes: dead_nodes_keep)", SETTING_NUMBER, 0,
	NULL},
    [SETTING_LOG_LIMIT] = {"log_limit", "0",
	"size at which an agent rotates the log files of its processes; 0: never", SETTING_BYTES, 0,
	NULL},
    [SETTING_LOG_KEEP] = {"log_keep", "3", "how many rotated log files are kept", SETTING_NUMBER, 1,
	NULL},
};

static int
choice_parse(const char *const *choices, const char *text, uint64_t *value, struct err *e)
{
	char list[128] = "";
	size_t n = 0;

	for (*value = 1; choices[*value - 1]; ++*value) {
		if (!strcmp(choices[*value - 1], text))
			return 0;
		if (n < sizeof list)
			n += (size_t)snprintf(
			    list + n, sizeof list - n, "%s%s", n ? ", " : "", choices[*value - 1]);
	}
	return err_value(e, ERR_USAGE, text, "invalid value '%s' (one of: %s)", text, list);
}

/* names: those of a SETTING_NAME; NULL: not checked. */
static int
value_parse(const struct setting_row *s, const char *text, const char *const *names,
    uint64_t *value, struct err *e)
{
	int bad = -1;

	switch (s->form) {
	case SETTING_MS:
		bad = duration_parse(text, value, e);
		break;
	case SETTING_NUMBER:
		bad = number_u64(text, value, e);
		break;
	case SETTING_BYTES:
		bad = size_parse(text, value, e);
		break;
	case SETTING_CHOICE:
		bad = choice_parse(s->choices, text, value, e);
		break;
	case SETTING_NAME:
		bad = names ? choice_parse(names, text, value, e) : 0;
		break;
	}
	if (!bad && *value < s->least)
		bad = err_value(e, ERR_USAGE, text, "'%s' is too small", text);
	return bad ? err_wrap(e, "%s", s->key) : 0;
}

static int
config_get(struct cluster *c, const char *key, struct config *config, struct err *e)
{
	memset(config, 0, sizeof *config);
	return record_get(c, kind_of(c->kinds, KIND_CONFIG), slice_of(key), config, e);
}

int
config_value(struct cluster *c, enum setting setting, uint64_t *value, struct err *e)
{
	const struct setting_row *s = &settings[setting];
	struct config config;
	int got = config_get(c, s->key, &config, e);

	if (got < 0)
		return -1;
	if (got > 0 && config.value && !value_parse(s, config.value, NULL, value, e))
		return 0;
	return value_parse(s, s->default_value, NULL, value, e);
}

static const struct setting_row *
setting_find(const char *key, struct err *e)
{
	size_t i;

	for (i = 0; i < SETTINGS; i++)
		if (!strcmp(settings[i].key, key))
			return &settings[i];
	err_value(e, ERR_NO, key, "no setting is called '%s'", key);
	return NULL;
}

int
config_text(struct cluster *c, const char *key, const char **value, bool *set, struct err *e)
{
	const struct setting_row *s = setting_find(key, e);
	struct config config;
	int got;

	if (!s)
		return -1;
	got = config_get(c, key, &config, e);
	if (got < 0)
		return -1;
	*set = got > 0;
	*value = got > 0 && config.value ? config.value : s->default_value;
	return 0;
}

int
config_set(
    struct cluster *c, const char *key, const char *value, const char *const *names, struct err *e)
{
	const struct setting_row *s = setting_find(key, e);
	struct config config;
	uint64_t parsed;
	int got;

	if (!s)
		return -1;
	if (value && value_parse(s, value, names, &parsed, e))
		return -1;
	got = config_get(c, key, &config, e);
	if (got < 0)
		return -1;
	if (!value)
		return got ? record_remove(c, kind_of(c->kinds, KIND_CONFIG), &config, 0, NULL, e) <
				     0
				 ? -1
				 : 0
			   : 0;
	config.key = s->key;
	config.value = value;
	return record_put(c, kind_of(c->kinds, KIND_CONFIG), &config, 0, NULL, e);
}

void
config_derive(const struct kind *kind, const void *record, struct derived *to)
{
	(void)record;
	derive_count(to, kind, 0);
}

int
config_clock_move(struct cluster *c, uint64_t ms, struct err *e)
{
	struct config config;
	uint64_t now = txn_given_clock(c->txn);

	if (!now)
		return err_set(e, ERR_REFUSED,
		    "this cluster has the machine's clock, which is not ours to move");
	if (ms < now)
		return err_set(e, ERR_REFUSED, "the clock does not go back");
	if (config_get(c, CONFIG_CLOCK, &config, e) < 0)
		return -1;
	txn_given_clock_set(c->txn, ms);
	c->now_ms = ms;
	/* earlier events share this transaction, which has one time */
	if (ms > c->time_ms && !c->count)
		c->time_ms = ms;
	config.key = CONFIG_CLOCK;
	config.value = time_format(arena_alloc(c->arena, TIME_SIZE), ms);
	return record_put(c, kind_of(c->kinds, KIND_CONFIG), &config, 0, NULL, e);
}
