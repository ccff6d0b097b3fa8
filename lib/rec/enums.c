#include "rec/enums.h"

#include "base/buf.h"
#include "base/err.h"

static const struct enum_name node_states_rows[] = {
    {NODE_ALIVE, "ALIVE", "sends heartbeats, and takes work unless cordoned"},
    {NODE_DRAINING, "DRAINING", "takes nothing new and is being emptied"},
    {NODE_DEAD, "DEAD", "ended; its name may be registered again under a new id"},
};
const struct enums node_states = ENUMS(node_states_rows);

static const struct enum_name node_reasons_rows[] = {
    {REASON_EXPECTED_TERMINATION, "EXPECTED_TERMINATION", "it was unregistered"},
    {REASON_UNEXPECTED_TERMINATION, "UNEXPECTED_TERMINATION", "its heartbeats stopped"},
    {REASON_DRAINED, "DRAINED", "it was drained and is empty"},
    {REASON_PREEMPTED, "PREEMPTED", "it was drained because its machine was taken away"},
    {REASON_MARKED, "MARKED", "an operator declared it dead (node fail)"},
};
const struct enums node_reasons = ENUMS(node_reasons_rows);

static const struct enum_name drain_purposes_rows[] = {
    {DRAIN_REMOVAL, "removal", "the node leaves for good"},
    {DRAIN_PREEMPTION, "preemption", "the machine is taken away at the deadline"},
    {DRAIN_IDLE, "idle", "the node leaves if nothing is on it; otherwise the drain is refused"},
};
const struct enums drain_purposes = ENUMS(drain_purposes_rows);

static const struct enum_name kind_names_rows[] = {
    {KIND_NODE, "node", "a machine of the cluster"},
    {KIND_KV, "kv", "a key and its value"},
    {KIND_CONFIG, "config", "a setting of the cluster"},
    {KIND_LEASE, "lease", "a grant of a node's resources"},
    {KIND_ACTOR, "actor", "a long-lived worker with state"},
    {KIND_PG, "pg", "a placement group: resources reserved together"},
    {KIND_JOB, "job", "submitted work: a driver and its tasks"},
    {KIND_TASK, "task", "a unit of work of a job, run once"},
    {KIND_WORKER, "worker", "a process that executes a task or an actor, or holds a lock"},
    {KIND_LOCK, "lock", "a name that a process holds while it runs"},
};
const struct enums kind_names = ENUMS(kind_names_rows);

static const struct enum_name strategies_rows[] = {
    {STRATEGY_DEFAULT, "DEFAULT", "according to the setting placement_policy"},
    {STRATEGY_PACK, "PACK", "as few nodes as possible, the fullest first"},
    {STRATEGY_SPREAD, "SPREAD", "as many nodes as possible, the least used first"},
    {STRATEGY_STRICT_PACK, "STRICT_PACK", "all on one node, or nothing"},
    {STRATEGY_STRICT_SPREAD, "STRICT_SPREAD", "each on a node of its own, or nothing"},
};
const struct enums strategies = ENUMS(strategies_rows);

static const struct enum_name actor_states_rows[] = {
    {ACTOR_PENDING, "PENDING", "waiting for resources, or not ready yet"},
    {ACTOR_ALIVE, "ALIVE", "running and ready"},
    {ACTOR_RESTARTING, "RESTARTING", "lost, and about to be restarted"},
    {ACTOR_DEAD, "DEAD", "ended; its name is free again"},
    {ACTOR_FAILED, "FAILED", "could not be created"},
};
const struct enums actor_states = ENUMS(actor_states_rows);

static const struct enum_name pg_states_rows[] = {
    {PG_PENDING, "PENDING", "waiting until all its bundles fit at once"},
    {PG_CREATED, "CREATED", "all its bundles are placed"},
    {PG_RESCHEDULING, "RESCHEDULING", "lost bundles, and is first in line for new ones"},
    {PG_REMOVED, "REMOVED", "ended"},
};
const struct enums pg_states = ENUMS(pg_states_rows);

static const struct enum_name job_states_rows[] = {
    {JOB_PENDING, "PENDING", "waiting for resources, for other jobs, or for a retry"},
    {JOB_RUNNING, "RUNNING", "its driver, or a task of its array, has started"},
    {JOB_STOPPED, "STOPPED", "ended successfully, or cancelled"},
    {JOB_FAILED, "FAILED", "ended unsuccessfully"},
};
const struct enums job_states = ENUMS(job_states_rows);

static const struct enum_name task_states_rows[] = {
    {TASK_PENDING, "PENDING", "waiting for resources, to be started, or for a retry"},
    {TASK_RUNNING, "RUNNING", "its process has started"},
    {TASK_FINISHED, "FINISHED", "exited with 0"},
    {TASK_FAILED, "FAILED", "ended unsuccessfully"},
    {TASK_CANCELLED, "CANCELLED", "cancelled on request"},
};
const struct enums task_states = ENUMS(task_states_rows);

static const struct enum_name worker_states_rows[] = {
    {WORKER_RUNNING, "RUNNING", "its process has started and is not known to have ended"},
    {WORKER_EXITED, "EXITED", "its process is gone"},
};
const struct enums worker_states = ENUMS(worker_states_rows);

static const struct enum_name lock_modes_rows[] = {
    {LOCK_EXCLUSIVE, "EXCLUSIVE", "no other holder"},
    {LOCK_SHARED, "SHARED", "other holders that share it"},
    {LOCK_SLOT, "SLOT", "up to the number of slots, each in a slot of its own"},
};
const struct enums lock_modes = ENUMS(lock_modes_rows);

static const struct enum_name exit_types_rows[] = {
    {EXIT_INTENDED_USER, "INTENDED_USER_EXIT", "exited with 0 by itself; not restarted"},
    {EXIT_INTENDED_SYSTEM, "INTENDED_SYSTEM_EXIT", "stopped because it was no longer needed"},
    {EXIT_USER_ERROR, "USER_ERROR", "failed in a way that a retry does not help"},
    {EXIT_SYSTEM_ERROR, "SYSTEM_ERROR", "exited with another code or by a signal, or was lost"},
    {EXIT_NODE_OUT_OF_MEMORY, "NODE_OUT_OF_MEMORY", "killed because memory ran out"},
};
const struct enums exit_types = ENUMS(exit_types_rows);

static const struct enum_name after_conditions_rows[] = {
    {AFTER_OK, "ok", "it must have succeeded"},
    {AFTER_ANY, "any", "it must have ended, successfully or not"},
};
const struct enums after_conditions = ENUMS(after_conditions_rows);

static const struct enum_name end_reasons_rows[] = {
    {END_EXITED, "EXITED", "exited with 0 by itself"},
    {END_WORKER_DIED, "WORKER_DIED", "its process died"},
    {END_NODE_DIED, "NODE_DIED", "its node died"},
    {END_OWNER_DIED, "OWNER_DIED", "its owner ended"},
    {END_KILLED, "KILLED", "killed on request"},
    {END_PG_REMOVED, "PG_REMOVED", "its placement group was removed"},
    {END_RESTARTS_EXHAUSTED, "RESTARTS_EXHAUSTED",
	"it was lost more often than max_restarts allows"},
    {END_CREATION_FAILED, "CREATION_FAILED", "it could not be created"},
    {END_FINISHED, "FINISHED", "completed, with exit code 0"},
    {END_NONZERO_EXIT, "NONZERO_EXIT", "its process exited with a code other than 0"},
    {END_SIGNALED, "SIGNALED", "its process was killed by a signal"},
    {END_CANCELLED, "CANCELLED", "cancelled on request"},
    {END_WORKER_LOST, "WORKER_LOST", "its process vanished; how is not known"},
    {END_TIME_LIMIT, "TIME_LIMIT", "it exceeded its time limit"},
    {END_QUEUE_TIMEOUT, "QUEUE_TIMEOUT", "it waited longer than its queue timeout"},
    {END_START_TIMEOUT, "START_TIMEOUT", "it was not ready within its start timeout"},
    {END_DEPENDENCY_FAILED, "DEPENDENCY_FAILED", "a job it depends on did not succeed"},
    {END_TASKS_FAILED, "TASKS_FAILED", "some tasks of its array did not succeed"},
};
const struct enums end_reasons = ENUMS(end_reasons_rows);

static const struct enum_name event_types_rows[] = {
    {EVENT_NODE_ALIVE, "NODE_ALIVE", "a node was registered, or its drain was reverted"},
    {EVENT_NODE_DRAINING, "NODE_DRAINING", "a node is being emptied"},
    {EVENT_NODE_DEAD, "NODE_DEAD", "a node ended"},
    {EVENT_NODE_UPDATED, "NODE_UPDATED", "a node changed, but not its state"},
    {EVENT_NODE_FORGOTTEN, "NODE_FORGOTTEN", "the record of a dead node was removed"},
    {EVENT_KV_PUT, "KV_PUT", "a value was stored"},
    {EVENT_KV_DELETED, "KV_DELETED", "a key was deleted, expired, or was deleted with its owner"},
    {EVENT_CONFIG_SET, "CONFIG_SET", "a setting was changed or reset"},
    {EVENT_LEASE_GRANTED, "LEASE_GRANTED", "resources of a node were granted"},
    {EVENT_LEASE_RELEASED, "LEASE_RELEASED", "resources of a node were released"},
    {EVENT_ACTOR_PENDING, "ACTOR_PENDING", "an actor was created"},
    {EVENT_ACTOR_ALIVE, "ACTOR_ALIVE", "an actor is ready"},
    {EVENT_ACTOR_RESTARTING, "ACTOR_RESTARTING", "an actor was lost and will be restarted"},
    {EVENT_ACTOR_DEAD, "ACTOR_DEAD", "an actor ended"},
    {EVENT_ACTOR_FAILED, "ACTOR_FAILED", "an actor could not be created"},
    {EVENT_ACTOR_UPDATED, "ACTOR_UPDATED", "an actor changed, but not its state"},
    {EVENT_ACTOR_FORGOTTEN, "ACTOR_FORGOTTEN", "the record of an ended actor was removed"},
    {EVENT_PG_PENDING, "PG_PENDING", "a placement group was requested"},
    {EVENT_PG_CREATED, "PG_CREATED", "all bundles of a placement group are placed"},
    {EVENT_PG_RESCHEDULING, "PG_RESCHEDULING",
	"a placement group lost bundles and needs new nodes"},
    {EVENT_PG_REMOVED, "PG_REMOVED", "a placement group ended"},
    {EVENT_PG_UPDATED, "PG_UPDATED", "a placement group changed, but not its state"},
    {EVENT_PG_FORGOTTEN, "PG_FORGOTTEN", "the record of a removed placement group was removed"},
    {EVENT_JOB_PENDING, "JOB_PENDING", "a job was submitted, or will be retried"},
    {EVENT_JOB_RUNNING, "JOB_RUNNING", "a job started"},
    {EVENT_JOB_STOPPED, "JOB_STOPPED", "a job succeeded or was cancelled"},
    {EVENT_JOB_FAILED, "JOB_FAILED", "a job failed"},
    {EVENT_JOB_UPDATED, "JOB_UPDATED", "a job changed, but not its state"},
    {EVENT_JOB_FORGOTTEN, "JOB_FORGOTTEN", "the record of an ended job was removed"},
    {EVENT_TASK_PENDING, "TASK_PENDING", "a task was created, or will be retried"},
    {EVENT_TASK_RUNNING, "TASK_RUNNING", "the process of a task started"},
    {EVENT_TASK_FINISHED, "TASK_FINISHED", "a task exited with 0"},
    {EVENT_TASK_FAILED, "TASK_FAILED", "a task failed"},
    {EVENT_TASK_CANCELLED, "TASK_CANCELLED", "a task was cancelled"},
    {EVENT_TASK_UPDATED, "TASK_UPDATED", "a task changed, but not its state"},
    {EVENT_TASK_FORGOTTEN, "TASK_FORGOTTEN", "the record of an ended task was removed"},
    {EVENT_WORKER_RUNNING, "WORKER_RUNNING", "a process started"},
    {EVENT_WORKER_EXITED, "WORKER_EXITED", "a process ended"},
    {EVENT_WORKER_UPDATED, "WORKER_UPDATED", "a process changed, but not its state"},
    {EVENT_WORKER_FORGOTTEN, "WORKER_FORGOTTEN", "the record of an ended process was removed"},
    {EVENT_LOCK_GRANTED, "LOCK_GRANTED", "a lock was granted to a process"},
    {EVENT_LOCK_RELEASED, "LOCK_RELEASED",
	"a lock was released: its holder finished, vanished or exceeded its time"},
};
const struct enums event_types = ENUMS(event_types_rows);

const char *
enum_text(const struct enums *names, unsigned value)
{
	for (size_t i = 0; i < names->n; i++)
		if (names->v[i].value == value)
			return names->v[i].name;
	return NULL;
}

static int
fold(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* strcasecmp depends on the locale */
static bool
same_in_any_case(const char *a, const char *b)
{
	while (*a && fold(*a) == fold(*b)) {
		a++;
		b++;
	}
	return *a == *b;
}

bool
enum_parse(const struct enums *names, const char *text, unsigned *value)
{
	for (size_t i = 0; i < names->n; i++)
		if (same_in_any_case(names->v[i].name, text)) {
			*value = names->v[i].value;
			return true;
		}
	return false;
}

int
enum_parse_one(
    const struct enums *names, const char *text, unsigned *value, struct arena *a, struct err *e)
{
	struct buf list = {.arena = a};

	if (enum_parse(names, text, value))
		return 0;
	for (size_t i = 0; i < names->n; i++) {
		buf_text(&list, i ? ", " : "");
		buf_text(&list, names->v[i].name);
	}
	return err_value(
	    e, ERR_USAGE, text, "invalid value '%s' (one of %s)", text, buf_string(&list));
}
