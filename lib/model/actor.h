/* actor: long-running processes that keep state and are restarted if allowed. */
#ifndef MODEL_ACTOR_H
#define MODEL_ACTOR_H

#include <stdbool.h>
#include <stdint.h>
#include "rec/records.h"
#include "state/kind.h"

/* ERR_USAGE if that is not a valid number of restarts; -1 means always. */
int actor_restarts_check(int64_t most, struct err *e);

/*
 * Creates the actor described by `wanted` (name, namespace, class, demand, restarts, argv …) and
 * fills *wanted; it is placed at the end of the command, if it fits. get_or_create: returns a live
 * holder of the name instead. ERR_REFUSED (name taken), ERR_USAGE.
 */
int actor_create(struct cluster *c, struct actor *wanted, bool get_or_create, struct err *e);

/* Its first report: ALIVE. A repeated report changes only address and pid. ERR_REFUSED if it has no
 * node, or has ended. */
int actor_ready(
    struct cluster *c, struct actor *actor, uint64_t pid, const char *address, struct err *e);

/* How an actor was lost. */
struct loss {
	enum end_reason reason;
	const char *message;
	bool final;	/* it is not restarted, even if allowed */
	bool preempted; /* its node was draining: the restart is free */
	bool backoff;	/* its process failed: back off before the restart */
	uint64_t cause;
};

/* Frees its resources; RESTARTING if allowed, else DEAD. An ended actor stays as it is. */
int actor_lost(struct cluster *c, struct actor *actor, const struct loss *loss, struct err *e);

/* Places it in this bundle of its group (from 1; 0: any): 1, 0 if there is no room, -1. */
int actor_put_inside(
    struct cluster *c, struct actor *actor, uint64_t bundle, uint64_t cause, struct err *e);

/* True if it waits for resources now. */
bool actor_waits(const struct actor *actor);

/* The verbs of the kind (state/kind.h). */
void actor_derive(const struct kind *kind, const void *record, struct derived *to);
void actor_waiter(const void *record, struct waiter *to);
int actor_place(
    struct cluster *c, void *record, const struct among *nodes, uint64_t cause, struct err *e);
int actor_fits(struct cluster *c, const void *record, struct err *e);
int actor_due(struct cluster *c, struct slice key, struct err *e);
int actor_may_start(struct cluster *c, const void *record, struct worker *worker, struct err *e);
int actor_started(
    struct cluster *c, void *record, const struct worker *worker, uint64_t seq, struct err *e);
int actor_worker_ended(struct cluster *c, void *record, const struct ended *ended, struct err *e);
kind_goes actor_node_ended, actor_job_ended, actor_group_ended;
bool actor_may_move(const void *record);
bool actor_succeeded(const void *record);
int actor_computed(struct cluster *c, void *record, const struct computed *from, struct err *e);

#endif
