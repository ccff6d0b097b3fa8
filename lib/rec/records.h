/*
 * records: all records, field by field. To add a field: one line here, with the next free number;
 * numbers are never reused. Fields are in display order; numbers ascend.
 */
#ifndef REC_RECORDS_H
#define REC_RECORDS_H

#include "rec/rec.h"
#include "rec/enums.h"

/* Numbers that mean the same in every kind of record. */
enum { FIELD_BORN = 5, FIELD_REV = 6, FIELD_CREATED = 7, FIELD_UPDATED = 8 };

/* One line per field. */
/* clang-format off */
#define STAMP_FIELDS(F) \
	F(FK_U64, born, 5, FF_PASSING, NULL, "number of the event that created it") \
	F(FK_U64, rev, 6, FF_STAMP, NULL, "number of the event that last changed it") \
	F(FK_TIME, created_ms, 7, 0, NULL, "when it was created") \
	F(FK_TIME, updated_ms, 8, FF_STAMP, NULL, "when it was last changed")

#define DRAIN_FIELDS(F) \
	F(FK_ENUM, purpose, 1, 0, &drain_purposes, "purpose of the drain") \
	F(FK_TEXT, message, 2, 0, NULL, "why, in the operator's words") \
	F(FK_TIME, deadline_ms, 3, 0, NULL, "when whatever is still there is ended; unset: never") \
	F(FK_BOOL, keep, 4, 0, NULL, "stay DRAINING when empty, until undrained")

#define DEATH_FIELDS(F) \
	F(FK_ENUM, reason, 1, 0, &node_reasons, "why it ended") \
	F(FK_TEXT, message, 2, 0, NULL, "message given with it") \
	F(FK_TIME, end_ms, 3, 0, NULL, "when it ended") \
	F(FK_DURATION, silent, 4, FF_PASSING, NULL, "how long it had been silent, if that was the reason")

#define NODE_FIELDS(F) \
	F(FK_TEXT, name, 1, FF_COLUMN | FF_INPUT, NULL, "name, unique among living nodes") \
	F(FK_ID, id, 2, FF_COLUMN, "N", "id, never used again") \
	F(FK_ENUM, state, 3, FF_COLUMN, &node_states, "state") \
	F(FK_DURATION, age, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL | FF_ALWAYS, NULL, "time since it was registered") \
	F(FK_DURATION, heartbeat, 0, FF_VIRTUAL | FF_LIVE | FF_COLUMN, NULL, "time since its last heartbeat") \
	F(FK_BOOL, stale, 0, FF_VIRTUAL | FF_LIVE, NULL, "heartbeat overdue, but not timed out yet") \
	F(FK_TEXT, cpu, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "processors") \
	F(FK_TEXT, gpu, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "GPUs") \
	F(FK_TEXT, mem, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "memory") \
	F(FK_U64, actors, 0, FF_VIRTUAL | FF_COLUMN, NULL, "actors on it") \
	F(FK_U64, jobs, 0, FF_VIRTUAL | FF_COLUMN, NULL, "jobs that have tasks on it") \
	F(FK_REAL, load, 0, FF_VIRTUAL | FF_LIVE | FF_WIDE, NULL, "load reported with the last heartbeat") \
	F(FK_SIZE, free_mem, 0, FF_VIRTUAL | FF_LIVE | FF_WIDE, NULL, "free memory reported with the last heartbeat") \
	F(FK_TEXT, reason, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "why it is in its state") \
	F(FK_LABELS, labels, 4, FF_WIDE | FF_INPUT, NULL, "labels") \
	STAMP_FIELDS(F) \
	F(FK_TEXT, address, 9, FF_WIDE | FF_INPUT, NULL, "address at which it is reached") \
	F(FK_AMOUNTS, total, 10, FF_INPUT, NULL, "resources it has") \
	F(FK_AMOUNTS, used, 0, FF_VIRTUAL, NULL, "resources in use by leases") \
	F(FK_BOOL, cordoned, 11, FF_ALWAYS, NULL, "takes nothing new") \
	F(FK_MESSAGE, drain, 12, 0, &rec_drain, "how it is drained") \
	F(FK_MESSAGE, death, 13, 0, &rec_death, "how it ended") \
	F(FK_TEXT, boot_id, 14, FF_PASSING, NULL, "boot id, at registration, of the machine that judges its heartbeats") \
	F(FK_DURATION, heartbeat_timeout, 15, FF_INPUT, NULL, "its own timeout, or never; unset: the setting of that name") \
	F(FK_TEXT, home, 16, 0, NULL, "reserved: the replica that judges its liveness") \
	F(FK_TEXT, agent, 17, 0, NULL, "whose tasks its agent runs: a user id, or any; unset: no agent") \
	F(FK_BOOL, passing, 18, 0, NULL, "registered by job run, and ends with the last such job")

#define KV_FIELDS(F) \
	F(FK_TEXT, namespace, 1, FF_COLUMN, NULL, "namespace") \
	F(FK_TEXT, key, 2, FF_COLUMN, NULL, "key") \
	F(FK_SIZE, size, 3, FF_COLUMN | FF_ALWAYS, NULL, "bytes of the value") \
	F(FK_U64, crc32c, 4, 0, NULL, "checksum of the value (Castagnoli)") \
	F(FK_DURATION, age, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL | FF_ALWAYS, NULL, "time since the last put") \
	STAMP_FIELDS(F) \
	F(FK_U64, value_rev, 9, FF_PASSING, NULL, "number of the event that stored the value") \
	F(FK_TIME, expires_ms, 10, FF_COLUMN, NULL, "when it expires") \
	F(FK_REF, owner, 11, FF_COLUMN, NULL, "deleted when this record ends") \
	F(FK_BYTES, value, 0, FF_VIRTUAL, NULL, "the value, where it is asked for")

#define CONFIG_FIELDS(F) \
	F(FK_TEXT, key, 1, FF_COLUMN, NULL, "setting") \
	F(FK_TEXT, value, 2, FF_COLUMN, NULL, "effective value") \
	F(FK_TEXT, default_value, 0, FF_VIRTUAL | FF_COLUMN, NULL, "value unless set") \
	F(FK_TEXT, help, 0, FF_VIRTUAL | FF_COLUMN, NULL, "meaning") \
	STAMP_FIELDS(F)

#define INSTANCE_FIELDS(F) \
	F(FK_TEXT, resource, 1, 0, NULL, "resource") \
	F(FK_U64, index, 2, FF_ALWAYS, NULL, "which of its instances, from 0") \
	F(FK_REAL, amount, 3, 0, NULL, "amount")

#define DEMAND_FIELDS(F) \
	F(FK_AMOUNTS, resources, 1, 0, NULL, "resources it needs") \
	F(FK_LIST, instances, 2, 0, &rec_instance, "specific instances it asks for") \
	F(FK_TEXT, selector, 3, 0, NULL, "labels that a node must have") \
	F(FK_NUMBERS, avoid, 4, 0, NULL, "nodes it must not run on") \
	F(FK_ID, on, 5, 0, "N", "node it must run on") \
	F(FK_BOOL, soft, 6, 0, NULL, "run elsewhere if that node is not suitable") \
	F(FK_ENUM, strategy, 7, 0, &strategies, "how the node is chosen") \
	F(FK_ID, pg, 8, 0, "P", "placement group it runs in") \
	F(FK_U64, bundle, 9, 0, NULL, "number of the group's bundle, from 1; 0: any")

#define LEASE_FIELDS(F) \
	F(FK_ID, id, 2, FF_COLUMN, "L", "id, never used again") \
	STAMP_FIELDS(F) \
	F(FK_ID, node, 9, FF_COLUMN, "N", "node whose resources these are") \
	F(FK_REF, owner, 10, FF_COLUMN, NULL, "holder; unset: held by a person") \
	F(FK_AMOUNTS, resources, 11, FF_COLUMN, NULL, "amounts") \
	F(FK_LIST, instances, 12, FF_WIDE, &rec_instance, "which instances") \
	F(FK_ID, parent, 13, FF_WIDE, "L", "lease that this one is part of") \
	F(FK_TIME, expires_ms, 14, FF_COLUMN, NULL, "when a hold ends by itself") \
	F(FK_DURATION, age, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL | FF_ALWAYS, NULL, "time since it was granted") \
	F(FK_TEXT, message, 15, FF_COLUMN, NULL, "why, in the holder's words") \
	F(FK_U64, bundle, 16, FF_WIDE, NULL, "number of the group's bundle, from 1")

#define BUNDLE_FIELDS(F) \
	F(FK_AMOUNTS, resources, 1, 0, NULL, "resources it needs") \
	F(FK_ID, node, 0, FF_VIRTUAL, "N", "node it is on") \
	F(FK_ID, lease, 0, FF_VIRTUAL, "L", "its lease")

#define PG_FIELDS(F) \
	F(FK_TEXT, name, 1, FF_COLUMN, NULL, "name, unique among living groups of its namespace") \
	F(FK_ID, id, 2, FF_COLUMN, "P", "id, never used again") \
	F(FK_ENUM, state, 3, FF_COLUMN, &pg_states, "state") \
	F(FK_LABELS, labels, 4, FF_WIDE, NULL, "labels") \
	STAMP_FIELDS(F) \
	F(FK_ENUM, strategy, 9, FF_COLUMN, &strategies, "how its nodes are chosen") \
	F(FK_TEXT, size, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "bundles placed, of the total") \
	F(FK_DURATION, age, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL | FF_ALWAYS, NULL, "time since it was created") \
	F(FK_TEXT, reason, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "why it is in its state") \
	F(FK_TEXT, namespace, 10, FF_WIDE, NULL, "namespace") \
	F(FK_BOOL, detached, 11, 0, NULL, "keep it after its job ends") \
	F(FK_LIST, bundles, 12, 0, &rec_bundle, "what it reserves") \
	F(FK_MESSAGE, demand, 13, 0, &rec_demand, "labels and nodes that apply to all bundles") \
	F(FK_I64, priority, 14, 0, NULL, "larger runs first") \
	F(FK_U64, missing, 15, 0, NULL, "number of bundles without a node") \
	F(FK_MESSAGE, death, 16, 0, &rec_ending, "how it ended") \
	F(FK_ID, job, 17, FF_WIDE, "J", "job it belongs to")

#define ENDING_FIELDS(F) \
	F(FK_ENUM, reason, 1, 0, &end_reasons, "why it ended") \
	F(FK_ENUM, last, 2, 0, &end_reasons, "reason of the last loss, after which it was not restarted") \
	F(FK_TEXT, message, 3, 0, NULL, "message given with it") \
	F(FK_TIME, end_ms, 4, 0, NULL, "when it ended")

#define ACTOR_FIELDS(F) \
	F(FK_TEXT, name, 1, FF_COLUMN, NULL, "name, unique among living actors of its namespace") \
	F(FK_ID, id, 2, FF_COLUMN, "A", "id, never used again") \
	F(FK_ENUM, state, 3, FF_COLUMN, &actor_states, "state") \
	F(FK_LABELS, labels, 4, FF_WIDE, NULL, "labels") \
	STAMP_FIELDS(F) \
	F(FK_ID, node, 9, FF_COLUMN, "N", "node it is on") \
	F(FK_TEXT, address, 10, FF_COLUMN, NULL, "address at which it is reached") \
	F(FK_TEXT, restarts, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "restarts so far, and the maximum") \
	F(FK_TEXT, resources, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "resources it asks for") \
	F(FK_TEXT, namespace, 11, FF_WIDE, NULL, "namespace") \
	F(FK_TEXT, class, 12, FF_WIDE, NULL, "class name") \
	F(FK_BOOL, detached, 13, 0, NULL, "keep it after its job ends") \
	F(FK_MESSAGE, demand, 14, 0, &rec_demand, "resources and conditions it requires of a node") \
	F(FK_I64, priority, 15, 0, NULL, "larger runs first") \
	F(FK_TEXTS, argv, 16, 0, NULL, "command; empty: a script runs it and reports") \
	F(FK_TEXT, cwd, 17, 0, NULL, "directory it runs in") \
	F(FK_LABELS, env, 18, 0, NULL, "environment, readable by everybody") \
	F(FK_I64, max_restarts, 19, FF_ALWAYS, NULL, "how often it may be restarted; -1: without limit") \
	F(FK_U64, num_restarts, 20, FF_ALWAYS, NULL, "how often it was restarted") \
	F(FK_U64, num_preempted, 21, 0, NULL, "how many of those did not count, because its node was drained") \
	F(FK_ID, lease, 22, 0, "L", "resources it has") \
	F(FK_U64, pid, 23, 0, NULL, "its process") \
	F(FK_TIME, not_before_ms, 24, 0, NULL, "not restarted before this time") \
	F(FK_DURATION, backoff, 25, 0, NULL, "length of its last backoff") \
	F(FK_TIME, alive_ms, 26, 0, NULL, "since when it has been ALIVE") \
	F(FK_MESSAGE, death, 27, 0, &rec_ending, "how it ended") \
	F(FK_ID, job, 28, FF_COLUMN, "J", "job it belongs to") \
	F(FK_ID, pg, 0, FF_VIRTUAL | FF_COLUMN, "P", "placement group it runs in") \
	F(FK_DURATION, age, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL | FF_ALWAYS, NULL, "time since it was created") \
	F(FK_TEXT, reason, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "why it is in its state") \
	F(FK_ID, worker, 29, FF_WIDE, "W", "process that executes it, or executed it last") \
	F(FK_BOOL, ready_on_start, 30, 0, NULL, "ready as soon as its command runs") \
	F(FK_DURATION, start_timeout, 31, 0, NULL, "how long it may take to be ready") \
	F(FK_DURATION, grace, 32, 0, NULL, "time between SIGTERM and SIGKILL when it is stopped") \
	F(FK_TIME, start_ms, 33, 0, NULL, "when its process was last started") \
	F(FK_U64, uid, 34, FF_ALWAYS, NULL, "user id its process runs under")

/* How a process ended. */
#define EXIT_FIELDS(F) \
	F(FK_U64, code, 1, FF_ALWAYS, NULL, "exit code; 128+N for signal N") \
	F(FK_U64, signal, 2, 0, NULL, "signal that ended it") \
	F(FK_ENUM, type, 3, 0, &exit_types, "type of exit")

/* One run: the driver of a job (its task 0), or one of its tasks. */
#define TASK_FIELDS(F) \
	F(FK_ID, id, 2, FF_COLUMN, "T", "id, never used again") \
	F(FK_ENUM, state, 3, FF_COLUMN, &task_states, "state") \
	F(FK_LABELS, labels, 4, FF_WIDE | FF_RERUN, NULL, "labels") \
	STAMP_FIELDS(F) \
	F(FK_ID, job, 9, FF_COLUMN, "J", "job it belongs to") \
	F(FK_U64, index, 10, FF_COLUMN | FF_ALWAYS, NULL, "number in its job; 0: the driver") \
	F(FK_ID, node, 11, FF_COLUMN, "N", "node it is on") \
	F(FK_TEXT, resources, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "resources it asks for") \
	F(FK_DURATION, waited, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "how long it waited to run") \
	F(FK_DURATION, ran, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "how long its last run took") \
	F(FK_TEXT, code, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "how its process ended") \
	F(FK_TEXT, reason, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "why it is in its state") \
	F(FK_MESSAGE, demand, 12, FF_RERUN, &rec_demand, "resources and conditions it requires of a node") \
	F(FK_TEXTS, argv, 13, FF_WIDE | FF_RERUN, NULL, "command; empty: a script runs it and reports") \
	F(FK_TEXT, script, 14, FF_RERUN, NULL, "its script, in full") \
	F(FK_I64, priority, 15, 0, NULL, "larger runs first") \
	F(FK_U64, attempt, 16, FF_ALWAYS, NULL, "how often it has been started") \
	F(FK_U64, lost, 17, 0, NULL, "how many attempts count as retries") \
	F(FK_U64, max_retries, 18, FF_ALWAYS | FF_RERUN, NULL, "how often it is retried after it was lost") \
	F(FK_BOOL, retry_exit, 19, FF_RERUN, NULL, "retry after a non-zero exit, too") \
	F(FK_DURATION, time_limit, 20, FF_RERUN, NULL, "how long it may run") \
	F(FK_DURATION, queue_timeout, 21, FF_RERUN, NULL, "how long it may wait") \
	F(FK_DURATION, grace, 22, FF_RERUN, NULL, "time between SIGTERM and SIGKILL when it is stopped") \
	F(FK_BOOL, attached, 23, 0, NULL, "run by its submitter, not by an agent") \
	F(FK_ID, lease, 24, 0, "L", "resources it has") \
	F(FK_ID, worker, 25, FF_WIDE, "W", "process that executes it, or executed it last") \
	F(FK_TIME, start_ms, 26, 0, NULL, "when it was last started") \
	F(FK_TIME, queued_ms, 27, 0, NULL, "since when it has been waiting to run") \
	F(FK_TIME, not_before_ms, 28, 0, NULL, "not retried before this time") \
	F(FK_DURATION, backoff, 29, 0, NULL, "length of its last backoff") \
	F(FK_MESSAGE, exit, 30, 0, &rec_exit, "how its process ended") \
	F(FK_MESSAGE, death, 31, 0, &rec_ending, "how it ended")

/* A job that must end before another one starts. */
#define AFTER_FIELDS(F) \
	F(FK_ID, job, 1, 0, "J", "job that must have ended") \
	F(FK_ENUM, how, 2, 0, &after_conditions, "required result") \
	F(FK_BOOL, met, 3, 0, NULL, "whether it has ended that way")

/* Tasks first … last, made from one template as they become runnable. */
#define ARRAY_FIELDS(F) \
	F(FK_U64, first, 1, FF_ALWAYS | FF_RERUN, NULL, "index of the first task") \
	F(FK_U64, last, 2, FF_RERUN, NULL, "index of the last task") \
	F(FK_U64, at_once, 3, FF_RERUN, NULL, "how many may be unfinished at a time; 0: all") \
	F(FK_U64, next, 4, 0, NULL, "index of the next task to be created") \
	F(FK_U64, ended, 5, 0, NULL, "how many have ended") \
	F(FK_U64, failed, 6, 0, NULL, "how many of them did not succeed")

#define JOB_FIELDS(F) \
	F(FK_ID, id, 1, FF_COLUMN, "J", "id, never used again") \
	F(FK_TEXT, name, 2, FF_COLUMN | FF_RERUN, NULL, "name, unique among living jobs") \
	F(FK_ENUM, state, 3, FF_COLUMN, &job_states, "state") \
	F(FK_LABELS, labels, 4, FF_WIDE | FF_RERUN, NULL, "labels") \
	STAMP_FIELDS(F) \
	F(FK_TEXT, user, 9, FF_COLUMN, NULL, "user who submitted it") \
	F(FK_ID, node, 0, FF_VIRTUAL | FF_COLUMN, "N", "node its driver is on") \
	F(FK_TEXT, resources, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "resources its driver asks for") \
	F(FK_DURATION, waited, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "how long it waited to run") \
	F(FK_DURATION, ran, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "how long it ran") \
	F(FK_TEXT, code, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "how its driver ended") \
	F(FK_TEXT, reason, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "why it is in its state") \
	F(FK_U64, uid, 10, FF_ALWAYS, NULL, "user id its processes run under") \
	F(FK_TEXT, cwd, 11, FF_RERUN, NULL, "directory its processes run in") \
	F(FK_LABELS, env, 12, FF_RERUN, NULL, "environment of its processes, readable by everybody") \
	F(FK_LABELS, config, 13, FF_RERUN, NULL, "settings of the job's own") \
	F(FK_I64, priority, 14, FF_RERUN, NULL, "larger runs first") \
	F(FK_U64, pid, 15, 0, NULL, "process of a driver that runs elsewhere, or of the submitter that runs the job") \
	F(FK_TEXT, address, 16, 0, NULL, "address at which the driver is reached") \
	F(FK_LIST, after, 17, 0, &rec_after, "jobs that must end first") \
	F(FK_MESSAGE, array, 18, FF_RERUN, &rec_array, "tasks created from one template") \
	F(FK_MESSAGE, work, 19, 0, &rec_task, "template of tasks still to be created") \
	F(FK_ID, driver, 20, FF_WIDE, "T", "its task 0") \
	F(FK_U64, tasks, 21, 0, NULL, "highest task index so far") \
	F(FK_TIME, start_ms, 22, 0, NULL, "when it was first started") \
	F(FK_MESSAGE, exit, 23, 0, &rec_exit, "how its driver ended") \
	F(FK_MESSAGE, death, 24, 0, &rec_ending, "how it ended") \
	F(FK_U64, started, 25, 0, NULL, "start time of the submitter that waits for it, in clock ticks since boot") \
	F(FK_TEXT, boot_id, 26, 0, NULL, "boot id of the machine that the submitter runs on")

#define WORKER_FIELDS(F) \
	F(FK_ID, id, 2, FF_COLUMN, "W", "id, never used again") \
	F(FK_ENUM, state, 3, FF_COLUMN, &worker_states, "state") \
	STAMP_FIELDS(F) \
	F(FK_REF, record, 9, FF_COLUMN, NULL, "task, actor or job it executes, or lock it holds") \
	F(FK_ID, node, 10, FF_COLUMN, "N", "node it runs on") \
	F(FK_U64, pid, 11, FF_COLUMN, NULL, "its process") \
	F(FK_U64, started, 12, 0, NULL, "start time of the process, in clock ticks since boot") \
	F(FK_TEXT, boot_id, 13, 0, NULL, "boot id of the machine it runs on") \
	F(FK_U64, uid, 14, FF_ALWAYS, NULL, "user id it runs under") \
	F(FK_TEXT, log, 15, FF_WIDE, NULL, "name of its files: log/NAME.out and .err, run/NAME.lock") \
	F(FK_DURATION, age, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL | FF_ALWAYS, NULL, "time since it was started") \
	F(FK_TEXT, code, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "how it ended") \
	F(FK_BOOL, supervised, 16, 0, NULL, "watched by a supervisor of gcs") \
	F(FK_ID, lease, 17, 0, "L", "resources it keeps until it is gone, although its record no longer needs it") \
	F(FK_TIME, stop_ms, 18, 0, NULL, "since when it has been told to stop") \
	F(FK_DURATION, grace, 19, 0, NULL, "time between SIGTERM and SIGKILL") \
	F(FK_TEXT, reason, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "why it is in its state") \
	F(FK_MESSAGE, exit, 20, 0, &rec_exit, "how it ended") \
	F(FK_TIME, end_ms, 21, 0, NULL, "when it ended") \
	F(FK_TEXT, message, 22, 0, NULL, "message given with its end") \
	F(FK_DURATION, cpu, 23, 0, NULL, "processor time it used") \
	F(FK_SIZE, max_rss, 24, 0, NULL, "peak memory")

/*
 * Exists while the lock is held. Its fence, a growing number, is that of the event which granted
 * it: born.
 */
#define LOCK_FIELDS(F) \
	F(FK_TEXT, name, 1, FF_COLUMN, NULL, "name that is locked") \
	F(FK_ID, id, 2, FF_COLUMN, "K", "id, never used again") \
	STAMP_FIELDS(F) \
	F(FK_ENUM, mode, 9, FF_COLUMN, &lock_modes, "who else may hold it at the same time") \
	F(FK_U64, slot, 10, FF_COLUMN, NULL, "number of its slot, from 1") \
	F(FK_U64, slots, 11, FF_WIDE, NULL, "number of slots") \
	F(FK_ID, holder, 12, FF_COLUMN, "W", "process that holds it") \
	F(FK_ID, node, 13, FF_COLUMN, "N", "node of the cluster that the holder runs on, if any") \
	F(FK_U64, pid, 14, FF_WIDE, NULL, "the holder's process") \
	F(FK_TEXT, user, 15, FF_WIDE, NULL, "user who holds it") \
	F(FK_U64, fence, 0, FF_VIRTUAL | FF_COLUMN, NULL, "number of the grant; each later grant has a larger one") \
	F(FK_TIME, expires_ms, 16, FF_WIDE, NULL, "when it is taken away from its holder") \
	F(FK_DURATION, age, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL | FF_ALWAYS, NULL, "time since it was granted")

/* Computed rows, for display only. */
#define OFFER_FIELDS(F) \
	F(FK_TEXT, name, 0, FF_VIRTUAL | FF_COLUMN, NULL, "node") \
	F(FK_ID, id, 0, FF_VIRTUAL | FF_COLUMN, "N", "its id") \
	F(FK_ENUM, state, 0, FF_VIRTUAL | FF_COLUMN, &node_states, "its state") \
	F(FK_LABELS, labels, 0, FF_VIRTUAL | FF_WIDE, NULL, "its labels") \
	F(FK_AMOUNTS, total, 0, FF_VIRTUAL | FF_COLUMN, NULL, "resources it has") \
	F(FK_AMOUNTS, used, 0, FF_VIRTUAL | FF_COLUMN, NULL, "amount in use by leases") \
	F(FK_AMOUNTS, free, 0, FF_VIRTUAL | FF_COLUMN, NULL, "amount free") \
	F(FK_TEXT, instances, 0, FF_VIRTUAL | FF_WIDE, NULL, "free amount of each instance")

#define SUMMARY_FIELDS(F) \
	F(FK_TEXT, resource, 0, FF_VIRTUAL | FF_COLUMN, NULL, "resource") \
	F(FK_U64, nodes, 0, FF_VIRTUAL | FF_COLUMN | FF_ALWAYS, NULL, "living nodes that have it") \
	F(FK_AMOUNT, total, 0, FF_VIRTUAL | FF_COLUMN, NULL, "total") \
	F(FK_AMOUNT, used, 0, FF_VIRTUAL | FF_COLUMN, NULL, "amount in use by leases") \
	F(FK_AMOUNT, free, 0, FF_VIRTUAL | FF_COLUMN, NULL, "amount free on nodes that take work") \
	F(FK_AMOUNT, largest_free, 0, FF_VIRTUAL | FF_COLUMN, NULL, "largest amount free on one node")

#define WAITING_FIELDS(F) \
	F(FK_TEXT, kind, 0, FF_VIRTUAL | FF_COLUMN, NULL, "kind of the waiting records") \
	F(FK_U64, count, 0, FF_VIRTUAL | FF_COLUMN | FF_ALWAYS, NULL, "how many of this shape are waiting") \
	F(FK_AMOUNTS, resources, 0, FF_VIRTUAL | FF_COLUMN, NULL, "resources each needs") \
	F(FK_U64, bundles, 0, FF_VIRTUAL | FF_COLUMN, NULL, "bundles of a placement group") \
	F(FK_TEXT, strategy, 0, FF_VIRTUAL | FF_COLUMN, NULL, "how nodes are chosen") \
	F(FK_TEXT, selector, 0, FF_VIRTUAL | FF_COLUMN, NULL, "labels that a node must have") \
	F(FK_TEXT, first, 0, FF_VIRTUAL | FF_COLUMN, NULL, "first of them in the queue")

#define FIT_FIELDS(F) \
	F(FK_TEXT, name, 0, FF_VIRTUAL | FF_COLUMN, NULL, "node") \
	F(FK_ID, id, 0, FF_VIRTUAL | FF_COLUMN, "N", "its id") \
	F(FK_U64, fits, 0, FF_VIRTUAL | FF_COLUMN | FF_ALWAYS, NULL, "how many fit now, side by side") \
	F(FK_TEXT, reason, 0, FF_VIRTUAL | FF_COLUMN, NULL, "why not more")

#define BY_FIELDS(F) \
	F(FK_U64, uid, 1, FF_ALWAYS, NULL, "user id") \
	F(FK_TEXT, user, 2, 0, NULL, "user name") \
	F(FK_U64, pid, 3, 0, NULL, "process") \
	F(FK_TEXT, host, 4, 0, NULL, "host name") \
	F(FK_TEXT, token, 5, 0, NULL, "id of the token used")

#define TRANSACTION_FIELDS(F) \
	F(FK_U64, txn, 1, 0, NULL, "number of its first event") \
	F(FK_TIME, time_ms, 2, 0, NULL, "when") \
	F(FK_MESSAGE, by, 3, 0, &rec_by, "who made it") \
	F(FK_TEXT, command, 4, 0, NULL, "command, without arguments") \
	F(FK_TEXT, message, 5, 0, NULL, "why, in the caller's words") \
	F(FK_TEXT, request_id, 6, 0, NULL, "key of the request, if one was given") \
	F(FK_U64, count, 7, 0, NULL, "how many events it has")

/* Stored: the data of one record. Virtual: data of the transaction, common to all its events. */
#define EVENT_FIELDS(F) \
	F(FK_U64, seq, 1, FF_COLUMN, NULL, "number, without gaps") \
	F(FK_TIME, time_ms, 0, FF_VIRTUAL | FF_COLUMN, NULL, "when") \
	F(FK_ENUM, type, 2, FF_COLUMN, &event_types, "what happened") \
	F(FK_ENUM, kind, 3, 0, &kind_names, "kind of the record") \
	F(FK_REF, id, 4, FF_COLUMN, NULL, "id of the record, if its kind has ids") \
	F(FK_TEXT, name, 5, FF_COLUMN, NULL, "name of the record; for kv NAMESPACE/KEY") \
	F(FK_U64, cause, 6, FF_COLUMN | FF_ALWAYS, NULL, "number of the event that led to this one; 0: the command") \
	F(FK_NUMBERS, changed, 7, FF_CELL, NULL, "numbers of the fields that changed") \
	F(FK_BYTES, old, 8, FF_CELL, NULL, "changed fields before, as stored") \
	F(FK_BYTES, new, 9, FF_CELL, NULL, "changed fields after, as stored") \
	F(FK_U64, prev_rev, 10, FF_CELL, NULL, "the record's rev before; 0: this event created it") \
	F(FK_U64, prev_ms, 11, FF_CELL, NULL, "the record's updated_ms before") \
	F(FK_BOOL, gone, 12, FF_CELL, NULL, "this event removed the record") \
	F(FK_JSON, before, 0, FF_VIRTUAL, NULL, "changed fields before") \
	F(FK_JSON, after, 0, FF_VIRTUAL, NULL, "changed fields after") \
	F(FK_U64, txn, 0, FF_VIRTUAL, NULL, "number of the first event of its transaction") \
	F(FK_MESSAGE, by, 0, FF_VIRTUAL, &rec_by, "who made it") \
	F(FK_TEXT, user, 0, FF_VIRTUAL | FF_COLUMN | FF_CELL, NULL, "user name") \
	F(FK_TEXT, command, 0, FF_VIRTUAL | FF_COLUMN, NULL, "command") \
	F(FK_TEXT, message, 0, FF_VIRTUAL | FF_COLUMN, NULL, "why, in the caller's words") \
	F(FK_TEXT, request_id, 0, FF_VIRTUAL, NULL, "key of the request, if one was given")

#define MEMBER_FK_U64(m) uint64_t m;
#define MEMBER_FK_I64(m) int64_t m;
#define MEMBER_FK_BOOL(m) bool m;
#define MEMBER_FK_TEXT(m) const char *m;
#define MEMBER_FK_BYTES(m) struct slice m;
#define MEMBER_FK_TIME(m) uint64_t m;
#define MEMBER_FK_DURATION(m) uint64_t m;
#define MEMBER_FK_SIZE(m) uint64_t m;
#define MEMBER_FK_REAL(m) uint64_t m;
#define MEMBER_FK_ID(m) uint64_t m;
#define MEMBER_FK_REF(m) uint64_t m;
#define MEMBER_FK_ENUM(m) unsigned m;
#define MEMBER_FK_TEXTS(m) struct texts m;
#define MEMBER_FK_LABELS(m) struct labels m;
#define MEMBER_FK_AMOUNT(m) struct amount m;
#define MEMBER_FK_AMOUNTS(m) struct amounts m;
#define MEMBER_FK_NUMBERS(m) struct slice m;
#define MEMBER_FK_JSON(m) const char *m;
#define MEMBER_FK_MESSAGE(m) void *m;
#define MEMBER_FK_LIST(m) struct list_of m;
#define MEMBER(kind, member, number, flags, sub, help) MEMBER_##kind(member)

struct drain { struct slice unknown; DRAIN_FIELDS(MEMBER) };
struct death { struct slice unknown; DEATH_FIELDS(MEMBER) };
struct node { struct slice unknown; NODE_FIELDS(MEMBER) };
struct kv { struct slice unknown; KV_FIELDS(MEMBER) };
struct config { struct slice unknown; CONFIG_FIELDS(MEMBER) };
struct instance { struct slice unknown; INSTANCE_FIELDS(MEMBER) };
struct demand { struct slice unknown; DEMAND_FIELDS(MEMBER) };
struct lease { struct slice unknown; LEASE_FIELDS(MEMBER) };
struct ending { struct slice unknown; ENDING_FIELDS(MEMBER) };
struct actor { struct slice unknown; ACTOR_FIELDS(MEMBER) };
struct exit { struct slice unknown; EXIT_FIELDS(MEMBER) };
struct task { struct slice unknown; TASK_FIELDS(MEMBER) };
struct after { struct slice unknown; AFTER_FIELDS(MEMBER) };
struct array { struct slice unknown; ARRAY_FIELDS(MEMBER) };
struct job { struct slice unknown; JOB_FIELDS(MEMBER) };
struct worker { struct slice unknown; WORKER_FIELDS(MEMBER) };
struct lock { struct slice unknown; LOCK_FIELDS(MEMBER) };
struct bundle { struct slice unknown; BUNDLE_FIELDS(MEMBER) };
struct pg { struct slice unknown; PG_FIELDS(MEMBER) };
struct offer { struct slice unknown; OFFER_FIELDS(MEMBER) };
struct summary { struct slice unknown; SUMMARY_FIELDS(MEMBER) };
struct waiting {
	struct slice unknown;
	WAITING_FIELDS(MEMBER)
};
struct fit { struct slice unknown; FIT_FIELDS(MEMBER) };
struct by { struct slice unknown; BY_FIELDS(MEMBER) };
struct transaction { struct slice unknown; TRANSACTION_FIELDS(MEMBER) };
struct event { struct slice unknown; EVENT_FIELDS(MEMBER) };

extern const struct rec rec_drain, rec_death, rec_node, rec_kv, rec_config, rec_instance, rec_demand, rec_lease, rec_ending, rec_actor, rec_exit, rec_task, rec_after, rec_array, rec_job, rec_worker, rec_lock, rec_bundle, rec_pg, rec_offer, rec_summary, rec_waiting, rec_fit, rec_by,
    rec_transaction, rec_event;

/* clang-format on */

#endif
