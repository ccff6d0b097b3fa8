/* job_internal: declarations shared by job.c, after.c and array.c. */
#ifndef MODEL_JOB_INTERNAL_H
#define MODEL_JOB_INTERNAL_H

#include "base/slice.h"
#include "model/job.h"

/* Ends a job with its tasks and everything it owns; jobs after it begin or fail. */
int job_close(struct cluster *c, struct job *job, const struct job_end *end, struct err *e);

/* All its dependencies are met: makes its driver, or the first tasks of its array. */
int job_begin(struct cluster *c, struct job *job, uint64_t cause, struct err *e);

/* Index rows from the jobs it waits for to it. */
void after_derive(
    const struct kind *kind, const struct job *job, struct slice key, struct derived *to);

/* True if all jobs it depends on have ended. */
bool after_stands(const struct job *job);

/* Records its dependencies that have already ended. *failed: one that failed, or 0. */
int after_begin(struct cluster *c, struct job *job, uint64_t *failed, struct err *e);

/* A job has ended: the jobs after it begin, or fail. */
int after_ended(struct cluster *c, uint64_t job, struct err *e);

/* Ends a job because a job before it failed. */
int after_failed(
    struct cluster *c, struct job *job, uint64_t before, uint64_t cause, struct err *e);

/* "waits for J3 to end", or NULL. */
const char *after_waits(struct cluster *c, const struct job *job);

/* Makes tasks of an array up to its number of unfinished tasks. Changes the job's record. */
int array_go_on(struct cluster *c, struct job *job, uint64_t cause, struct err *e);

/* One of its tasks has ended: makes the next ones, or ends the job. */
int array_task_ended(
    struct cluster *c, struct job *job, const struct task *task, uint64_t cause, struct err *e);

#endif
