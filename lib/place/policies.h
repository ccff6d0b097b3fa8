/* policies: the table of placement policies. */
#ifndef PLACE_POLICIES_H
#define PLACE_POLICIES_H

#include "state/config.h"

struct arena;
struct cluster;
struct demand;
struct err;
struct policy_row;

/* The one that a demand is placed by: its strategy's, or the one that the cluster is set to. */
int policies_of(
    struct cluster *c, const struct demand *demand, const struct policy_row **row, struct err *e);

/* Their names, ended by NULL. For config_set. */
const char *const *policies_names(struct arena *a);

/* What a setting is for; of placement_policy with what may be chosen. */
const char *policies_setting_help(const struct setting_row *setting, struct arena *a);

#endif
