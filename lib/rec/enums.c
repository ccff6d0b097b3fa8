#include "rec/enums.h"

#include "base/buf.h"
#include "base/err.h"

static const struct enum_name node_states_rows[] = {
    {NODE_ALIVE, "ALIVE", "beats, and takes work unless cordoned"},
    {NODE_DRAINING, "DRAINING", "takes nothing new; what is there leaves"},
    {NODE_DEAD, "DEAD", "ended; its name may be registered again under a new id"},
};
const struct enums node_states = ENUMS(node_states_rows);

static const struct enum_name node_reasons_rows[] = {
    {REASON_EXPECTED_TERMINATION, "EXPECTED_TERMINATION", "it was unregistered"},
    {REASON_UNEXPECTED_TERMINATION, "UNEXPECTED_TERMINATION", "its heartbeats stopped"},
    {REASON_DRAINED, "DRAINED", "it was drained, and nothing was left on it"},
    {REASON_PREEMPTED, "PREEMPTED", "it was drained because its machine was taken away"},
    {REASON_MARKED, "MARKED", "an operator said so (node fail)"},
};
const struct enums node_reasons = ENUMS(node_reasons_rows);

static const struct enum_name drain_purposes_rows[] = {
    {DRAIN_REMOVAL, "removal", "the node leaves for good"},
    {DRAIN_PREEMPTION, "preemption", "the machine will be taken away at the deadline"},
    {DRAIN_IDLE, "idle", "the node leaves if nothing runs on it, else the drain is refused"},
};
const struct enums drain_purposes = ENUMS(drain_purposes_rows);

static const struct enum_name kind_names_rows[] = {
    {KIND_NODE, "node", "a machine of the cluster"},
    {KIND_KV, "kv", "a key and its value"},
    {KIND_CONFIG, "config", "a setting of the cluster"},
    {KIND_LEASE, "lease", "resources of a node that somebody has"},
    {KIND_ACTOR, "actor", "a long-running worker that keeps state"},
    {KIND_PG, "pg", "a placement group: resources reserved together"},
    {KIND_JOB, "job", "work that somebody submitted: a driver and its tasks"},
    {KIND_TASK, "task", "something that runs once, for a job"},
    {KIND_WORKER, "worker", "a process that executes a task or an actor, or holds a lock"},
    {KIND_LOCK, "lock", "a name that a process holds while it runs"},
};
const struct enums kind_names = ENUMS(kind_names_rows);

static const struct enum_name strategies_rows[] = {
    {STRATEGY_DEFAULT, "DEFAULT", "as the setting placement_policy says"},
    {STRATEGY_PACK, "PACK", "few nodes, those that are fullest already"},
    {STRATEGY_SPREAD, "SPREAD", "many nodes, those that are least used"},
    {STRATEGY_STRICT_PACK, "STRICT_PACK", "one node for all, or nothing"},
    {STRATEGY_STRICT_SPREAD, "STRICT_SPREAD", "a node of its own for each, or nothing"},
};
const struct enums strategies = ENUMS(strategies_rows);

static const struct enum_name actor_states_rows[] = {
    {ACTOR_PENDING, "PENDING", "waits for resources, or for its first word"},
    {ACTOR_ALIVE, "ALIVE", "runs, and said so"},
    {ACTOR_RESTARTING, "RESTARTING", "was lost and comes back"},
    {ACTOR_DEAD, "DEAD", "ended; its name is free again"},
    {ACTOR_FAILED, "FAILED", "could not be created"},
};
const struct enums actor_states = ENUMS(actor_states_rows);

static const struct enum_name pg_states_rows[] = {
    {PG_PENDING, "PENDING", "waits until all its bundles fit at once"},
    {PG_CREATED, "CREATED", "has all its bundles"},
    {PG_RESCHEDULING, "RESCHEDULING", "lost bundles, and stands first in line for new ones"},
    {PG_REMOVED, "REMOVED", "ended"},
};
const struct enums pg_states = ENUMS(pg_states_rows);

static const struct enum_name job_states_rows[] = {
    {JOB_PENDING, "PENDING", "waits for resources, for other jobs, or to be tried again"},
    {JOB_RUNNING, "RUNNING", "its driver, or a task of its array, has been started"},
    {JOB_STOPPED, "STOPPED", "ended as it should, or as somebody wished"},
    {JOB_FAILED, "FAILED", "ended otherwise"},
};
const struct enums job_states = ENUMS(job_states_rows);

static const struct enum_name task_states_rows[] = {
    {TASK_PENDING, "PENDING", "waits for resources, to be started, or to be tried again"},
    {TASK_RUNNING, "RUNNING", "its process has been started"},
    {TASK_FINISHED, "FINISHED", "ended with 0"},
    {TASK_FAILED, "FAILED", "ended otherwise"},
    {TASK_CANCELLED, "CANCELLED", "ended because somebody said so"},
};
const struct enums task_states = ENUMS(task_states_rows);

static const struct enum_name worker_states_rows[] = {
    {WORKER_RUNNING, "RUNNING", "its process was started and has not been seen to end"},
    {WORKER_EXITED, "EXITED", "its process is gone"},
};
const struct enums worker_states = ENUMS(worker_states_rows);

static const struct enum_name lock_modes_rows[] = {
    {LOCK_EXCLUSIVE, "EXCLUSIVE", "nobody else"},
    {LOCK_SHARED, "SHARED", "others that share it"},
    {LOCK_SLOT, "SLOT", "as many as there are slots, each in one of its own"},
};
const struct enums lock_modes = ENUMS(lock_modes_rows);

static const struct enum_name exit_types_rows[] = {
    {EXIT_INTENDED_USER, "INTENDED_USER_EXIT", "ended by itself, with 0: is not restarted"},
    {EXIT_INTENDED_SYSTEM, "INTENDED_SYSTEM_EXIT", "was stopped because it was no longer needed"},
    {EXIT_USER_ERROR, "USER_ERROR", "failed in a way that trying again does not help"},
    {EXIT_SYSTEM_ERROR, "SYSTEM_ERROR", "ended with another code or by a signal, or was lost"},
    {EXIT_NODE_OUT_OF_MEMORY, "NODE_OUT_OF_MEMORY", "was killed because memory ran out"},
};
const struct enums exit_types = ENUMS(exit_types_rows);

static const struct enum_name after_conditions_rows[] = {
    {AFTER_OK, "ok", "it must have finished well"},
    {AFTER_ANY, "any", "it must have ended, however"},
};
const struct enums after_conditions = ENUMS(after_conditions_rows);

static const struct enum_name end_reasons_rows[] = {
    {END_EXITED, "EXITED", "ended by itself, with 0"},
    {END_WORKER_DIED, "WORKER_DIED", "its process died"},
    {END_NODE_DIED, "NODE_DIED", "its node died"},
    {END_OWNER_DIED, "OWNER_DIED", "what owned it ended"},
    {END_KILLED, "KILLED", "somebody killed it"},
    {END_PG_REMOVED, "PG_REMOVED", "the placement group it was in was removed"},
    {END_RESTARTS_EXHAUSTED, "RESTARTS_EXHAUSTED",
	"it was lost more often than it may be restarted"},
    {END_CREATION_FAILED, "CREATION_FAILED", "it could not be created"},
    {END_FINISHED, "FINISHED", "ran to its end, with 0"},
    {END_NONZERO_EXIT, "NONZERO_EXIT", "its process ended with another code than 0"},
    {END_SIGNALED, "SIGNALED", "its process was ended by a signal"},
    {END_CANCELLED, "CANCELLED", "somebody cancelled it"},
    {END_WORKER_LOST, "WORKER_LOST", "its process vanished, and nobody saw how"},
    {END_TIME_LIMIT, "TIME_LIMIT", "it ran for longer than it may"},
    {END_QUEUE_TIMEOUT, "QUEUE_TIMEOUT", "it waited for longer than it may"},
    {END_START_TIMEOUT, "START_TIMEOUT", "it was not ready in time"},
    {END_DEPENDENCY_FAILED, "DEPENDENCY_FAILED", "a job that was to end well before it did not"},
    {END_TASKS_FAILED, "TASKS_FAILED", "some tasks of its array did not finish"},
};
const struct enums end_reasons = ENUMS(end_reasons_rows);

static const struct enum_name event_types_rows[] = {
    {EVENT_NODE_ALIVE, "NODE_ALIVE", "a node was registered, or is no longer drained"},
    {EVENT_NODE_DRAINING, "NODE_DRAINING", "a node is being emptied"},
    {EVENT_NODE_DEAD, "NODE_DEAD", "a node ended"},
    {EVENT_NODE_UPDATED, "NODE_UPDATED", "something about a node changed, not its state"},
    {EVENT_NODE_FORGOTTEN, "NODE_FORGOTTEN", "the record of a dead node was removed"},
    {EVENT_KV_PUT, "KV_PUT", "a value was put"},
    {EVENT_KV_DELETED, "KV_DELETED", "a key was removed, expired or went with its owner"},
    {EVENT_CONFIG_SET, "CONFIG_SET", "a setting was changed or set back"},
    {EVENT_LEASE_GRANTED, "LEASE_GRANTED", "resources of a node were given to somebody"},
    {EVENT_LEASE_RELEASED, "LEASE_RELEASED", "resources of a node came free"},
    {EVENT_ACTOR_PENDING, "ACTOR_PENDING", "an actor was created"},
    {EVENT_ACTOR_ALIVE, "ACTOR_ALIVE", "an actor is ready"},
    {EVENT_ACTOR_RESTARTING, "ACTOR_RESTARTING", "an actor was lost and comes back"},
    {EVENT_ACTOR_DEAD, "ACTOR_DEAD", "an actor ended"},
    {EVENT_ACTOR_FAILED, "ACTOR_FAILED", "an actor could not be created"},
    {EVENT_ACTOR_UPDATED, "ACTOR_UPDATED", "something about an actor changed, not its state"},
    {EVENT_ACTOR_FORGOTTEN, "ACTOR_FORGOTTEN", "the record of an ended actor was removed"},
    {EVENT_PG_PENDING, "PG_PENDING", "a placement group was asked for"},
    {EVENT_PG_CREATED, "PG_CREATED", "a placement group has all its bundles"},
    {EVENT_PG_RESCHEDULING, "PG_RESCHEDULING",
	"a placement group lost bundles and looks for new nodes"},
    {EVENT_PG_REMOVED, "PG_REMOVED", "a placement group ended"},
    {EVENT_PG_UPDATED, "PG_UPDATED", "something about a placement group changed, not its state"},
    {EVENT_PG_FORGOTTEN, "PG_FORGOTTEN", "the record of a removed placement group was removed"},
    {EVENT_JOB_PENDING, "JOB_PENDING", "a job was submitted, or is to be tried again"},
    {EVENT_JOB_RUNNING, "JOB_RUNNING", "a job has been started"},
    {EVENT_JOB_STOPPED, "JOB_STOPPED", "a job ended as it should, or as somebody wished"},
    {EVENT_JOB_FAILED, "JOB_FAILED", "a job failed"},
    {EVENT_JOB_UPDATED, "JOB_UPDATED", "something about a job changed, not its state"},
    {EVENT_JOB_FORGOTTEN, "JOB_FORGOTTEN", "the record of an ended job was removed"},
    {EVENT_TASK_PENDING, "TASK_PENDING", "a task was made, or is to be tried again"},
    {EVENT_TASK_RUNNING, "TASK_RUNNING", "a task's process was started"},
    {EVENT_TASK_FINISHED, "TASK_FINISHED", "a task ended with 0"},
    {EVENT_TASK_FAILED, "TASK_FAILED", "a task failed"},
    {EVENT_TASK_CANCELLED, "TASK_CANCELLED", "a task was cancelled"},
    {EVENT_TASK_UPDATED, "TASK_UPDATED", "something about a task changed, not its state"},
    {EVENT_TASK_FORGOTTEN, "TASK_FORGOTTEN", "the record of an ended task was removed"},
    {EVENT_WORKER_RUNNING, "WORKER_RUNNING", "a process was started"},
    {EVENT_WORKER_EXITED, "WORKER_EXITED", "a process is gone"},
    {EVENT_WORKER_UPDATED, "WORKER_UPDATED", "something about a process changed, not its state"},
    {EVENT_WORKER_FORGOTTEN, "WORKER_FORGOTTEN",
	"the record of a process that is gone was removed"},
    {EVENT_LOCK_GRANTED, "LOCK_GRANTED", "a lock was given to a process"},
    {EVENT_LOCK_RELEASED, "LOCK_RELEASED",
	"a lock came free, its holder being done, gone or too late"},
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

/* strcasecmp asks the locale. */
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
