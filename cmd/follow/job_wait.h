/* job_wait: waits for jobs to end. */
#ifndef CMD_FOLLOW_JOB_WAIT_H
#define CMD_FOLLOW_JOB_WAIT_H

#include "follow/wait.h"

/* As wait_prepare: waits until the jobs have ended; their exit code becomes the command's.
 * ERR_USAGE. */
int job_wait_prepare(struct ctx *ctx, const struct wait_params *p, struct err *e);

#endif
