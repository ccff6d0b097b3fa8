/* lease: resources of one node in use by a record. Leases are the only source of what is in use. */
#ifndef SCHED_LEASE_H
#define SCHED_LEASE_H

#include <stdbool.h>
#include <stdint.h>
#include "rec/records.h"

struct cascade;
struct cluster;
struct computed;
struct derived;
struct err;
struct fitting;
struct kind;
struct lack;

void lease_derive(const struct kind *kind, const void *record, struct derived *to);

/*
 * Grants the demand on lease->node to lease->owner (0: a manual hold): fills resources, instances
 * and id. Whole instances are taken from free ones, lowest first; a fraction from the instance
 * where it leaves the least. 1, 0 and what the node lacks (in *lack), -1: ERR_USAGE, ERR_REFUSED.
 */
int lease_grant(struct cluster *c, const struct demand *demand, struct lease *lease, uint64_t cause,
    struct lack *lack, struct err *e);

/*
 * Releases a lease, inner leases first; a process that still has to stop keeps its part as a lease
 * of its own. A draining node left empty then ends.
 */
int lease_release(struct cluster *c, const struct lease *lease, uint64_t cause, struct err *e);

/* Ends with its node, inner leases first; with its group. */
int lease_node_ended(struct cluster *c, void *record, struct cascade *cascade, struct err *e);
int lease_group_ended(struct cluster *c, void *record, struct cascade *cascade, struct err *e);

/* Passes an existing lease to another owner; 0: releases it. */
int lease_give(struct cluster *c, uint64_t id, uint64_t owner, uint64_t cause, struct err *e);

/*
 * Grants the demand out of the first bundle of its group with enough free. 1, 0 if there is none,
 * -1.
 */
int bundle_lease_grant(struct cluster *c, const struct demand *demand, struct lease *lease,
    uint64_t cause, struct err *e);

/* Whether bundle_lease_grant would grant it now: 1, 0 or -1. */
int bundle_lease_fits(struct cluster *c, const struct demand *demand, struct err *e);

/* What a bundle's lease lacks for a demand, as fit_node reports it for a node: LACK_DRAINING if its
 * node is draining. 0 or -1. */
int bundle_lease_lacks(
    const struct fitting *fit, const struct lease *bundle, struct lack *lack, struct err *e);

/* The number of leases on a node that are not part of another lease. */
int leases_on_node(struct cluster *c, uint64_t node, uint64_t *n, struct err *e);

/* Ends a hold that is due. */
int lease_due(struct cluster *c, struct slice key, struct err *e);

int lease_computed(struct cluster *c, void *record, const struct computed *from, struct err *e);

#endif
