/* kinds: every kind of record, its states, and what follows from it. */
#include "cluster/actor.h"
#include "cluster/lease.h"
#include "cluster/node.h"
#include "cluster/pg.h"
#include "place/image.h"
#include "state/kind.h"
#include "state/kv.h"

#define BIT(state) (1U << (state))
#define NEW BIT(0)

static const struct state_rule node_rules[] = {
    {NODE_ALIVE, NEW | BIT(NODE_DRAINING), false, EVENT_NODE_ALIVE},
    {NODE_DRAINING, BIT(NODE_ALIVE), false, EVENT_NODE_DRAINING},
    {NODE_DEAD, BIT(NODE_ALIVE) | BIT(NODE_DRAINING), true, EVENT_NODE_DEAD},
    {0, 0, false, 0},
};

#define ACTOR_LIVE (BIT(ACTOR_PENDING) | BIT(ACTOR_ALIVE) | BIT(ACTOR_RESTARTING))

static const struct state_rule actor_rules[] = {
    {ACTOR_PENDING, NEW, false, EVENT_ACTOR_PENDING},
    {ACTOR_ALIVE, BIT(ACTOR_PENDING) | BIT(ACTOR_RESTARTING), false, EVENT_ACTOR_ALIVE},
    {ACTOR_RESTARTING, BIT(ACTOR_PENDING) | BIT(ACTOR_ALIVE), false, EVENT_ACTOR_RESTARTING},
    {ACTOR_DEAD, ACTOR_LIVE, true, EVENT_ACTOR_DEAD},
    {ACTOR_FAILED, BIT(ACTOR_PENDING), true, EVENT_ACTOR_FAILED},
    {0, 0, false, 0},
};

static const struct state_rule pg_rules[] = {
    {PG_PENDING, NEW, false, EVENT_PG_PENDING},
    {PG_CREATED, BIT(PG_PENDING) | BIT(PG_RESCHEDULING), false, EVENT_PG_CREATED},
    {PG_RESCHEDULING, BIT(PG_CREATED), false, EVENT_PG_RESCHEDULING},
    {PG_REMOVED, BIT(PG_PENDING) | BIT(PG_CREATED) | BIT(PG_RESCHEDULING), true, EVENT_PG_REMOVED},
    {0, 0, false, 0},
};

static void
config_derive(const struct kind *kind, const void *record, struct derived *to)
{
	(void)record;
	derive_count(to, kind, 0);
}

const struct kind kinds[] = {
    {KIND_NODE, 'N', "node", "nodes", &rec_node, TABLE_NODE, node_rules, EVENT_NODE_UPDATED,
	EVENT_NODE_FORGOTTEN, node_derive, image_follow},
    {KIND_KV, 0, "kv", "kv entries", &rec_kv, TABLE_KV, NULL, EVENT_KV_PUT, EVENT_KV_DELETED,
	kv_derive, NULL},
    {KIND_CONFIG, 0, "config", "settings", &rec_config, TABLE_CONFIG, NULL, EVENT_CONFIG_SET,
	EVENT_CONFIG_SET, config_derive, NULL},
    {KIND_LEASE, 'L', "lease", "leases", &rec_lease, TABLE_LEASE, NULL, EVENT_LEASE_GRANTED,
	EVENT_LEASE_RELEASED, lease_derive, image_follow},
    {KIND_ACTOR, 'A', "actor", "actors", &rec_actor, TABLE_ACTOR, actor_rules, EVENT_ACTOR_UPDATED,
	EVENT_ACTOR_FORGOTTEN, actor_derive, image_follow},
    {KIND_PG, 'P', "pg", "placement groups", &rec_pg, TABLE_PG, pg_rules, EVENT_PG_UPDATED,
	EVENT_PG_FORGOTTEN, pg_derive, NULL},
    {0, 0, NULL, NULL, NULL, 0, NULL, 0, 0, NULL, NULL},
};
