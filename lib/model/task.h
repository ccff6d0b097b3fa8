/* task: something that runs once, for a job: its driver (task 0), or one of its other tasks. */
#ifndef MODEL_TASK_H
#define MODEL_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "rec/records.h"

struct cluster;
struct derived;
struct ended;
struct err;
struct job;
struct kind;
struct worker;

#define RETRIES_STANDARD 3 /* of a task that is not a driver */

void task_derive(const struct kind *kind, const void *record, struct derived *to);

/* Makes task `index` of a job from a template and fills *task; it is placed when the command is
 * done. */
int task_make(struct cluster *c, const struct job *job, uint64_t index, const struct task *template,
    uint64_t cause, struct task *task, struct err *e);

/* What of a task makes another one like it, in the arena. */
struct task *task_template(struct cluster *c, const struct task *task);

/* Adds a further task to a job that has not ended. ERR_REFUSED. */
int task_submit(struct cluster *c, struct job *job, const struct task *wanted, struct task *task,
    struct err *e);

/* True if it waits for resources now. */
bool task_waits(const struct task *task);
bool task_has_ended(const struct task *task);

/*
 * Places it on the best of these nodes (NULL: all), or in its group: 1, 0 if it fits nowhere, -1.
 */
int task_try(struct cluster *c, struct task *task, const uint64_t *nodes, size_t n, uint64_t cause,
    struct err *e);

/* ERR_REFUSED: it has ended, runs, or has no resources. */
int task_may_start(const struct task *task, struct err *e);
/* Its process was started; seq: that event. */
int task_started(
    struct cluster *c, struct task *task, const struct worker *worker, uint64_t seq, struct err *e);
/* Its process is gone: FINISHED, FAILED, or PENDING if it may be tried again. */
int task_worker_ended(
    struct cluster *c, struct task *task, const struct ended *ended, struct err *e);

/* How a task ends, or is lost. */
struct task_end {
	enum task_state state;
	enum end_reason reason;
	const struct exit *exit; /* NULL: there is none */
	const char *message;
	uint64_t cause, grace_ms;
};

/* Ends it for good, and its job if it is the driver. One that has ended stays as it is. */
int task_end(struct cluster *c, struct task *task, const struct task_end *end, struct err *e);

/* Tries it again if it may be; else ends it. */
int task_lost(struct cluster *c, struct task *task, const struct task_end *end, struct err *e);

/* The tasks of a node that died; of a job (as `end` says) or a placement group that ended. */
int tasks_node_ended(struct cluster *c, uint64_t node, uint64_t cause, struct err *e);
int tasks_job_ended(struct cluster *c, uint64_t job, const struct task_end *end, struct err *e);
int tasks_group_ended(struct cluster *c, uint64_t pg, uint64_t cause, struct err *e);

/* Takes off a node that is being drained what has not been started there. strict: ERR_UNSATISFIABLE
 * if something runs. */
int tasks_leave(struct cluster *c, uint64_t node, bool strict, uint64_t cause, struct err *e);

/* Changes what has not ended of a job's tasks. */
struct job_change;
int tasks_change(struct cluster *c, uint64_t job, const struct job_change *change, struct err *e);
void task_change(struct task *task, const struct job_change *change);

/* What its time has come for: to be tried again, the end of its wait or of its run. */
int task_due(struct cluster *c, uint64_t id, struct err *e);

void task_computed(struct cluster *c, struct task *task);

/* "cpu=2,gpu=1": what a demand (NULL: none) asks for, in the arena. */
const char *demand_cell(struct cluster *c, const struct demand *demand);

#endif
