/* follow: reports changes of records to the scheduler. The verbs `follow` of the kinds. */
#ifndef SCHED_FOLLOW_H
#define SCHED_FOLLOW_H

struct cluster;
struct err;
struct kind;

/* A node; a lease; a setting; and a record that is placed or queued. old, new: NULL if it did not
 * or does not exist. */
int follow_node(
    struct cluster *c, const struct kind *kind, const void *old, const void *new, struct err *e);
int follow_lease(
    struct cluster *c, const struct kind *kind, const void *old, const void *new, struct err *e);
int follow_setting(
    struct cluster *c, const struct kind *kind, const void *old, const void *new, struct err *e);
int follow_waiter(
    struct cluster *c, const struct kind *kind, const void *old, const void *new, struct err *e);

#endif
