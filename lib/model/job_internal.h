/* job_internal: what job.c and array.c share. */
#ifndef MODEL_JOB_INTERNAL_H
#define MODEL_JOB_INTERNAL_H

#include "base/slice.h"
#include "model/job.h"

/* Ends a job, and all that it has: its tasks, what it owns, those after it. */
int job_close(struct cluster *c, struct job *job, const struct job_end *end, struct err *e);

/* Nothing stands before it any more: its driver, or the first tasks of its array, are made. */
int job_begin(struct cluster *c, struct job *job, uint64_t cause, struct err *e);

/* Rows that lead from the jobs it waits for to it. */
void after_derive(
    const struct kind *kind, const struct job *job, struct slice key, struct derived *to);

/* True if all jobs that must end before have. */
bool after_stands(const struct job *job);

/* Takes account of those that have ended already. *failed: one that did not end well, or 0. */
int after_begin(struct cluster *c, struct job *job, uint64_t *failed, struct err *e);

/* A job has ended: those that were to come after it begin, or fail. */
int after_ended(struct cluster *c, uint64_t job, struct err *e);

/* Ends a job because one before it did not end well. */
int after_failed(
    struct cluster *c, struct job *job, uint64_t before, uint64_t cause, struct err *e);

/* "waits for J3 to end", or NULL. */
const char *after_waits(struct cluster *c, const struct job *job);

/* Makes the tasks of an array that may be made now, as many as may be unfinished at a time. Changes
 * the job's record. */
int array_go_on(struct cluster *c, struct job *job, uint64_t cause, struct err *e);

/* One more of its tasks has ended: makes the next ones, or ends the job. */
int array_task_ended(
    struct cluster *c, struct job *job, const struct task *task, uint64_t cause, struct err *e);

#endif
