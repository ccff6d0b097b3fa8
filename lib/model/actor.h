/* actor: long-running workers that keep state, restarted where they may be. */
#ifndef MODEL_ACTOR_H
#define MODEL_ACTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "rec/records.h"

struct cluster;
struct derived;
struct ended;
struct err;
struct kind;
struct worker;

void actor_derive(const struct kind *kind, const void *record, struct derived *to);

/*
 * Creates what `wanted` says (name, namespace, class, demand, restarts, argv …), fills *wanted, and
 * places it if it fits now. get_or_create: a living holder of the name is returned instead.
 * ERR_REFUSED (name taken), ERR_USAGE.
 */
int actor_create(struct cluster *c, struct actor *wanted, bool get_or_create, struct err *e);

/* Its first word: ALIVE. Said again it changes address and pid only. ERR_REFUSED if it has no node,
 * or has ended. */
int actor_ready(
    struct cluster *c, struct actor *actor, uint64_t pid, const char *address, struct err *e);

/* ERR_REFUSED: it has ended, has no node, or runs already. */
int actor_may_start(const struct actor *actor, struct err *e);
/* Its process was started (seq: that event): it is ALIVE if it is ready_on_start. */
int actor_started(struct cluster *c, struct actor *actor, const struct worker *worker, uint64_t seq,
    struct err *e);
/* Its process is gone: it is lost, for good if it ended by itself. */
int actor_worker_ended(
    struct cluster *c, struct actor *actor, const struct ended *ended, struct err *e);

/* How an actor was lost. */
struct loss {
	enum end_reason reason;
	const char *message;
	bool final;	/* is not restarted, whatever it may */
	bool preempted; /* its node was being drained: free of charge */
	bool backoff;	/* its process failed: wait before it is restarted */
	uint64_t cause;
};

/* Frees what it has; RESTARTING if it may be, else DEAD. Ended ones stay as they are. */
int actor_lost(struct cluster *c, struct actor *actor, const struct loss *loss, struct err *e);

/* The actors of a node that died; drained: it was being drained, so their restart is free. */
int actors_node_ended(
    struct cluster *c, uint64_t node, bool drained, uint64_t cause, struct err *e);

/* True if it may be restarted elsewhere because its node is being drained. */
bool actor_may_move(const struct actor *actor);

/* A waiting one whose backoff is over, or one that was not ready in time. */
int actor_due(struct cluster *c, uint64_t id, struct err *e);

/* Places it on the best of these nodes (NULL: all; n of them), or in its group: 1, 0 if it fits
 * nowhere, -1. */
int actor_try(struct cluster *c, struct actor *actor, const uint64_t *nodes, size_t n,
    uint64_t cause, struct err *e);

/* Ends the actors of a job that ended, but for detached ones. */
int actors_job_ended(struct cluster *c, uint64_t job, uint64_t cause, struct err *e);

/* Places it in its group, in this bundle (from 1; 0: any): 1, 0 if there is no room, -1. */
int actor_put_inside(
    struct cluster *c, struct actor *actor, uint64_t bundle, uint64_t cause, struct err *e);

/* Ends the actors of a placement group that is removed. */
int actors_group_ended(struct cluster *c, uint64_t pg, uint64_t cause, struct err *e);

/* True if it waits for resources now. */
bool actor_waits(const struct actor *actor);

/* Fills the virtual fields. */
void actor_computed(struct cluster *c, struct actor *actor);

#endif
