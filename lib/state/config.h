/* config: the settings of a cluster, in one table. A setting that was never set has no record and
 * takes its default. */
#ifndef STATE_CONFIG_H
#define STATE_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

struct cluster;
struct err;

enum setting {
	SETTING_HEARTBEAT_PERIOD,
	SETTING_HEARTBEAT_TIMEOUT,
	SETTING_HISTORY_KEEP,
	SETTING_HISTORY_EVENTS,
	SETTING_DEAD_NODES_KEEP,
	SETTING_SYNC,
	SETTING_QUOTA,
	SETTING_PLACEMENT_POLICY,
	SETTING_ENDED_KEEP,
	SETTING_STARVATION_AGE,
	SETTING_LOG_LIMIT,
	SETTING_LOG_KEEP,
	SETTINGS
};

enum { SYNC_FULL = 1, SYNC_GROUP };

struct setting_row {
	const char *key, *default_value, *help;
	enum {
		SETTING_MS,
		SETTING_NUMBER,
		SETTING_BYTES,
		SETTING_CHOICE, /* one of `choices`: 1, 2, … */
		SETTING_NAME	/* a name known to the room that reads it, as text */
	} form;
	uint64_t least;
	const char *const *choices;
};
extern const struct setting_row settings[SETTINGS];

/* The key of the given clock; shown like a setting, changed only by config_clock_move. */
#define CONFIG_CLOCK "clock"

/* The value in force (not for SETTING_NAME): ms, bytes, a number, or a choice counted from 1. */
int config_value(struct cluster *c, enum setting setting, uint64_t *value, struct err *e);
/* As text; NULL key: ERR_NO no such setting. *set: whether a record sets it. */
int config_text(struct cluster *c, const char *key, const char **value, bool *set, struct err *e);

/* value NULL: back to the default. names: the allowed values of a SETTING_NAME, NULL-terminated.
 * ERR_NO (no such setting), ERR_USAGE (value). */
int config_set(
    struct cluster *c, const char *key, const char *value, const char *const *names, struct err *e);

/* Moves the given clock. ERR_REFUSED on a store with a real clock, or for a time in the past. */
int config_clock_move(struct cluster *c, uint64_t ms, struct err *e);

/* A verb of the kind (state/kind.h). */
struct derived;
struct kind;
void config_derive(const struct kind *kind, const void *record, struct derived *to);

#endif
