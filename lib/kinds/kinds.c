/* kinds: all kinds of records, their states and verbs. */
#include "kinds/kinds.h"

#include "doctor/invariants.h"
#include "model/actor.h"
#include "model/job.h"
#include "model/lock.h"
#include "model/node.h"
#include "model/pg.h"
#include "model/task.h"
#include "model/worker.h"
#include "sched/follow.h"
#include "sched/lease.h"
#include "state/config.h"
#include "state/derive.h"
#include "state/key.h"
#include "state/kind.h"
#include "state/kv.h"
#include "why/why.h"

#define BIT(state) (1U << (state))
#define NEW BIT(0)

static const struct state_rule node_rules[] = {
    {.state = NODE_ALIVE, .from = NEW | BIT(NODE_DRAINING), .event = EVENT_NODE_ALIVE},
    {.state = NODE_DRAINING, .from = BIT(NODE_ALIVE), .event = EVENT_NODE_DRAINING},
    {.state = NODE_DEAD,
	.from = BIT(NODE_ALIVE) | BIT(NODE_DRAINING),
	.ended = true,
	.event = EVENT_NODE_DEAD},
};

#define ACTOR_LIVE (BIT(ACTOR_PENDING) | BIT(ACTOR_ALIVE) | BIT(ACTOR_RESTARTING))

static const struct state_rule actor_rules[] = {
    {.state = ACTOR_PENDING, .from = NEW, .event = EVENT_ACTOR_PENDING},
    {.state = ACTOR_ALIVE,
	.from = BIT(ACTOR_PENDING) | BIT(ACTOR_RESTARTING),
	.event = EVENT_ACTOR_ALIVE},
    {.state = ACTOR_RESTARTING,
	.from = BIT(ACTOR_PENDING) | BIT(ACTOR_ALIVE),
	.event = EVENT_ACTOR_RESTARTING},
    {.state = ACTOR_DEAD, .from = ACTOR_LIVE, .ended = true, .event = EVENT_ACTOR_DEAD},
    {.state = ACTOR_FAILED, .from = BIT(ACTOR_PENDING), .ended = true, .event = EVENT_ACTOR_FAILED},
};

static const struct state_rule pg_rules[] = {
    {.state = PG_PENDING, .from = NEW, .event = EVENT_PG_PENDING},
    {.state = PG_CREATED,
	.from = BIT(PG_PENDING) | BIT(PG_RESCHEDULING),
	.event = EVENT_PG_CREATED},
    {.state = PG_RESCHEDULING, .from = BIT(PG_CREATED), .event = EVENT_PG_RESCHEDULING},
    {.state = PG_REMOVED,
	.from = BIT(PG_PENDING) | BIT(PG_CREATED) | BIT(PG_RESCHEDULING),
	.ended = true,
	.event = EVENT_PG_REMOVED},
};

#define JOB_LIVE (BIT(JOB_PENDING) | BIT(JOB_RUNNING))

static const struct state_rule job_rules[] = {
    {.state = JOB_PENDING, .from = NEW | BIT(JOB_RUNNING), .event = EVENT_JOB_PENDING},
    {.state = JOB_RUNNING, .from = NEW | BIT(JOB_PENDING), .event = EVENT_JOB_RUNNING},
    {.state = JOB_STOPPED, .from = JOB_LIVE, .ended = true, .event = EVENT_JOB_STOPPED},
    {.state = JOB_FAILED, .from = JOB_LIVE, .ended = true, .event = EVENT_JOB_FAILED},
};

#define TASK_LIVE (BIT(TASK_PENDING) | BIT(TASK_RUNNING))

static const struct state_rule task_rules[] = {
    {.state = TASK_PENDING, .from = NEW | BIT(TASK_RUNNING), .event = EVENT_TASK_PENDING},
    {.state = TASK_RUNNING, .from = BIT(TASK_PENDING), .event = EVENT_TASK_RUNNING},
    {.state = TASK_FINISHED,
	.from = BIT(TASK_RUNNING),
	.ended = true,
	.event = EVENT_TASK_FINISHED},
    {.state = TASK_FAILED, .from = TASK_LIVE, .ended = true, .event = EVENT_TASK_FAILED},
    {.state = TASK_CANCELLED, .from = TASK_LIVE, .ended = true, .event = EVENT_TASK_CANCELLED},
};

static const struct state_rule worker_rules[] = {
    {.state = WORKER_RUNNING, .from = NEW, .event = EVENT_WORKER_RUNNING},
    {.state = WORKER_EXITED,
	.from = BIT(WORKER_RUNNING),
	.ended = true,
	.event = EVENT_WORKER_EXITED},
};

#define STATES(rules) .states = (rules), .nstates = sizeof(rules) / sizeof *(rules)

static const struct kind rows[] = {
    {
	.number = KIND_NODE,
	.letter = 'N',
	.name = "node",
	.plural = "nodes",
	.rec = &rec_node,
	.table = TABLE_NODE,
	.keep = SETTING_DEAD_NODES_KEEP,
	STATES(node_rules),
	.updated = EVENT_NODE_UPDATED,
	.removed = EVENT_NODE_FORGOTTEN,
	.beats = true,
	.derive = node_derive,
	.follow = follow_node,
	.due = node_due,
	.bereft = node_bereft,
	.empty = node_empty,
	.label = node_label,
	.computed = node_computed,
	.restore = node_restore,
	.invariants = invariants_node,
    },
    {
	.number = KIND_KV,
	.name = "kv",
	.plural = "kv entries",
	.rec = &rec_kv,
	.table = TABLE_KV,
	.updated = EVENT_KV_PUT,
	.removed = EVENT_KV_DELETED,
	.derive = kv_derive,
	.due = kv_due,
	.expired = kv_expired,
	.with = {[CASCADE_OWNER] = {2, kv_owner_ended}},
	.computed = kv_computed,
	.restore = kv_restore,
	.kept = kv_kept,
    },
    {
	.number = KIND_CONFIG,
	.name = "config",
	.plural = "settings",
	.rec = &rec_config,
	.table = TABLE_CONFIG,
	.updated = EVENT_CONFIG_SET,
	.removed = EVENT_CONFIG_SET,
	.derive = config_derive,
	.follow = follow_setting,
    },
    {
	.number = KIND_LEASE,
	.letter = 'L',
	.name = "lease",
	.plural = "leases",
	.rec = &rec_lease,
	.table = TABLE_LEASE,
	.updated = EVENT_LEASE_GRANTED,
	.removed = EVENT_LEASE_RELEASED,
	.derive = lease_derive,
	.follow = follow_lease,
	.due = lease_due,
	.with = {[CASCADE_NODE] = {1, lease_node_ended}, [CASCADE_GROUP] = {4, lease_group_ended}},
	.computed = lease_computed,
	.invariants = invariants_lease,
    },
    {
	.number = KIND_ACTOR,
	.letter = 'A',
	.name = "actor",
	.plural = "actors",
	.rec = &rec_actor,
	.table = TABLE_ACTOR,
	.keep = SETTING_ENDED_KEEP,
	STATES(actor_rules),
	.updated = EVENT_ACTOR_UPDATED,
	.removed = EVENT_ACTOR_FORGOTTEN,
	.derive = actor_derive,
	.follow = follow_waiter,
	.waiter = actor_waiter,
	.place = actor_place,
	.fits = actor_fits,
	.due = actor_due,
	.may_start = actor_may_start,
	.started = actor_started,
	.worker_ended = actor_worker_ended,
	.with = {[CASCADE_NODE] = {2, actor_node_ended},
	    [CASCADE_JOB] = {3, actor_job_ended},
	    [CASCADE_GROUP] = {1, actor_group_ended}},
	.may_move = actor_may_move,
	.succeeded = actor_succeeded,
	.computed = actor_computed,
	.invariants = invariants_actor,
	.why = why_actor,
    },
    {
	.number = KIND_PG,
	.letter = 'P',
	.name = "pg",
	.plural = "placement groups",
	.rec = &rec_pg,
	.table = TABLE_PG,
	.keep = SETTING_ENDED_KEEP,
	STATES(pg_rules),
	.updated = EVENT_PG_UPDATED,
	.removed = EVENT_PG_FORGOTTEN,
	.derive = pg_derive,
	.follow = follow_waiter,
	.waiter = pg_waiter,
	.place = pg_place,
	.fits = pg_fits,
	.could_have = pg_could_have,
	.with = {[CASCADE_JOB] = {4, pg_job_ended}},
	.bereft = pg_bereft,
	.computed = pg_computed,
	.invariants = invariants_pg,
	.why = why_group,
    },
    {
	.number = KIND_JOB,
	.letter = 'J',
	.name = "job",
	.plural = "jobs",
	.rec = &rec_job,
	.table = TABLE_JOB,
	.keep = SETTING_ENDED_KEEP,
	STATES(job_rules),
	.updated = EVENT_JOB_UPDATED,
	.removed = EVENT_JOB_FORGOTTEN,
	.derive = job_derive,
	.executor = job_executor,
	.may_start = job_may_start,
	.started = job_started,
	.task_started = job_task_started,
	.task_again = job_task_again,
	.task_ended = job_task_ended,
	.worker_ended = job_worker_ended,
	.with = {[CASCADE_GROUP] = {3, job_group_ended}},
	.succeeded = job_succeeded,
	.computed = job_computed,
	.invariants = invariants_job,
	.why = why_job,
    },
    {
	.number = KIND_TASK,
	.letter = 'T',
	.name = "task",
	.plural = "tasks",
	.rec = &rec_task,
	.table = TABLE_TASK,
	.keep = SETTING_ENDED_KEEP,
	STATES(task_rules),
	.updated = EVENT_TASK_UPDATED,
	.removed = EVENT_TASK_FORGOTTEN,
	.derive = task_derive,
	.follow = follow_waiter,
	.waiter = task_waiter,
	.place = task_place,
	.fits = task_fits,
	.due = task_due,
	.may_start = task_may_start,
	.started = task_started,
	.worker_ended = task_worker_ended,
	.process = task_process,
	.orphaned = task_orphaned,
	.with = {[CASCADE_NODE] = {3, task_node_ended},
	    [CASCADE_JOB] = {1, task_job_ended},
	    [CASCADE_GROUP] = {2, task_group_ended}},
	.succeeded = task_succeeded,
	.computed = task_computed,
	.invariants = invariants_task,
	.why = why_task,
    },
    {
	.number = KIND_WORKER,
	.letter = 'W',
	.name = "worker",
	.plural = "workers",
	.rec = &rec_worker,
	.table = TABLE_WORKER,
	.keep = SETTING_ENDED_KEEP,
	STATES(worker_rules),
	.updated = EVENT_WORKER_UPDATED,
	.removed = EVENT_WORKER_FORGOTTEN,
	.derive = worker_derive,
	.process = worker_process,
	.orphaned = worker_orphaned,
	.with = {[CASCADE_NODE] = {4, worker_node_ended}, [CASCADE_JOB] = {2, worker_job_ended}},
	.succeeded = worker_succeeded,
	.computed = worker_computed,
	.invariants = invariants_worker,
    },
    {
	.number = KIND_LOCK,
	.letter = 'K',
	.name = "lock",
	.plural = "locks",
	.rec = &rec_lock,
	.table = TABLE_LOCK,
	.updated = EVENT_LOCK_GRANTED,
	.removed = EVENT_LOCK_RELEASED,
	.derive = lock_derive,
	.due = lock_due,
	.with = {[CASCADE_OWNER] = {1, lock_owner_ended}},
	.computed = lock_computed,
    },
};

const struct kinds kinds = {rows, sizeof rows / sizeof *rows};
