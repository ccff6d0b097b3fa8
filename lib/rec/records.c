#include "rec/records.h"

#define FIELD(kind, member, number, flags, sub, help)                                              \
	{kind, sizeof #member - 1, #member, number, flags, sub, help, offsetof(struct SELF, member)},
#define COUNT(f) (sizeof(f) / sizeof *(f))
#define REC(self, text)                                                                            \
	const struct rec rec_##self = {                                                            \
	    #self, text, sizeof(struct self), self##_fields, COUNT(self##_fields)}

const struct enum_name node_states[] = {
    {NODE_ALIVE, "ALIVE", "beats, and takes work unless cordoned"},
    {NODE_DRAINING, "DRAINING", "takes nothing new; what is there leaves"},
    {NODE_DEAD, "DEAD", "ended; its name may be registered again under a new id"},
    {0, NULL, NULL},
};

const struct enum_name node_reasons[] = {
    {REASON_EXPECTED_TERMINATION, "EXPECTED_TERMINATION", "it was unregistered"},
    {REASON_UNEXPECTED_TERMINATION, "UNEXPECTED_TERMINATION", "its heartbeats stopped"},
    {REASON_DRAINED, "DRAINED", "it was drained, and nothing was left on it"},
    {REASON_PREEMPTED, "PREEMPTED", "it was drained because its machine was taken away"},
    {REASON_MARKED, "MARKED", "an operator said so (node fail)"},
    {0, NULL, NULL},
};

const struct enum_name drain_purposes[] = {
    {DRAIN_REMOVAL, "removal", "the node leaves for good"},
    {DRAIN_PREEMPTION, "preemption", "the machine will be taken away at the deadline"},
    {DRAIN_IDLE, "idle", "the node leaves if nothing runs on it, else the drain is refused"},
    {0, NULL, NULL},
};

const struct enum_name kind_names[] = {
    {KIND_NODE, "node", "a machine of the cluster"},
    {KIND_KV, "kv", "a key and its value"},
    {KIND_CONFIG, "config", "a setting of the cluster"},
    {0, NULL, NULL},
};

const struct enum_name event_types[] = {
    {EVENT_NODE_ALIVE, "NODE_ALIVE", "a node was registered, or is no longer drained"},
    {EVENT_NODE_DRAINING, "NODE_DRAINING", "a node is being emptied"},
    {EVENT_NODE_DEAD, "NODE_DEAD", "a node ended"},
    {EVENT_NODE_UPDATED, "NODE_UPDATED", "something about a node changed, not its state"},
    {EVENT_NODE_FORGOTTEN, "NODE_FORGOTTEN", "the record of a dead node was removed"},
    {EVENT_KV_PUT, "KV_PUT", "a value was put"},
    {EVENT_KV_DELETED, "KV_DELETED", "a key was removed, expired or went with its owner"},
    {EVENT_CONFIG_SET, "CONFIG_SET", "a setting was changed or set back"},
    {0, NULL, NULL},
};

#define SELF drain
static const struct field drain_fields[] = {DRAIN_FIELDS(FIELD)};
REC(drain, "how a node is drained");
#undef SELF
#define SELF death
static const struct field death_fields[] = {DEATH_FIELDS(FIELD)};
REC(death, "how a node ended");
#undef SELF
#define SELF node
static const struct field node_fields[] = {NODE_FIELDS(FIELD)};
REC(node, "a machine of the cluster");
#undef SELF
#define SELF kv
static const struct field kv_fields[] = {KV_FIELDS(FIELD)};
REC(kv, "a key and its value");
#undef SELF
#define SELF config
static const struct field config_fields[] = {CONFIG_FIELDS(FIELD)};
REC(config, "a setting of the cluster");
#undef SELF
#define SELF by
static const struct field by_fields[] = {BY_FIELDS(FIELD)};
REC(by, "who made a change");
#undef SELF
#define SELF transaction
static const struct field transaction_fields[] = {TRANSACTION_FIELDS(FIELD)};
REC(transaction, "one command's change, with all that followed from it");
#undef SELF
#define SELF event
static const struct field event_fields[] = {EVENT_FIELDS(FIELD)};
REC(event, "one change of one record");
#undef SELF
