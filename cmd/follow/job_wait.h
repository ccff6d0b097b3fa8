/* job_wait: until jobs have ended. */
#ifndef CMD_FOLLOW_JOB_WAIT_H
#define CMD_FOLLOW_JOB_WAIT_H

#include "follow/wait.h"

/* As wait_prepare: until the jobs have ended, whose exit code is that of the command then.
 * ERR_USAGE. */
int job_wait_prepare(struct ctx *ctx, const struct wait_params *p, struct err *e);

#endif
