/* job_inner: what job.c and array.c share. */
#ifndef CLUSTER_JOB_INNER_H
#define CLUSTER_JOB_INNER_H

#include "cluster/job.h"

/* Makes the tasks of an array that may be made now, as many as may be unfinished at a time. Changes
 * the job's record. */
int array_go_on(struct cluster *c, struct job *job, uint64_t cause, struct err *e);

/* One more of its tasks has ended: makes the next ones, or ends the job. */
int array_task_ended(
    struct cluster *c, struct job *job, const struct task *task, uint64_t cause, struct err *e);

/* ERR_USAGE: no such array. */
int array_check(const struct array *array, struct err *e);

#endif
