/* owner: what goes when its owner ends. */
#ifndef MODEL_CASCADE_H
#define MODEL_CASCADE_H

#include <stdint.h>

struct cluster;
struct err;

/* Ends everything that a record which ended owned: keys, a process its locks, and a job its actors
 * and placement groups. cause: the event of its end. */
int cascade_owned(struct cluster *c, uint64_t owner, uint64_t cause, struct err *e);

#endif
