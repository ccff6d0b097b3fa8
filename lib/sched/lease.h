/*
 * lease: resources of one node that somebody has. The leases are the one source of what is in use.
 */
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
 * Grants what the demand asks for on lease->node to lease->owner (0: a person's hold): fills
 * resources, instances and id. Takes whole instances that are wholly free, lowest first; a part of
 * one where it leaves the least. 1, 0 and what the node lacks (in *lack), -1: ERR_USAGE,
 * ERR_REFUSED.
 */
int lease_grant(struct cluster *c, const struct demand *demand, struct lease *lease, uint64_t cause,
    struct lack *lack, struct err *e);

/*
 * Releases a lease, what is inside it first; what in it a process has that is still to stop stays
 * with that, as a lease of its own. A draining node on which nothing is left then ends.
 */
int lease_release(struct cluster *c, const struct lease *lease, uint64_t cause, struct err *e);

/* Goes with its node, inner ones first; with its group. */
int lease_node_ended(struct cluster *c, void *record, struct cascade *cascade, struct err *e);
int lease_group_ended(struct cluster *c, void *record, struct cascade *cascade, struct err *e);

/* Hands a lease that is there to another owner; 0: releases it. */
int lease_give(struct cluster *c, uint64_t id, uint64_t owner, uint64_t cause, struct err *e);

/*
 * Grants what the demand asks for out of a bundle of its group: the first that has enough, in order
 * of bundles. 1, 0 if none has, -1.
 */
int bundle_lease_grant(struct cluster *c, const struct demand *demand, struct lease *lease,
    uint64_t cause, struct err *e);

/* Whether bundle_lease_grant would grant it now: 1, 0 or -1. */
int bundle_lease_fits(struct cluster *c, const struct demand *demand, struct err *e);

/* What a bundle's lease lacks for a demand, as fit_node says it of a node: LACK_DRAINING, if its
 * node is. 0 or -1. */
int bundle_lease_lacks(
    const struct fitting *fit, const struct lease *bundle, struct lack *lack, struct err *e);

/* How many leases a node has that are no part of another. */
int leases_on_node(struct cluster *c, uint64_t node, uint64_t *n, struct err *e);

/* Ends a hold whose time has come. */
int lease_due(struct cluster *c, struct slice key, struct err *e);

int lease_computed(struct cluster *c, void *record, const struct computed *from, struct err *e);

#endif
