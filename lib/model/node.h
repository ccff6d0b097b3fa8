/* node: the machines of the cluster and their life cycle. */
#ifndef MODEL_NODE_H
#define MODEL_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "rec/records.h"
#include "state/computed.h"
#include "state/kind.h"
#include "store/pulse.h"

/*
 * Registers a node with the name, address, total, labels and heartbeat_timeout of `wanted`. A live
 * node of that name is updated instead: given values replace, labels are added. Counts as a
 * heartbeat. Fills *wanted with the record. ERR_REFUSED, ERR_USAGE (name).
 */
int node_register(struct cluster *c, struct node *wanted, struct err *e);

/* Records a beat of a node. ERR_REFUSED ("register again") if it is DEAD. */
int node_heartbeat(
    struct cluster *c, const struct node *node, uint64_t load, uint64_t free_mem, struct err *e);

/* Ends a node and everything on it, in one transaction; how: its reason, message and silence. An
 * ended node stays as it is. cause: the event that led to it, 0: the command. */
int node_end(
    struct cluster *c, struct node *node, const struct death *how, uint64_t cause, struct err *e);

int node_cordon(struct cluster *c, struct node *node, bool cordoned, struct err *e);

/* ERR_REFUSED if it is DEAD: "cannot WISH it". */
int node_living(const struct node *node, const char *wish, struct err *e);

/* Stores a changed node->total. ERR_REFUSED if leases use more than that, or an instance that would
 * disappear. */
int node_totals_set(struct cluster *c, struct node *node, struct err *e);

/* How long the node has been silent according to this beat and look, in ms; 0 if unknown. */
uint64_t node_silent_ms(const struct beat *beat, const struct look *look);

/* The verbs of the kind (state/kind.h). A draining node ends with its last lease, or at its
 * deadline. */
void node_derive(const struct kind *kind, const void *record, struct derived *to);
int node_bereft(struct cluster *c, uint64_t id, uint64_t cause, struct err *e);
int node_empty(struct cluster *c, const void *record, struct err *e);
int node_label(struct cluster *c, void *record, const struct labels *labels, struct err *e);
int node_due(struct cluster *c, struct slice key, struct err *e);
int node_restore(struct cluster *c, void *record, struct err *e);
int node_computed(struct cluster *c, void *record, const struct computed *from, struct err *e);

#endif
