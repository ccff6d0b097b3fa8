/* task: one run for a job: its driver (task 0), or one of its other tasks. */
#ifndef MODEL_TASK_H
#define MODEL_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "rec/records.h"
#include "state/kind.h"

#define RETRIES_STANDARD 3 /* of a task that is not a driver */

/* Makes task `index` of a job from a template; it is placed at the end of the command. In the
 * arena; NULL: an error. */
struct task *task_make(struct cluster *c, const struct job *job, uint64_t index,
    const struct task *template, uint64_t cause, struct err *e);

/* The template for another task like this one, in the arena. */
struct task *task_template(struct cluster *c, const struct task *task);

/* Adds a task to a job that has not ended. In the arena; NULL: ERR_REFUSED. */
struct task *task_submit(
    struct cluster *c, struct job *job, const struct task *wanted, struct err *e);

/* True if it waits for resources now. */
bool task_waits(const struct task *task);
bool task_has_ended(const struct task *task);

/* How a task ends, or is lost. */
struct task_end {
	enum task_state state;
	enum end_reason reason;
	const struct exit *exit; /* NULL: none */
	const char *message;
	uint64_t cause, grace_ms;
};

/* Ends it for good, and its job if it is the driver. An ended task stays as it is. */
int task_end(struct cluster *c, struct task *task, const struct task_end *end, struct err *e);

/* Retries it if allowed; else ends it. */
int task_lost(struct cluster *c, struct task *task, const struct task_end *end, struct err *e);

/* Moves tasks not yet started off a draining node. strict: ERR_UNSATISFIABLE if one is running. */
int tasks_leave(struct cluster *c, uint64_t node, bool strict, uint64_t cause, struct err *e);

/* Changes the tasks of a job that have not ended. */
struct job_change;
int tasks_change(struct cluster *c, uint64_t job, const struct job_change *change, struct err *e);
void task_change(struct task *task, const struct job_change *change);

/* The verbs of the kind (state/kind.h). */
void task_derive(const struct kind *kind, const void *record, struct derived *to);
void task_waiter(const void *record, struct waiter *to);
int task_place(
    struct cluster *c, void *record, const struct among *nodes, uint64_t cause, struct err *e);
int task_fits(struct cluster *c, const void *record, struct err *e);
int task_due(struct cluster *c, struct slice key, struct err *e);
int task_may_start(struct cluster *c, const void *record, struct worker *worker, struct err *e);
int task_started(
    struct cluster *c, void *record, const struct worker *worker, uint64_t seq, struct err *e);
int task_worker_ended(struct cluster *c, void *record, const struct ended *ended, struct err *e);
int task_process(struct cluster *c, uint64_t id, struct lost_process *process, struct err *e);
int task_orphaned(struct cluster *c, const struct lost_process *process, struct err *e);
kind_goes task_node_ended, task_job_ended, task_group_ended;
bool task_succeeded(const void *record);
int task_computed(struct cluster *c, void *record, const struct computed *from, struct err *e);

#endif
