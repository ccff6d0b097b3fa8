/*
 * job: submitted work. Its driver is its task 0, so that demand, retries, limits and exit are in
 * one place; an array has tasks first … last instead. A driver that runs elsewhere (job add) is not
 * a task: its end is reported.
 */
#ifndef MODEL_JOB_H
#define MODEL_JOB_H

#include <stdbool.h>
#include <stdint.h>
#include "rec/records.h"
#include "state/kind.h"

#define ARRAY_INDEX_MOST 10000000

/* ERR_USAGE if the array is not valid. */
int array_check(const struct array *array, struct err *e);

bool job_has_ended(const struct job *job);

/*
 * Adds a job whose driver runs elsewhere: RUNNING from now on. ERR_REFUSED (name taken), ERR_USAGE.
 */
int job_add(struct cluster *c, struct job *wanted, struct err *e);

/*
 * Submits the job described by `wanted`: work (its template; required), array (NULL: one driver),
 * after. Fills *wanted. If a job it depends on has already failed, the new job fails at once, as it
 * would have later. ERR_REFUSED (name taken), ERR_USAGE.
 */
int job_submit(struct cluster *c, struct job *wanted, struct err *e);

/*
 * Ends a job as reported by its driver or a script, with everything it owns. An ended job stays as
 * it is. For a job with a task 0 this ends that task: ERR_REFUSED if it was not started.
 */
struct job_end {
	enum job_state state; /* JOB_STOPPED or JOB_FAILED */
	enum end_reason reason;
	const struct exit *exit;
	const char *message;
	uint64_t cause, grace_ms;
};
int job_finish(struct cluster *c, struct job *job, const struct job_end *end, struct err *e);

/* CANCELLED, with all its tasks. */
int job_cancel(struct cluster *c, struct job *job, uint64_t grace_ms, struct err *e);

/* Submits a copy as a job of `by`, whoever submitted the original; *again is the new job.
 * ERR_REFUSED if it has nothing to run. */
int job_rerun(struct cluster *c, const struct job *job, const struct by *by, struct job *again,
    struct err *e);

/*
 * Changes the given ones of priority, time limit, queue timeout and retries, for all work not
 * ended.
 */
struct job_change {
	bool priority_given, time_limit_given, queue_timeout_given, retries_given;
	int64_t priority;
	uint64_t time_limit, queue_timeout, max_retries;
	const struct labels *labels, *config;
};
int job_update(struct cluster *c, struct job *job, const struct job_change *change, struct err *e);

/* The verbs of the kind (state/kind.h). */
void job_derive(const struct kind *kind, const void *record, struct derived *to);
uint64_t job_executor(const void *record);
int job_may_start(struct cluster *c, const void *record, struct worker *worker, struct err *e);
int job_started(
    struct cluster *c, void *record, const struct worker *worker, uint64_t seq, struct err *e);
int job_task_started(struct cluster *c, const struct task *task, uint64_t cause, struct err *e);
int job_task_again(struct cluster *c, const struct task *task, uint64_t cause, struct err *e);
int job_task_ended(struct cluster *c, const struct task *task, uint64_t cause, struct err *e);
int job_worker_ended(struct cluster *c, void *record, const struct ended *ended, struct err *e);
kind_goes job_group_ended;
bool job_succeeded(const void *record);
int job_computed(struct cluster *c, void *record, const struct computed *from, struct err *e);

#endif
