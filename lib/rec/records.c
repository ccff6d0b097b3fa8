#include "rec/records.h"
#include "base/array.h"

/* A field is named like its member, except one named like a C keyword. */
#define NAME_default_value ~, "default"
#define SECOND(a, b, ...) b
#define NAME(...) SECOND(__VA_ARGS__, ~)

#define FIELD(k, member, id, flag, of, text) \
	{.kind = k, \
	    .name_n = sizeof NAME(NAME_##member, #member) - 1, \
	    .name = NAME(NAME_##member, #member), \
	    .number = id, \
	    .flags = flag, \
	    .sub = of, \
	    .help = text, \
	    .offset = offsetof(struct SELF, member)},
#define REC(self, text) \
	const struct rec rec_##self = {.name = #self, \
	    .help = text, \
	    .size = sizeof(struct self), \
	    .fields = self##_fields, \
	    .n = ARRAY_LENGTH(self##_fields)}

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
#define SELF instance
static const struct field instance_fields[] = {INSTANCE_FIELDS(FIELD)};
REC(instance, "an instance of a resource");
#undef SELF
#define SELF demand
static const struct field demand_fields[] = {DEMAND_FIELDS(FIELD)};
REC(demand, "resources and conditions required of a node");
#undef SELF
#define SELF lease
static const struct field lease_fields[] = {LEASE_FIELDS(FIELD)};
REC(lease, "a grant of a node's resources");
#undef SELF
#define SELF ending
static const struct field ending_fields[] = {ENDING_FIELDS(FIELD)};
REC(ending, "how something ended");
#undef SELF
#define SELF actor
static const struct field actor_fields[] = {ACTOR_FIELDS(FIELD)};
REC(actor, "a long-lived worker with state");
#undef SELF
#define SELF exit
static const struct field exit_fields[] = {EXIT_FIELDS(FIELD)};
REC(exit, "how a process ended");
#undef SELF
#define SELF task
static const struct field task_fields[] = {TASK_FIELDS(FIELD)};
REC(task, "a unit of work of a job, run once");
#undef SELF
#define SELF after
static const struct field after_fields[] = {AFTER_FIELDS(FIELD)};
REC(after, "a job that must end first");
#undef SELF
#define SELF array
static const struct field array_fields[] = {ARRAY_FIELDS(FIELD)};
REC(array, "tasks created from one template");
#undef SELF
#define SELF job
static const struct field job_fields[] = {JOB_FIELDS(FIELD)};
REC(job, "submitted work: a driver and its tasks");
#undef SELF
#define SELF worker
static const struct field worker_fields[] = {WORKER_FIELDS(FIELD)};
REC(worker, "a process that executes a task or an actor, or holds a lock");
#undef SELF
#define SELF lock
static const struct field lock_fields[] = {LOCK_FIELDS(FIELD)};
REC(lock, "a name that a process holds while it runs");
#undef SELF
#define SELF bundle
static const struct field bundle_fields[] = {BUNDLE_FIELDS(FIELD)};
REC(bundle, "part of a placement group, placed on one node");
#undef SELF
#define SELF pg
static const struct field pg_fields[] = {PG_FIELDS(FIELD)};
REC(pg, "a placement group: resources reserved together");
#undef SELF
#define SELF offer
static const struct field offer_fields[] = {OFFER_FIELDS(FIELD)};
REC(offer, "resources of a node, and what is free");
#undef SELF
#define SELF summary
static const struct field summary_fields[] = {SUMMARY_FIELDS(FIELD)};
REC(summary, "a resource over all nodes");
#undef SELF
#define SELF waiting
static const struct field waiting_fields[] = {WAITING_FIELDS(FIELD)};
REC(waiting, "waiting demands of one shape");
#undef SELF
#define SELF fit
static const struct field fit_fields[] = {FIT_FIELDS(FIELD)};
REC(fit, "whether a demand fits on a node");
#undef SELF
#define SELF by
static const struct field by_fields[] = {BY_FIELDS(FIELD)};
REC(by, "who made a change");
#undef SELF
#define SELF transaction
static const struct field transaction_fields[] = {TRANSACTION_FIELDS(FIELD)};
REC(transaction, "one command's change, with all its consequences");
#undef SELF
#define SELF event
static const struct field event_fields[] = {EVENT_FIELDS(FIELD)};
REC(event, "one change of one record");
#undef SELF
