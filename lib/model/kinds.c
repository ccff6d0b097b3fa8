/* kinds: every kind of record, its states, and what follows from it. */
#include "model/actor.h"
#include "model/job.h"
#include "sched/lease.h"
#include "model/lock.h"
#include "model/node.h"
#include "model/pg.h"
#include "sched/schedule.h"
#include "model/task.h"
#include "model/worker.h"
#include "state/derive.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/kv.h"

#define BIT(state) (1U << (state))
#define NEW BIT(0)

static const struct state_rule invariants_node[] = {
    {NODE_ALIVE, NEW | BIT(NODE_DRAINING), false, EVENT_NODE_ALIVE},
    {NODE_DRAINING, BIT(NODE_ALIVE), false, EVENT_NODE_DRAINING},
    {NODE_DEAD, BIT(NODE_ALIVE) | BIT(NODE_DRAINING), true, EVENT_NODE_DEAD},
    {0, 0, false, 0},
};

#define ACTOR_LIVE (BIT(ACTOR_PENDING) | BIT(ACTOR_ALIVE) | BIT(ACTOR_RESTARTING))

static const struct state_rule invariants_actor[] = {
    {ACTOR_PENDING, NEW, false, EVENT_ACTOR_PENDING},
    {ACTOR_ALIVE, BIT(ACTOR_PENDING) | BIT(ACTOR_RESTARTING), false, EVENT_ACTOR_ALIVE},
    {ACTOR_RESTARTING, BIT(ACTOR_PENDING) | BIT(ACTOR_ALIVE), false, EVENT_ACTOR_RESTARTING},
    {ACTOR_DEAD, ACTOR_LIVE, true, EVENT_ACTOR_DEAD},
    {ACTOR_FAILED, BIT(ACTOR_PENDING), true, EVENT_ACTOR_FAILED},
    {0, 0, false, 0},
};

static const struct state_rule invariants_pg[] = {
    {PG_PENDING, NEW, false, EVENT_PG_PENDING},
    {PG_CREATED, BIT(PG_PENDING) | BIT(PG_RESCHEDULING), false, EVENT_PG_CREATED},
    {PG_RESCHEDULING, BIT(PG_CREATED), false, EVENT_PG_RESCHEDULING},
    {PG_REMOVED, BIT(PG_PENDING) | BIT(PG_CREATED) | BIT(PG_RESCHEDULING), true, EVENT_PG_REMOVED},
    {0, 0, false, 0},
};

#define JOB_LIVE (BIT(JOB_PENDING) | BIT(JOB_RUNNING))

static const struct state_rule invariants_job[] = {
    {JOB_PENDING, NEW | BIT(JOB_RUNNING), false, EVENT_JOB_PENDING},
    {JOB_RUNNING, NEW | BIT(JOB_PENDING), false, EVENT_JOB_RUNNING},
    {JOB_STOPPED, JOB_LIVE, true, EVENT_JOB_STOPPED},
    {JOB_FAILED, JOB_LIVE, true, EVENT_JOB_FAILED},
    {0, 0, false, 0},
};

#define TASK_LIVE (BIT(TASK_PENDING) | BIT(TASK_RUNNING))

static const struct state_rule invariants_task[] = {
    {TASK_PENDING, NEW | BIT(TASK_RUNNING), false, EVENT_TASK_PENDING},
    {TASK_RUNNING, BIT(TASK_PENDING), false, EVENT_TASK_RUNNING},
    {TASK_FINISHED, BIT(TASK_RUNNING), true, EVENT_TASK_FINISHED},
    {TASK_FAILED, TASK_LIVE, true, EVENT_TASK_FAILED},
    {TASK_CANCELLED, TASK_LIVE, true, EVENT_TASK_CANCELLED},
    {0, 0, false, 0},
};

static const struct state_rule invariants_worker[] = {
    {WORKER_RUNNING, NEW, false, EVENT_WORKER_RUNNING},
    {WORKER_EXITED, BIT(WORKER_RUNNING), true, EVENT_WORKER_EXITED},
    {0, 0, false, 0},
};

static void
config_derive(const struct kind *kind, const void *record, struct derived *to)
{
	(void)record;
	derive_count(to, kind, 0);
}

/* What is a success, of those that have ended. */
static bool
ended_because(const struct ending *death, enum end_reason reason)
{
	return death && death->reason == reason;
}

static bool
actor_succeeded(const void *record)
{
	const struct actor *a = record;

	return a->state == ACTOR_DEAD && ended_because(a->death, END_EXITED);
}

static bool
job_succeeded(const void *record)
{
	const struct job *j = record;

	return j->state == JOB_STOPPED && ended_because(j->death, END_FINISHED);
}

static bool
task_succeeded(const void *record)
{
	return ((const struct task *)record)->state == TASK_FINISHED;
}

static bool
worker_succeeded(const void *record)
{
	const struct exit *exit = ((const struct worker *)record)->exit;

	return exit && !exit->code && !exit->signal;
}

const struct kind kinds[] = {
    {KIND_NODE, 'N', "node", "nodes", &rec_node, TABLE_NODE, invariants_node, EVENT_NODE_UPDATED,
	EVENT_NODE_FORGOTTEN, node_derive, starvation_follow, NULL},
    {KIND_KV, 0, "kv", "kv entries", &rec_kv, TABLE_KV, NULL, EVENT_KV_PUT, EVENT_KV_DELETED,
	kv_derive, NULL, NULL},
    {KIND_CONFIG, 0, "config", "settings", &rec_config, TABLE_CONFIG, NULL, EVENT_CONFIG_SET,
	EVENT_CONFIG_SET, config_derive, starvation_follow, NULL},
    {KIND_LEASE, 'L', "lease", "leases", &rec_lease, TABLE_LEASE, NULL, EVENT_LEASE_GRANTED,
	EVENT_LEASE_RELEASED, lease_derive, starvation_follow, NULL},
    {KIND_ACTOR, 'A', "actor", "actors", &rec_actor, TABLE_ACTOR, invariants_actor,
	EVENT_ACTOR_UPDATED, EVENT_ACTOR_FORGOTTEN, actor_derive, starvation_follow,
	actor_succeeded},
    {KIND_PG, 'P', "pg", "placement groups", &rec_pg, TABLE_PG, invariants_pg, EVENT_PG_UPDATED,
	EVENT_PG_FORGOTTEN, pg_derive, starvation_follow, NULL},
    {KIND_JOB, 'J', "job", "jobs", &rec_job, TABLE_JOB, invariants_job, EVENT_JOB_UPDATED,
	EVENT_JOB_FORGOTTEN, job_derive, NULL, job_succeeded},
    {KIND_TASK, 'T', "task", "tasks", &rec_task, TABLE_TASK, invariants_task, EVENT_TASK_UPDATED,
	EVENT_TASK_FORGOTTEN, task_derive, starvation_follow, task_succeeded},
    {KIND_WORKER, 'W', "worker", "workers", &rec_worker, TABLE_WORKER, invariants_worker,
	EVENT_WORKER_UPDATED, EVENT_WORKER_FORGOTTEN, worker_derive, NULL, worker_succeeded},
    {KIND_LOCK, 'K', "lock", "locks", &rec_lock, TABLE_LOCK, NULL, EVENT_LOCK_GRANTED,
	EVENT_LOCK_RELEASED, lock_derive, NULL, NULL},
    {0, 0, NULL, NULL, NULL, 0, NULL, 0, 0, NULL, NULL, NULL},
};
